"""Makes a model that is being loaded a stub on the `module` rung."""

import os
from typing import Any

from aweigh.compiler.client import read_checkpoint
from aweigh.compiler.offload.hollow import hollow
from aweigh.compiler.offload.pretrained import forward, trial
from aweigh.compiler.offload.pretrained.stub import ModuleStub, PartStub
from aweigh.compiler.offload.stub import attach


def offloaded(model: Any, files: list[str], load_config: Any) -> Any:
    """Returns transformers' own loading report. Nothing is compiled before the first call.

    Raises CheckpointInvalid: the model can still be loaded in earnest.
    """
    directory = os.path.dirname(os.path.abspath(files[0]))
    report = trial.load(model, read_checkpoint(directory), load_config)
    stub = ModuleStub(model, files, load_config.dtype)
    hollow(model, stub, lambda name, tensor: tensor.dtype)
    forward.install(type(model))
    for prefix, part in model.named_modules():
        if prefix and _is_part(part):
            attach(part, PartStub(part, stub, prefix))
            forward.install(type(part))
    return report


def _is_part(module: Any) -> bool:
    from transformers import PreTrainedModel

    return isinstance(module, PreTrainedModel) and type(module).__module__.startswith("transformers.")
