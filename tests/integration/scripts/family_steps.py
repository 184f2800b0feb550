"""An ordinary script that makes `generate` run its own loop: beams over a batch with padding, a processor, a loop by hand. As JSON."""

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
    mask[0, :4] = 0
    settings: dict[str, Any] = {"attention_mask": mask, "max_new_tokens": 8, "do_sample": False, "pad_token_id": 0}
    beams = model.generate(batch, num_beams=3, num_return_sequences=2, **settings)
    banned = model.generate(batch, logits_processor=LogitsProcessorList([Ban()]), **settings)
    by_hand = []
    hidden: list[Any] = []
    with torch.no_grad():
        output = model(batch[:1], use_cache=True)
        name = next((name for name in ("past_key_values", "cache_params") if hasattr(output, name)), "")
        if name == "past_key_values":
            states = model(batch, attention_mask=torch.ones_like(batch), output_hidden_states=True).hidden_states
            hidden = [state.mean().item() for state in states]
        for _ in range(6 if name else 0):
            token = output.logits[:, -1:].argmax(-1)
            by_hand.append(int(token))
            output = model(token, use_cache=True, **{name: getattr(output, name)})
    answers[directory] = {"beams": beams.tolist(), "banned": banned.tolist(), "by hand": by_hand, "hidden": hidden}
json.dump(answers, sys.stdout)
