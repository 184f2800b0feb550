"""An ordinary script with calls that are rarely made, for each model named on the command line. As JSON."""

import json
import sys

import torch
from transformers import AutoModelForCausalLM


def failure(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except Exception as error:
        return type(error).__name__
    return "none"


answers = {}
for directory in sys.argv[1:]:
    torch.manual_seed(3)
    model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32)
    found = {"draw after loading": torch.rand(1).item()}
    ids = torch.randint(3, 199, (2, 12), generator=torch.Generator().manual_seed(7))
    left, right = torch.ones_like(ids), torch.ones_like(ids)
    left[0, :4] = 0
    right[0, 8:] = 0
    found["int32"] = str(model.generate(ids.int(), max_new_tokens=2, do_sample=False).dtype)
    found["counted"] = model.generate(ids, max_new_tokens=2, do_sample=True, top_k=2**40, num_beams=1).shape[1]
    with torch.no_grad():
        output = model(ids, attention_mask=left)
        found["left padding"] = output.logits[:, 4:].flatten()[::7].tolist()
        named = torch.tensor([1, 5])
        found["columns by name"] = model(ids, attention_mask=left, logits_to_keep=named).logits.flatten()[::7].tolist()
        output = model(ids, attention_mask=right, use_cache=True)
        for step in range(9):
            if "past_key_values" not in output:
                break
            right = torch.cat([right, torch.ones((2, 1), dtype=torch.long)], dim=1)
            output = model(ids[:, :1] + step, attention_mask=right, past_key_values=output.past_key_values)
        found["right padding, then more"] = output.logits[:, -1].flatten()[::7].tolist()
        before = torch.random.get_rng_state()
        model(ids, output_attentions=True)
        found["draws of a local run"] = int((before != torch.random.get_rng_state()).sum())
        found["three dimensions"] = failure(model, ids[:, :, None], output_hidden_states=True)
        found["afterwards"] = model(ids).logits.flatten()[::13].tolist()
        found["float ids"] = failure(model, ids.float())
        found["a mask too short"] = failure(model.generate, ids, attention_mask=left[:, 1:], max_new_tokens=2)
    answers[directory.rpartition("/")[2]] = found
json.dump(answers, sys.stdout)
