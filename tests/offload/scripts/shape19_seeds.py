"""Seeded sampling, a static cache, `inference_mode`."""

import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, StaticCache, set_seed

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
inputs = tokenizer("seeds", return_tensors="pt")
for seed in (1, 2):
    torch.manual_seed(seed)
    print(model.generate(**inputs, max_new_tokens=10, do_sample=True).tolist(), torch.rand(1).item())
set_seed(7)
print(model.generate(**inputs, max_new_tokens=6, do_sample=True, temperature=1.7, num_return_sequences=2).tolist())
with torch.random.fork_rng():
    print(model.generate(**inputs, max_new_tokens=4, do_sample=True).tolist())
print(torch.randint(0, 1000, (3,)).tolist())
with torch.inference_mode():
    print(model.generate(**inputs, max_new_tokens=6, cache_implementation="static").tolist())
    cache = StaticCache(config=model.config, max_cache_len=40)
    print(model.generate(**inputs, max_new_tokens=6, past_key_values=cache).tolist())
