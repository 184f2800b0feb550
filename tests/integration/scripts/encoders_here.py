"""What a model with an encoder does in this process: beams, processors of the script's own, forward passes, the encoder alone, bad input."""

import sys

import torch
from transformers import AutoModelForSeq2SeqLM, LogitsProcessorList


class Own:
    def __call__(self, input_ids, scores):
        scores = scores.clone()
        scores[:, 5] += 1
        return scores


model = AutoModelForSeq2SeqLM.from_pretrained(sys.argv[1])
ids = torch.randint(3, 90, (2, 9), generator=torch.Generator().manual_seed(1))
batch = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "max_new_tokens": 6}
print(model.generate(**batch))
encoded = model.get_encoder()(ids)
print(f"{encoded[0].sum():.3f}")
print(model.generate(**batch, logits_processor=LogitsProcessorList([Own()])))
print(model.generate(**batch, num_beams=3))
print(f"{model(ids, labels=ids).loss:.4f} {model(ids, decoder_input_ids=ids[:, :3]).logits.sum():.2f}")
print(model.generate(encoder_outputs=encoded, max_new_tokens=6))
scored = model.generate(**batch, return_dict_in_generate=True, output_scores=True)
print(scored.sequences, f"{scored.scores[0].sum():.2f}")
print(model.generate(ids, attention_mask=torch.zeros_like(ids), max_new_tokens=3).shape)
for bad in (torch.full((1, 80), 5), torch.full((1, 3), 5555), torch.full((1, 3), 5.5), torch.zeros((1, 0), dtype=int)):
    try:
        print(model.generate(bad, max_new_tokens=4))
    except Exception:
        print("refused")
print(model.generate(**batch))
