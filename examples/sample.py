"""Draw three continuations of one function, the same three for the same seed.

python examples/sample.py [SEED]
"""

import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

MODEL = Path(__file__).parent / "model"
PROMPT = "def read_lines(path):"

device = "cuda" if torch.cuda.is_available() else "cpu"
tokenizer = AutoTokenizer.from_pretrained(MODEL)
model = AutoModelForCausalLM.from_pretrained(MODEL, dtype=torch.float32).to(device)

torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
inputs = tokenizer(PROMPT, return_tensors="pt").to(device)
drawn = model.generate(**inputs, max_new_tokens=80, do_sample=True, temperature=0.7, top_p=0.95, num_return_sequences=3)
for number, text in enumerate(tokenizer.batch_decode(drawn, skip_special_tokens=True), start=1):
    print(f"# continuation {number}\n{text}")
