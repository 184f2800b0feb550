"""An ordinary script with models that keep a state of their own kind, no cache of transformers. As JSON."""

import json
import sys
from typing import Any

import torch
from transformers import AutoModelForCausalLM, LogitsProcessor, LogitsProcessorList


class Ban(LogitsProcessor):
    def __call__(self, input_ids: Any, scores: Any) -> Any:
        scores[:, 5] = -1e9
        return scores


answers = {}
for directory in sys.argv[1:]:
    model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32)
    model.eval()
    numbers = torch.Generator().manual_seed(5)
    batch = torch.randint(3, 199, (2, 11), generator=numbers)
    mask = torch.ones_like(batch)
    settings: dict[str, Any] = {"max_new_tokens": 8, "pad_token_id": 0}
    answer: dict[str, Any] = answers.setdefault(directory, {})
    answer["greedy"] = model.generate(batch[:1], do_sample=False, **settings).tolist()
    torch.manual_seed(3)
    answer["sampled"] = model.generate(batch[:1], do_sample=True, top_k=9, **settings).tolist()
    answer["without"] = model.generate(
        batch, attention_mask=mask, do_sample=False, use_cache=False, **settings
    ).tolist()
    answer["hidden"] = [model(batch, use_cache=False).logits.mean().item(), model(batch).logits.mean().item()]
    answer["rows"] = model.generate(batch, attention_mask=mask, do_sample=False, **settings).tolist()
    answer["banned"] = model.generate(
        batch, attention_mask=mask, do_sample=False, logits_processor=LogitsProcessorList([Ban()]), **settings
    ).tolist()
    mask[0, :4] = 0
    answer["padded"] = model.generate(batch, attention_mask=mask, do_sample=False, **settings).tolist()
    try:
        answer["beams"] = model.generate(batch[:1], num_beams=2, do_sample=False, **settings).tolist()
    except ValueError as error:
        answer["beams"] = str(error)
    by_hand = answer["by hand"] = []
    with torch.no_grad():
        output = model(batch[:1], use_cache=True)
        name = next(name for name in ("cache_params", "state") if hasattr(output, name))
        for _ in range(6):
            token = output.logits[:, -1:].argmax(-1)
            by_hand.append(int(token))
            output = model(token, use_cache=True, **{name: getattr(output, name)})
json.dump(answers, sys.stdout)
