"""Encode texts as often as a line on stdin asks for it, one call a text.

python encode.py MODEL

An ordinary transformers script. A request is one line of JSON, {"texts": [[ids], ...]}; its answer is another,
{"began": s, "ended": s, "sums": [...]}, in seconds of the machine's monotonic clock, with a number per text that says what came out.
"""

import json
import os
import sys
import time

import torch
from transformers import AutoModel

model = AutoModel.from_pretrained(sys.argv[1])
model.eval()
print(json.dumps({"pid": os.getpid(), "threads": torch.get_num_threads()}), flush=True)

for line in sys.stdin:
    texts = [torch.tensor([ids]) for ids in json.loads(line)["texts"]]
    began = time.monotonic()
    with torch.no_grad():
        found = [model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state for ids in texts]
    ended = time.monotonic()
    print(json.dumps({"began": began, "ended": ended, "sums": [float(x[0, 0, :8].sum()) for x in found]}), flush=True)
