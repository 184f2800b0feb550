"""A module of torch as an engine runs it: exported, compiled, bound to its own weights, in this process."""

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from aweigh.compiler.capture.exported import exported_bytes
from aweigh.compiler.module_compilation import compiled
from aweigh.engine.run.model import Bound, Model
from aweigh.engine.run.structure import Structure
from aweigh.kernels import load as load_kernels
from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.copies import Copies
from aweigh.memory.host_arena import HostArena
from aweigh.memory.sources import Sources
from aweigh.memory.weights import load
from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import program_from_message
from aweigh.proto.convert_manifest import manifest_from_message
from aweigh.proto.v1 import compiler_pb2


def model(
    module: nn.Module,
    inputs: tuple[Tensor, ...],
    directory: Path,
    kernels: str = "cpu",
    copies: Copies | None = None,
    **export: Any,
) -> Model:
    """The module in evaluation mode, for inputs of these sizes; `export`: more arguments of torch.export."""
    program = torch.export.export(module.eval(), inputs, strict=False, **export)
    answer = compiled(compiler_pb2.CompileRequest(graph=exported_bytes(program)))
    held = {**program.state_dict, **{name: one for name, one in program.constants.items() if isinstance(one, Tensor)}}
    save_file({name: one.detach().clone().contiguous() for name, one in held.items()}, directory / "model.safetensors")
    made = program_from_message(answer.program)
    structure = Structure(made, fingerprint(made), load_kernels(kernels), torch.device("cpu"))
    manifest = manifest_from_message(answer.manifest)
    with torch.inference_mode():
        weights = load(manifest, made.slots, Sources(Checkpoint(directory)), HostArena())
        return Model("m", structure, weights, copies)


def run(model: Model, *inputs: Tensor) -> list[Tensor]:
    """The outputs of `main`, in order."""
    bound: Bound = model.function("main")
    with torch.inference_mode():
        found = bound.run(inputs)
    return [found[str(number)] for number in range(len(found))]
