"""Assisted generation: with an assistant model, and by looking up the prompt."""

import sys

from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
assistant = AutoModelForCausalLM.from_pretrained(sys.argv[2])
inputs = tokenizer("assisted assisted assisted", return_tensors="pt")
print(model.generate(**inputs, max_new_tokens=12).tolist())
print(model.generate(**inputs, max_new_tokens=12, assistant_model=assistant).tolist())
print(model.generate(**inputs, max_new_tokens=12, prompt_lookup_num_tokens=3).tolist())
print(model.generate(**inputs, max_new_tokens=8, assistant_model=assistant, do_sample=True, temperature=0.7).tolist())
