"""peft: an adapter over a base model, several of them, switched, disabled, merged and unloaded."""

import sys
import tempfile

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

ids = torch.tensor([[1, 2, 3, 4]])


def fresh(**options):
    return AutoModelForCausalLM.from_pretrained(sys.argv[1], **options)


def show(name, model):
    with torch.no_grad():
        logits = [round(value, 2) + 0.0 for value in model(input_ids=ids).logits[0, -1, :3].tolist()]
        print(name, logits, model.generate(input_ids=ids, max_new_tokens=4, do_sample=False)[0, 4:].tolist())


def adapter(directory, seed, **options):
    torch.manual_seed(seed)
    config = LoraConfig(r=4, lora_alpha=8, init_lora_weights=False, task_type="CAUSAL_LM", **options)
    made = get_peft_model(fresh(), config)
    show("made", made)
    made.save_pretrained(directory)


with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
    adapter(one, 1, target_modules=["q_proj", "v_proj"])
    adapter(two, 2, target_modules="all-linear")
    base = fresh()
    show("base", base)
    model = PeftModel.from_pretrained(base, one)
    print(type(model).__name__, model.active_adapter, model.get_nb_trainable_parameters())
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
    merged = model.merge_and_unload()
    print(type(merged).__name__)
    show("merged", merged)
    unloaded = PeftModel.from_pretrained(fresh(), two).unload()
    show("unloaded", unloaded)
    builtin = fresh()
    builtin.load_adapter(one)
    show("builtin", builtin)
    builtin.disable_adapters()
    show("builtin disabled", builtin)
    trained = PeftModel.from_pretrained(fresh(), one, is_trainable=True)
    trained.train()
    loss = trained(input_ids=ids, labels=ids).loss
    loss.backward()
    print(round(loss.item(), 3), sum(value.grad is not None for value in trained.parameters()))
