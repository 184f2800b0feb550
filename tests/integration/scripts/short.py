"""An ordinary script that prints a few greedy tokens of two prompts."""

import sys

import torch
from transformers import AutoModelForCausalLM

model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
for start in (3, 40):
    print(model.generate(torch.arange(start, start + 19).unsqueeze(0), max_new_tokens=5, do_sample=False).tolist())
