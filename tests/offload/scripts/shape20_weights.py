"""Reading and writing weights: `state_dict`, `lm_head.weight`, `save_pretrained`, casts."""

import copy
import os
import sys
import tempfile

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
inputs = tokenizer("weights", return_tensors="pt")
print(model.lm_head.weight[0, :3].tolist(), model.model.norm.weight.sum().item())
print(model.get_input_embeddings()(torch.tensor([3]))[0, :2].tolist())
print(len(model.state_dict()), model.state_dict()["model.norm.weight"].mean().item())
print(model.generate(**inputs, max_new_tokens=4).tolist())
clone = copy.deepcopy(model)
print(clone.generate(**inputs, max_new_tokens=4).tolist())
with torch.no_grad():
    model.lm_head.weight[5] += 10
print(model.generate(**inputs, max_new_tokens=4).tolist(), clone.generate(**inputs, max_new_tokens=4).tolist())
clone.model.layers[0].register_forward_hook(lambda module, args, output: None)
print(clone.generate(**inputs, max_new_tokens=4).tolist())
half = AutoModelForCausalLM.from_pretrained(sys.argv[1])
print(half.bfloat16().dtype, [round(value, 1) for value in half(**inputs).logits[0, -1, :3].tolist()])
trained = AutoModelForCausalLM.from_pretrained(sys.argv[1]).train()
loss = trained(**inputs, labels=inputs["input_ids"]).loss
loss.backward()
print(round(loss.item(), 4), trained.lm_head.weight.grad.shape)
tuned = AutoModelForCausalLM.from_pretrained(sys.argv[1])
optimizer = torch.optim.SGD(tuned.parameters(), lr=0.5)
tuned(**inputs, labels=inputs["input_ids"]).loss.backward()
optimizer.step()
print(round(tuned.lm_head.weight.abs().sum().item(), 1), tuned.eval().generate(**inputs, max_new_tokens=4).tolist())
saved = AutoModelForCausalLM.from_pretrained(sys.argv[1])
with tempfile.TemporaryDirectory() as directory:
    saved.save_pretrained(directory)
    print(sorted(os.listdir(directory)))
    print(AutoModelForCausalLM.from_pretrained(directory).generate(**inputs, max_new_tokens=4).tolist())
with torch.autocast("cpu", dtype=torch.bfloat16), torch.no_grad():
    print(saved(**inputs).logits.dtype)
print(saved.generate(**inputs, max_new_tokens=4).tolist())
attentive = AutoModelForCausalLM.from_pretrained(sys.argv[1], attn_implementation="eager")
print(attentive(**inputs, output_attentions=True).attentions[0].shape)
