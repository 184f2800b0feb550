"""An ordinary script with a token loop of its own, that stops in the middle until it reads a line."""

import sys

import torch
from transformers import AutoModelForCausalLM

model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
with torch.no_grad():
    output = model(torch.arange(3, 23).unsqueeze(0), use_cache=True)
    print("computed", flush=True)
    sys.stdin.readline()
    token = output.logits[:, -1:].argmax(-1)
    output = model(token, past_key_values=output.past_key_values, use_cache=True)
print(output.logits.argmax().item())
