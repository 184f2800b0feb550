"""Encodes texts of changing sizes, in a few threads: `python embed.py MODEL SEED`."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import torch
from transformers import AutoModelForSequenceClassification, logging

logging.set_verbosity_error()
model = AutoModelForSequenceClassification.from_pretrained(sys.argv[1])


def encode(seed):
    generator = torch.Generator().manual_seed(seed)
    rows, longest = (int(torch.randint(1, most, (), generator=generator)) for most in (4, 30))
    ids = torch.randint(3, 99, (rows, longest + 1), generator=generator)
    lengths = torch.randint(1, longest + 2, (rows, 1), generator=generator)
    mask = (torch.arange(longest + 1) < lengths).long()
    with torch.no_grad():
        return model(input_ids=ids.masked_fill(mask == 0, 1), attention_mask=mask).logits.tolist()


with ThreadPoolExecutor(3) as pool:
    print(json.dumps(list(pool.map(encode, range(100 * int(sys.argv[2]), 100 * int(sys.argv[2]) + 30)))))
