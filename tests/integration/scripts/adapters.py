"""peft's adapters over one base, all of it on the engine. Paths of the base, of two adapters built alike, and of others; one JSON on stdout."""

import json
import sys
import warnings

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

warnings.simplefilter("ignore")
base, one, two, *others = sys.argv[1:]
ids = torch.randint(3, 90, (2, 7), generator=torch.Generator().manual_seed(1))
answers = {}


def show(name, model):
    with torch.no_grad():
        logits = model(input_ids=ids).logits[:, -2:, :20].tolist()
        tokens = model.generate(input_ids=ids, max_new_tokens=8, do_sample=False)
        torch.manual_seed(5)
        drawn = model.generate(input_ids=ids[:1], max_new_tokens=6, do_sample=True)
    answers[name] = [logits, tokens.tolist(), drawn.tolist()]


loaded = AutoModelForCausalLM.from_pretrained(base)
show("base", loaded)
model = PeftModel.from_pretrained(loaded, one)
show("one", model)
model.load_adapter(two, adapter_name="two")
show("one still", model)
model.set_adapter("two")
show("two", model)
with model.disable_adapter():
    show("disabled", model)
show("two again", model)
model.set_adapter("default")
show("one again", model)
show("unloaded", model.unload())
builtin = AutoModelForCausalLM.from_pretrained(base)
builtin.load_adapter(two)
show("builtin", builtin)
builtin.disable_adapters()
show("builtin disabled", builtin)
builtin.enable_adapters()
show("builtin enabled", builtin)
for path in others:
    show(path, PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), path))
print(json.dumps(answers))
