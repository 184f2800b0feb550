"""Quantisation: a configuration whose package or device is missing raises as it does; fp8 and ternary checkpoints run on a CPU."""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, BitNetQuantConfig, BitsAndBytesConfig, FineGrainedFP8Config
from transformers.integrations.bitnet import pack_weights

source = Path(sys.argv[1])
ids = torch.tensor([[1, 2, 3, 4]])
BLOCK = 16


def show(name, model):
    with torch.no_grad():
        logits = [round(value, 2) + 0.0 for value in model(ids).logits[0, -1, :3].float().tolist()]
        print(name, model.dtype, logits, model.generate(ids, max_new_tokens=5, do_sample=False)[0, 4:].tolist())


def attempt(name, make):
    try:
        show(name, make())
    except Exception as error:
        print(name, type(error).__name__, str(error).split("\n")[0][:120])


def load(path=source, **options):
    return AutoModelForCausalLM.from_pretrained(path, **options)


# made at load
attempt("4 bit", lambda: load(quantization_config=BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4")))
attempt("8 bit", lambda: load(quantization_config=BitsAndBytesConfig(load_in_8bit=True), device_map="auto"))
attempt("load_in_4bit", lambda: load(load_in_4bit=True))
attempt("fp8", lambda: load(quantization_config=FineGrainedFP8Config()))
for kind, options in {
    "GPTQConfig": {"bits": 4, "dataset": ["text"], "tokenizer": None},
    "AwqConfig": {"bits": 4},
    "HqqConfig": {"nbits": 4, "group_size": 64},
    "QuantoConfig": {"weights": "int8"},
    "TorchAoConfig": {"quant_type": "int8_weight_only"},
    "EetqConfig": {"weights": "int8"},
    "HiggsConfig": {"bits": 4},
    "Mxfp4Config": {},
}.items():
    attempt(kind, lambda kind=kind, options=options: load(quantization_config=getattr(transformers, kind)(**options)))


# made before: checkpoints whose configuration says how
def quantised(directory, config, convert):
    """A copy of the model's directory in which `convert` turned each projection into entries of its own."""
    shutil.copytree(source, directory, dirs_exist_ok=True)
    state = {}
    for name, tensor in load_file(source / "model.safetensors").items():
        state |= convert(name.removesuffix(".weight"), tensor) if "_proj" in name else {name: tensor}
    save_file(state, Path(directory) / "model.safetensors", {"format": "pt"})
    file = Path(directory) / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"quantization_config": config}))


def eight_bits(name, tensor):
    blocks = tensor.unfold(0, BLOCK, BLOCK).unfold(1, BLOCK, BLOCK)
    scale = blocks.abs().amax((2, 3)) / torch.finfo(torch.float8_e4m3fn).max
    spread = scale.repeat_interleave(BLOCK, 0).repeat_interleave(BLOCK, 1)
    return {name + ".weight": (tensor / spread).to(torch.float8_e4m3fn), name + ".weight_scale_inv": scale}


def ternary(name, tensor):
    scale = 1 / tensor.abs().mean()
    rounded = (tensor * scale).round().clamp(-1, 1)
    return {name + ".weight": pack_weights(rounded), name + ".weight_scale": scale.reshape(1)}


with tempfile.TemporaryDirectory() as directory:
    quantised(directory, {"quant_method": "fp8", "weight_block_size": [BLOCK, BLOCK]}, eight_bits)
    model = load(directory)
    print(model.is_quantized, model.model.layers[0].mlp.up_proj)
    show("fp8 checkpoint", model)
    show("fp8 checkpoint", load(directory, dtype=torch.float32))
    attempt("without packages", lambda: load(directory, quantization_config=BitsAndBytesConfig(load_in_8bit=True)))
with tempfile.TemporaryDirectory() as directory, torch.compiler.set_stance("force_eager"):
    quantised(directory, {"quant_method": "bitnet", "linear_class": "bitlinear"}, ternary)
    model = load(directory)
    print(model.is_quantized, model.model.layers[0].mlp.up_proj, model.get_memory_footprint())
    show("ternary checkpoint", model)
    attempt("half of a quantised model", lambda: load(directory).to(torch.float16))
    online = BitNetQuantConfig(linear_class="autobitlinear", quantization_mode="online")
    attempt("ternary at load", lambda: load(quantization_config=online))
show("not quantised", load())
