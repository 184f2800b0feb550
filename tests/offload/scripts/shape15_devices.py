"""`device_map`, `max_memory`, `model.device`, `to("cpu")`, `get_memory_footprint()`."""

import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1], device_map="auto", max_memory={"cpu": "4GiB"})
print(getattr(model, "hf_device_map", None), model.device, model.dtype, model.get_memory_footprint())
print(model.num_parameters(), model.config.hidden_size, isinstance(model, torch.nn.Module), type(model).__name__)
print([(name, tuple(value.shape), str(value.dtype)) for name, value in model.named_parameters()][:4])
print(model.lm_head.weight.is_contiguous(), model.lm_head.weight.requires_grad, model.training)
inputs = tokenizer("devices", return_tensors="pt").to(model.device)
print(model.generate(**inputs, max_new_tokens=5).tolist())
half = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.bfloat16)
print(half.dtype, half.get_memory_footprint(), half.config.dtype)
print(AutoModelForCausalLM.from_pretrained(sys.argv[1]).to(torch.bfloat16).eval().dtype)
tuned = AutoModelForCausalLM.from_pretrained(sys.argv[1], device_map={"": "cpu"})
print(tuned.device, tuned.generate(**inputs, max_new_tokens=3).tolist())
