"""An ordinary script with a decoder alone, which it now and then gives an encoder's output. As JSON."""

import json
import sys
from typing import Any

import torch
from transformers import WhisperForCausalLM

model = WhisperForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
model.eval()
numbers = torch.Generator().manual_seed(0)
ids = torch.randint(4, 90, (2, 9), generator=numbers)
encoded = torch.randn(2, 30, 32, generator=numbers)
said: dict[str, Any] = {"max_new_tokens": 6, "do_sample": False, "attention_mask": torch.ones_like(ids)}
answers: dict[str, Any] = {
    "alone": model.generate(ids, **said).tolist(),
    "over an encoder's output": model.generate(ids, encoder_outputs=(encoded,), **said).tolist(),
    "alone again": model.generate(ids, **said).tolist(),
}
with torch.no_grad():
    answers["sums"] = [
        round(float(model(ids, **given).logits.sum()), 1) for given in ({}, {"encoder_outputs": (encoded,)})
    ]
json.dump(answers, sys.stdout)
