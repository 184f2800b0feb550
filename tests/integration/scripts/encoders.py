"""Models with an encoder, generating: greedy and sampled, rows of unequal length, prompts of the decoder. Paths as arguments; one JSON on stdout."""

import json
import sys

import torch
from transformers import AutoConfig, AutoModelForSeq2SeqLM, AutoModelForSpeechSeq2Seq


def text(path):
    model = AutoModelForSeq2SeqLM.from_pretrained(path)
    ids = torch.randint(3, 90, (3, 9), generator=torch.Generator().manual_seed(1))
    mask = torch.ones_like(ids)
    mask[1, 6:], mask[2, :2], mask[0, 4] = 0, 0, 0
    batch = {"input_ids": ids, "attention_mask": mask}
    made = [model.generate(**batch, max_new_tokens=12)]
    made.append(model.generate(ids[:1], max_new_tokens=5, min_new_tokens=5, repetition_penalty=1.3))
    made.append(model.generate(**batch, max_new_tokens=6, decoder_input_ids=torch.tensor([[0, 5, 6]] * 3)))
    torch.manual_seed(3)
    for _ in range(2):
        made.append(model.generate(**batch, max_new_tokens=9, do_sample=True, top_k=0, num_return_sequences=2))
    return made


def speech(path):
    model = AutoModelForSpeechSeq2Seq.from_pretrained(path)
    features = torch.randn(2, 8, 60, generator=torch.Generator().manual_seed(1))
    made = [model.generate(features, max_new_tokens=12)]
    made.append(model.generate(features[:1], attention_mask=torch.ones(1, 60, dtype=torch.long), max_new_tokens=5))
    torch.manual_seed(3)
    made.append(model.generate(features, max_new_tokens=8, do_sample=True, temperature=1.3, top_k=0))
    return made


answers = {}
for path in sys.argv[1:]:
    kind = speech if AutoConfig.from_pretrained(path).model_type == "whisper" else text
    answers[path] = [*(tokens.tolist() for tokens in kind(path)), torch.rand(1).item()]
print(json.dumps(answers))
