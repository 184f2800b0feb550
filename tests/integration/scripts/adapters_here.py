"""Adapters that are changed, and calls that only this process can answer. Paths of a base and of two adapters; one JSON on stdout."""

import copy
import json
import os
import pickle
import shutil
import sys
import tempfile
import warnings

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

warnings.simplefilter("ignore")
base, one, two = sys.argv[1:]
ids = torch.randint(3, 90, (2, 7), generator=torch.Generator().manual_seed(1))
answers = {}


def fresh(path=one, **said):
    return PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), path, **said)


def show(name, model, **said):
    output = model(input_ids=said.pop("ids", ids), **said)
    answers[name] = output.logits[:, -1, :20].tolist()
    return output


def of_adapter(model, adapter="default"):
    return [value for name, value in model.named_parameters() if f".{adapter}." in name]


def written():
    model = fresh()
    show("as loaded", model)
    of_adapter(model)[1].mul_(1.5)
    show("multiplied", model)
    of_adapter(model)[0].data.add_(0.1)
    show("through .data", model)
    of_adapter(model)[3].numpy()[:] += 0.2
    show("through numpy", model)
    answers["generated"] = model.generate(input_ids=ids, max_new_tokens=4, do_sample=False).tolist()
    model.load_state_dict(
        {name: value * 2 for name, value in model.state_dict().items() if "lora_A" in name}, strict=False
    )
    show("another state", model)


def replaced_file():
    with tempfile.TemporaryDirectory() as other:
        shutil.copytree(one, other, dirs_exist_ok=True)
        model = fresh(other)
        shutil.copy(os.path.join(two, "adapter_model.safetensors"), other)
        show("its file is another by now", model)


def caches():
    model = fresh(adapter_name="a")
    model.load_adapter(two, adapter_name="b")
    cache = show("a", model, use_cache=True).past_key_values
    model.set_adapter("b")
    show("b over a's keys", model, ids=ids[:, :1], past_key_values=cache)
    cache = show("b", model, use_cache=True).past_key_values
    with model.disable_adapter():
        show("none over b's keys", model, ids=ids[:, :2], past_key_values=cache)
    cache = model(input_ids=ids, use_cache=True).past_key_values
    show("b over b's keys", model, ids=ids[:, :2], past_key_values=cache)
    model.set_adapter("a")
    show("a again", model)


def states():
    model = fresh(adapter_name="a")
    for module in model.modules():
        if isinstance(scaling := getattr(module, "scaling", None), dict):
            scaling["a"] *= 0.5
    show("scaled", model)
    model = fresh(adapter_name="a")
    inner = next(module for module in model.modules() if hasattr(module, "lora_A")).lora_A["a"]
    handle = inner.register_forward_hook(lambda module, given, found: found * 2)
    show("hooked", model)
    handle.remove()
    show("unhooked", model)
    inner.forward = lambda x: torch.zeros(*x.shape[:-1], inner.out_features)
    show("its forward replaced", model)
    model = fresh(adapter_name="a")
    model.load_adapter(two, adapter_name="b")
    model.base_model.set_adapter(["a", "b"])
    show("both", model)
    for way in ("linear", "cat"):
        model.add_weighted_adapter(["a", "b"], [0.5, 0.7], way, combination_type=way)
        model.eval()
        model.set_adapter(way)
        show(way, model)
    model.delete_adapter("cat")
    model.set_adapter("a")
    show("deleted", model)
    show("copied", copy.deepcopy(model))
    show("pickled", pickle.loads(pickle.dumps(model)))
    model.half()
    answers["half"] = model(input_ids=ids).logits.shape


def merged():
    model = fresh()
    show("to be merged", model)
    model.merge_adapter()
    show("merged", model)
    model.unmerge_adapter()
    show("unmerged", model)
    whole = fresh(two).merge_and_unload()
    show("merged and unloaded", whole)
    answers["whole"] = whole.generate(input_ids=ids, max_new_tokens=4, do_sample=False).tolist()


def gradients():
    model = fresh(is_trainable=True).eval()
    with torch.enable_grad():
        logits = model(input_ids=ids).logits
        logits[:, -1].logsumexp(-1).sum().backward()
    answers["gradients"] = [value.grad.abs().sum().item() for value in of_adapter(model)[:4]]
    model = fresh(adapter_name="a")
    model.load_adapter(two, adapter_name="b")
    model.set_adapter("b")
    with torch.enable_grad():
        logits = model(input_ids=ids).logits
        model.set_adapter("a")
        model.set_adapter("b")
        logits[:, -1].logsumexp(-1).sum().backward()
        answers["gradients of b"] = [value.grad.abs().sum().item() for value in of_adapter(model, "b")[:4]]
        logits = model(input_ids=ids).logits
        with torch.no_grad():
            of_adapter(model, "b")[1].mul_(2)
        try:
            logits.sum().backward()
        except RuntimeError as error:
            answers["written to meanwhile"] = str(error)[:80]
    torch.manual_seed(3)
    made = get_peft_model(AutoModelForCausalLM.from_pretrained(base), LoraConfig(r=2, target_modules=["q_proj"]))
    made.train()
    with torch.enable_grad():
        made(input_ids=ids, labels=ids).loss.backward()
    answers["training"] = [value.grad.abs().sum().item() for value in of_adapter(made)[:4]]
    show("made", made.eval())


def refusals():
    with tempfile.TemporaryDirectory() as broken:
        shutil.copytree(one, broken, dirs_exist_ok=True)
        path = os.path.join(broken, "adapter_model.safetensors")
        for length in (7, 100, os.path.getsize(path) - 10):
            shutil.copy(os.path.join(one, "adapter_model.safetensors"), path)
            os.truncate(path, length)
            try:
                show(f"cut to {length}", fresh(broken))
            except Exception as error:
                answers[f"cut to {length}"] = [type(error).__name__, str(error).replace(broken, "")]
    with tempfile.TemporaryDirectory() as wide:
        small = AutoModelForCausalLM.from_config(
            type(AutoModelForCausalLM.from_pretrained(base).config)(
                hidden_size=48, num_attention_heads=2, num_hidden_layers=1, intermediate_size=48, vocab_size=99
            )
        )
        get_peft_model(small, LoraConfig(r=4, target_modules=["q_proj", "v_proj"])).save_pretrained(wide)
        try:
            show("of another base", fresh(wide))
        except Exception as error:
            answers["of another base"] = [type(error).__name__, str(error)]
    with tempfile.TemporaryDirectory() as gone:
        shutil.copytree(one, gone, dirs_exist_ok=True)
        os.unlink(os.path.join(gone, "adapter_model.safetensors"))
        try:
            fresh(gone)
        except Exception as error:
            answers["of no weights"] = type(error).__name__


with torch.no_grad():
    for part in (written, replaced_file, caches, states, merged, gradients, refusals):
        part()
print(json.dumps(answers))
