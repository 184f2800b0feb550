"""Forward passes: logits, losses, hidden states, caches of the script's own, a greedy loop by hand, positions."""

import copy
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, DynamicCache, StaticCache


def show(name, value):
    print(
        name, tuple(value.shape), str(value.dtype), [round(number, 2) + 0.0 for number in value.flatten()[-5:].tolist()]
    )


tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
inputs = tokenizer("forward pass", return_tensors="pt")
print(model(**inputs).logits.requires_grad)
loss = model(**inputs, labels=inputs["input_ids"]).loss
print(loss.requires_grad, round(loss.item(), 2))
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
torch.set_grad_enabled(False)
output = model(**inputs)
print(type(output).__name__, list(output.keys()), isinstance(output.past_key_values, DynamicCache))
show("logits", output.logits)
output = model(**inputs, output_hidden_states=True)
print(len(output.hidden_states))
show("hidden", output.hidden_states[1])
show("kept", model(**inputs, logits_to_keep=2).logits)
show("loss", model(**inputs, labels=inputs["input_ids"]).loss.reshape(1))
print(type(model(**inputs, return_dict=False)).__name__, model(**inputs, use_cache=False).past_key_values)

# a greedy loop by hand
ids, past = inputs["input_ids"], None
for _ in range(6):
    output = model(ids if past is None else ids[:, -1:], past_key_values=past, use_cache=True)
    past = output.past_key_values
    ids = torch.cat([ids, output.logits[:, -1].argmax(dim=-1, keepdim=True)], dim=1)
print(ids.tolist(), past.get_seq_length())

# one prompt's cache used twice
cache = DynamicCache()
model(ids, past_key_values=cache)
print(cache.get_seq_length())
for token in (5, 6):
    branch = copy.deepcopy(cache)
    show("branch", model(torch.tensor([[token]]), past_key_values=branch).logits)
    print(branch.get_seq_length(), cache.get_seq_length())
cache.crop(-3)
show("cropped", model(torch.tensor([[9, 8]]), past_key_values=cache).logits)
print(model.generate(torch.cat([ids, ids], dim=1), past_key_values=DynamicCache(), max_new_tokens=4).tolist())

static = StaticCache(config=model.config, max_cache_len=64)
show("static", model(ids, past_key_values=static).logits[:, -1])
print(int(static.get_seq_length()))

batch = tokenizer(["pads", "no pads at all"], return_tensors="pt", padding=True)
show("padded", model(**batch).logits[:, -1])
padded = model(**batch)
mask = torch.cat([batch["attention_mask"], torch.ones(2, 1, dtype=torch.long)], dim=1)
show("next", model(torch.tensor([[3], [4]]), attention_mask=mask, past_key_values=padded.past_key_values).logits)
show("positions", model(**inputs, position_ids=torch.arange(3, 3 + inputs["input_ids"].shape[1])[None]).logits[:, -1])
