"""Logits processors, stopping criteria and allowed prefixes of the script's own, with a forward hook."""

import sys

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    LogitsProcessor,
    LogitsProcessorList,
    RepetitionPenaltyLogitsProcessor,
    StoppingCriteria,
    StoppingCriteriaList,
)


class Never(LogitsProcessor):
    def __call__(self, input_ids, scores):
        scores[:, 100:140] = -float("inf")
        return scores


class Enough(StoppingCriteria):
    def __init__(self):
        self.calls = 0

    def __call__(self, input_ids, scores, **kwargs):
        self.calls += 1
        return torch.full((input_ids.shape[0],), self.calls >= 4)


tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
inputs = tokenizer("callbacks", return_tensors="pt")
print(model.generate(**inputs, max_new_tokens=8, logits_processor=LogitsProcessorList([Never()])).tolist())
print(model.generate(**inputs, max_new_tokens=8, logits_processor=[RepetitionPenaltyLogitsProcessor(1.4)]).tolist())
print(model.generate(**inputs, max_new_tokens=6, logits_processor=[Never()], cache_implementation="static").tolist())
enough = Enough()
print(
    model.generate(**inputs, max_new_tokens=50, stopping_criteria=StoppingCriteriaList([enough])).tolist(), enough.calls
)
print(model.generate(**inputs, max_new_tokens=5, prefix_allowed_tokens_fn=lambda row, ids: [50, 51, 52]).tolist())
batch = tokenizer(["one", "two words"], return_tensors="pt", padding=True)
print(model.generate(**batch, max_new_tokens=6, logits_processor=[Never()], do_sample=True).tolist())
print(model.generate(**batch, max_new_tokens=6, num_beams=3, logits_processor=[Never()]).tolist())
seen = []
hook = model.register_forward_hook(lambda module, args, output: seen.append(tuple(output.logits.shape)))
print(model.generate(**inputs, max_new_tokens=3).tolist(), seen)
hook.remove()
