"""Drive a model by hand, token by token, and tell how long each call took.

python step.py MODEL

An ordinary transformers script. A request is one line of JSON, {"steps": n, "fresh_every": m}: n calls of one token,
with a new cache after every m. Its answer is {"seconds": [...]}: one entry a call, without those that fill a new cache.
"""

import json
import os
import sys
import time

import torch
from transformers import AutoModelForCausalLM

PROMPT = [5, 6, 7, 8]

model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
model.eval()
print(json.dumps({"pid": os.getpid(), "threads": torch.get_num_threads()}), flush=True)

for line in sys.stdin:
    request = json.loads(line)
    seconds = []
    past_key_values = None
    with torch.no_grad():
        while len(seconds) < request["steps"]:
            if len(seconds) % request["fresh_every"] == 0:
                output = model(input_ids=torch.tensor([PROMPT]), use_cache=True)
                past_key_values = output.past_key_values
            token = output.logits[:, -1:].argmax(dim=-1)
            began = time.perf_counter()
            output = model(input_ids=token, past_key_values=past_key_values, use_cache=True)
            logits = output.logits
            seconds.append(time.perf_counter() - began)
            past_key_values = output.past_key_values
            assert logits.shape[:2] == (1, 1)
    print(json.dumps({"seconds": seconds}), flush=True)
