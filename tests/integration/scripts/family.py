"""An ordinary script: greedy tokens, seeded samples and logits of the models named on the command line, as JSON."""

import json
import sys

import torch
from transformers import AutoModelForCausalLM

answers = {}
for directory in sys.argv[1:]:
    model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32)
    model.eval()
    generator = torch.Generator().manual_seed(5)
    prompt = torch.randint(3, 199, (1, 21), generator=generator)
    batch = torch.randint(3, 199, (2, 11), generator=generator)
    mask = torch.ones_like(batch)
    mask[0, :4] = 0
    greedy = model.generate(prompt, max_new_tokens=32, do_sample=False)
    padded = model.generate(batch, attention_mask=mask, max_new_tokens=8, do_sample=False, pad_token_id=0)
    torch.manual_seed(11)
    sampled = model.generate(prompt, max_new_tokens=12, do_sample=True, top_k=20, temperature=1.3, pad_token_id=0)
    draw = torch.rand(1).item()
    with torch.no_grad():
        output = model(prompt, use_cache=False)
    answers[directory] = {
        "greedy": greedy.tolist(),
        "padded": padded.tolist(),
        "sampled": sampled.tolist(),
        "draw": draw,
        "logits": output.logits[0].tolist(),
    }
json.dump(answers, sys.stdout)
