"""`trust_remote_code`: modelling files that come with a checkpoint, a model of its own making and a subclass of one that is known."""

import json
import os
import sys
import tempfile
from pathlib import Path

import torch

CONFIGURATION = """
from transformers import LlamaConfig, PretrainedConfig

class PlainConfig(PretrainedConfig):
    model_type = "plain"
    def __init__(self, vocab_size=40, hidden_size=16, num_hidden_layers=2, **rest):
        self.vocab_size, self.hidden_size, self.num_hidden_layers = vocab_size, hidden_size, num_hidden_layers
        super().__init__(**rest)

class ScaledConfig(LlamaConfig):
    model_type = "scaled"
"""
MODELLING = """
import torch
from torch import nn
from transformers import GenerationMixin, LlamaForCausalLM, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutputWithPast
from .configuration import PlainConfig, ScaledConfig

CALLS = []

class PlainModel(PreTrainedModel, GenerationMixin):
    config_class = PlainConfig
    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(nn.Linear(config.hidden_size, config.hidden_size) for _ in range(config.num_hidden_layers))
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
    def forward(self, input_ids, attention_mask=None, labels=None, **rest):
        CALLS.append(tuple(input_ids.shape))
        hidden = self.embed(input_ids).cumsum(1)
        for layer in self.layers:
            hidden = hidden + torch.tanh(layer(hidden))
        return CausalLMOutputWithPast(logits=self.head(hidden))

class ScaledForCausalLM(LlamaForCausalLM):
    config_class = ScaledConfig
    def forward(self, *args, **kwargs):
        output = super().forward(*args, **kwargs)
        output.logits = output.logits * 0.5
        return output
"""


def publish(directory, name, config, weights):
    """A checkpoint with its own code, as one would find it on a hub."""
    from safetensors.torch import save_file

    (directory / "configuration.py").write_text(CONFIGURATION)
    (directory / "modelling.py").write_text(MODELLING)
    auto_map = {"AutoConfig": f"configuration.{config.pop('kind')}", "AutoModelForCausalLM": f"modelling.{name}"}
    (directory / "config.json").write_text(json.dumps({**config, "architectures": [name], "auto_map": auto_map}))
    save_file(weights, directory / "model.safetensors", {"format": "pt"})


def show(model):
    ids = torch.tensor([[1, 2, 3]])
    with torch.no_grad():
        print([round(value, 3) for value in model(ids).logits[0, -1, :3].tolist()])
        print(model.generate(ids, max_new_tokens=5, do_sample=False).tolist())
        torch.manual_seed(2)
        print(model.generate(ids, max_new_tokens=4, do_sample=True, num_beams=2).tolist())


with tempfile.TemporaryDirectory() as home:
    os.environ["HF_MODULES_CACHE"] = home + "/modules"
    from safetensors.torch import load_file
    from transformers import AutoConfig, AutoModelForCausalLM, dynamic_module_utils

    dynamic_module_utils.HF_MODULES_CACHE = home + "/modules"
    torch.manual_seed(4)
    shapes = {"embed.weight": (40, 16), "head.weight": (40, 16)}
    shapes |= {
        f"layers.{layer}.{kind}": (16,) * (1 + (kind == "weight")) for layer in (0, 1) for kind in ("weight", "bias")
    }
    plain, scaled = Path(home) / "plain_code", Path(home) / "scaled_code"
    plain.mkdir()
    scaled.mkdir()
    publish(
        plain,
        "PlainModel",
        {"kind": "PlainConfig", "model_type": "plain"},
        {name: torch.randn(size) for name, size in shapes.items()},
    )
    known = json.loads((Path(sys.argv[1]) / "config.json").read_text()) | {
        "kind": "ScaledConfig",
        "model_type": "scaled",
    }
    publish(scaled, "ScaledForCausalLM", known, load_file(Path(sys.argv[1]) / "model.safetensors"))
    for directory in (plain, scaled):
        try:
            AutoModelForCausalLM.from_pretrained(directory, trust_remote_code=False)
        except Exception as error:
            print(type(error).__name__, "trust_remote_code" in str(error))
        model = AutoModelForCausalLM.from_pretrained(directory, trust_remote_code=True)
        print(
            type(model).__name__, type(model).__module__.startswith("transformers_modules"), type(model.config).__name__
        )
        show(model)
        print(len(sys.modules[type(model).__module__].CALLS) > 0 or "a subclass")
    print(AutoConfig.from_pretrained(scaled, trust_remote_code=True).hidden_size)
