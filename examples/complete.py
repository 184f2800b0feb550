"""Continue the beginning of a Python function.

python examples/complete.py
python examples/complete.py 'def read_lines(path):'
"""

import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, TextStreamer

MODEL = Path(__file__).parent / "model"
PROMPT = "def send(self, data):"

device = "cuda" if torch.cuda.is_available() else "cpu"
tokenizer = AutoTokenizer.from_pretrained(MODEL)
model = AutoModelForCausalLM.from_pretrained(MODEL).to(device)

prompt = sys.argv[1] if len(sys.argv) > 1 else PROMPT
inputs = tokenizer(prompt, return_tensors="pt").to(device)
streamer = TextStreamer(tokenizer, skip_special_tokens=True)
model.generate(**inputs, max_new_tokens=160, do_sample=False, repetition_penalty=1.2, streamer=streamer)
