"""An ordinary script that streams for a long time and says when the first token came."""

import sys

import torch
from transformers import AutoModelForCausalLM
from transformers.generation.streamers import BaseStreamer


class Printer(BaseStreamer):
    def put(self, value: torch.Tensor) -> None:
        print("token", flush=True)

    def end(self) -> None:
        print("end", flush=True)


model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
print("loaded", flush=True)
prompt = torch.arange(3, 13).unsqueeze(0)
try:
    model.generate(prompt, max_new_tokens=int(sys.argv[2]), do_sample=False, streamer=Printer())
except Exception:
    print("failed", flush=True)
    raise
