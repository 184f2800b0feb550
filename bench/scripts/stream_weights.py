"""Loads a checkpoint with runai-model-streamer once for each line that comes, and prints the seconds. Runs where that is installed.

PYTHON stream_weights.py MODEL_DIRECTORY
"""

import json
import os
import sys
import time

import torch
from runai_model_streamer import SafetensorsStreamer

file = os.path.join(sys.argv[1], "model.safetensors")


def evict() -> None:
    """Drops the file's pages from the page cache."""
    descriptor = os.open(file, os.O_RDONLY)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


print(json.dumps({"ready": 0}), flush=True)
for _ in sys.stdin:
    evict()
    begin = time.perf_counter()
    with SafetensorsStreamer() as streamer:
        streamer.stream_files([file])
        tensors = dict(streamer.get_tensors())
        there = time.perf_counter() - begin
        total = sum(int(t.reshape(-1).view(torch.uint8)[::4096].to(torch.int64).sum()) for t in tensors.values())
        seconds = time.perf_counter() - begin
    assert total
    del tensors
    print(json.dumps({"there": there, "seconds": seconds}), flush=True)
