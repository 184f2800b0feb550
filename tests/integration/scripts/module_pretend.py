"""A large checkpoint, of which the script touches one tensor; and a model from it by `from_pretrained`."""

import os
import sys

import torch
from safetensors import safe_open
from transformers import AutoModel


def resident():
    with open("/proc/self/smaps_rollup") as file:
        return next(int(line.split()[1]) >> 10 for line in file if line.startswith("Rss:"))


before = resident()
model = AutoModel.from_pretrained(sys.argv[1])
with torch.no_grad():
    found = model(input_ids=torch.tensor([[1, 2, 3, 4]])).last_hidden_state
print([round(one, 4) + 0.0 for one in found.flatten()[:4].tolist()])
with safe_open(os.path.join(sys.argv[1], "model.safetensors"), "pt") as file:
    print(round(file.get_slice("pooler.dense.weight")[:2].sum().item(), 4))
with open("/proc/self/maps") as file:
    mapped = any("model.safetensors" in line for line in file)
print(resident() - before, mapped, file=sys.stderr)
