"""Left-padded batches with attention masks, several sequences per prompt, penalties, ends in the middle."""

import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
batch = tokenizer(["short", "a somewhat longer prompt", "mid size"], return_tensors="pt", padding=True)
print(batch["attention_mask"].sum(dim=1).tolist())
with torch.no_grad():
    print(tokenizer.batch_decode(model.generate(**batch, max_new_tokens=10)))
    output = model.generate(**batch, max_new_tokens=6, do_sample=True, num_return_sequences=3, top_k=20, top_p=0.9)
    print(output.shape, output.tolist())
    print(torch.rand(2).tolist())
    print(model.generate(**batch, max_new_tokens=8, repetition_penalty=1.3, no_repeat_ngram_size=2).tolist())
    # an end in the middle of a batch: the first row's third token becomes the end for all
    first = model.generate(**batch, max_new_tokens=4)[0, -2].item()
    print(model.generate(**batch, max_new_tokens=12, eos_token_id=first).tolist())
    print(model.generate(**batch, max_new_tokens=12, eos_token_id=[first, 7], min_new_tokens=5).tolist())
    right = tokenizer(["short", "a longer one"], return_tensors="pt", padding=True, padding_side="right")
    print(model.generate(**right, max_new_tokens=5).tolist())
