"""Run a network as often as a line on stdin asks for it, and tell when each call began and ended.

python forward.py NETWORK WEIGHTS

An ordinary script of torch: a module of its own, its weights from a safetensors file. A request is one line of JSON,
{"seed": n, "batch": n, "calls": n, "threads": n}; its answer is another, {"calls": [[began, ended], ...], "some": [...]}, in seconds of the
machine's monotonic clock, with some numbers of the last call's outputs.
"""

import json
import os
import sys
import time

import torch
from networks import NETWORKS
from safetensors.torch import load_file

network = NETWORKS[sys.argv[1]]()
network.load_state_dict(load_file(sys.argv[2]))
network.eval()
print(json.dumps({"pid": os.getpid(), "threads": torch.get_num_threads()}), flush=True)

for line in sys.stdin:
    request = json.loads(line)
    torch.set_num_threads(request["threads"])
    torch.manual_seed(request["seed"])
    inputs = network.inputs(request["batch"])
    calls = []
    with torch.inference_mode():
        for _ in range(request["calls"]):
            began = time.monotonic()
            outputs = network(*inputs)
            calls.append((began, time.monotonic()))
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    some = [value for output in outputs for value in output.flatten()[:: max(output.numel() // 100, 1)].tolist()]
    print(json.dumps({"calls": calls, "some": some}), flush=True)
