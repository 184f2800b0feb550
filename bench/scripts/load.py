"""Load a model (or only the libraries), answer once if asked, and wait to be looked at.

python load.py MODEL
python load.py MODEL --without-model
"""

import json
import os
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
prompt = tokenizer("def main():\n", return_tensors="pt")
model = None if "--without-model" in sys.argv else AutoModelForCausalLM.from_pretrained(sys.argv[1])
print(json.dumps({"pid": os.getpid(), "threads": torch.get_num_threads()}), flush=True)

for _ in sys.stdin:
    text = ""
    if model is not None:
        text = tokenizer.decode(model.generate(**prompt, max_new_tokens=8, do_sample=False, pad_token_id=0)[0])
    print(json.dumps({"text": text}), flush=True)
