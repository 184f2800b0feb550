"""Generate as often as a line on stdin asks for it, and tell when each token came.

python answer.py MODEL

An ordinary transformers script. A request is one line of JSON, {"prompt": [ids], "new_tokens": n}; its answer is
another, {"began": s, "times": [s, ...], "ids": [...]}, in seconds of the machine's monotonic clock.
"""

import json
import os
import sys
import time

import torch
from transformers import AutoModelForCausalLM
from transformers.generation import BaseStreamer


class Clock(BaseStreamer):
    """Notes when each token arrives."""

    def __init__(self):
        self.times = []

    def put(self, value):
        self.times.append(time.monotonic())

    def end(self):
        pass


model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
model.eval()
print(json.dumps({"pid": os.getpid(), "threads": torch.get_num_threads()}), flush=True)

for line in sys.stdin:
    request = json.loads(line)
    prompt = torch.tensor([request["prompt"]])
    clock = Clock()
    began = time.monotonic()
    new = request["new_tokens"]
    output = model.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        do_sample=False,
        max_new_tokens=new,
        min_new_tokens=new,
        pad_token_id=0,
        streamer=clock,
    )
    ids = output[0, prompt.shape[1] :].tolist()
    # The first call of the streamer shows the prompt.
    print(json.dumps({"began": began, "times": clock.times[1:], "ids": ids}), flush=True)
