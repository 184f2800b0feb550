"""An ordinary script with calls of every kind: two whole loops, one with a processor of its own, beams, passes, one with attentions."""

import sys

import torch
from transformers import AutoModelForCausalLM, LogitsProcessor


class Ban(LogitsProcessor):
    def __call__(self, input_ids, scores):
        return scores


model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
prompt = torch.arange(3, 13)[None]
model.generate(prompt, max_new_tokens=4, do_sample=False)
model.generate(prompt, max_new_tokens=4, do_sample=False)
model.generate(prompt, max_new_tokens=4, do_sample=False, logits_processor=[Ban()])
model.generate(prompt, max_new_tokens=3, do_sample=False, num_beams=2)
with torch.no_grad():
    model(prompt)
    model(prompt, output_attentions=True)
