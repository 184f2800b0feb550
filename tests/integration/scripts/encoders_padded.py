"""Prompts of a decoder: of one token, of several, and with padding inside."""

import sys

import torch
from transformers import AutoModelForSeq2SeqLM

model = AutoModelForSeq2SeqLM.from_pretrained(sys.argv[1]).eval()
ids = torch.tensor([[5, 6, 7, 8, 9]])
for prompt in ([2], [2, 11, 12], [2, 1, 12, 13]):
    print(model.generate(ids, decoder_input_ids=torch.tensor([prompt]), max_new_tokens=8).tolist())
