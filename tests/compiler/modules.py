"""Modules of IR for tests: captured models in `models/`, random weights for them, and one way to run them whatever their state.

Each text in `models/` is the capture of a tiny configuration (hidden size 64, 2 to 4 layers) after the passes `clean` and `dead`.
"""

from pathlib import Path
from typing import Any

import torch
from tests.compiler.implementations import IMPLEMENTATIONS

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.dialect.build import Repeated, attributes
from aweigh.compiler.dialect.definition import new_context
from aweigh.compiler.emit.aten import torch_dtype
from aweigh.compiler.interpreter import Interpreter
from aweigh.kernels import mlir

MODELS = sorted(path.stem for path in (Path(__file__).parent / "models").glob("*.mlir"))
TOKENS, ROWS = 9, 2


def model_text(name: str) -> str:
    return (Path(__file__).parent / "models" / f"{name}.mlir").read_text()


def parse(text: str) -> Any:
    """A verified module in a context of its own."""
    module = mlir.ir.Module.parse(text, new_context())
    assert module.operation.verify()
    return module


def weights_of(module: Any, seed: int = 0) -> dict[str, torch.Tensor]:
    """A random tensor for every weight that a module names."""
    generator = torch.Generator().manual_seed(seed)
    found: dict[str, torch.Tensor] = {}
    for op in every_op(module):
        if op.name != "aweigh.weight":
            continue
        names = attributes(op)["name"]
        shape = tensors.read(op.results[0])
        assert shape is not None
        for name in names if isinstance(names, Repeated) else [names]:
            if name not in found:
                found[name] = _random(name, shape, generator)
    return found


def _random(name: str, shape: tensors.TensorShape, generator: torch.Generator) -> torch.Tensor:
    dims = [dim for dim in shape.dims if dim is not None]
    dtype = torch_dtype(shape.dtype)
    if not dtype.is_floating_point:
        return torch.zeros(dims, dtype=dtype)
    scale = 0.15 if len(dims) > 1 else 1.0
    return (torch.randn(dims, generator=generator) * scale).to(dtype)


def every_op(module: Any) -> list[Any]:
    """All operations of all functions, those inside loops too."""
    found: list[Any] = []

    def walk(block: Any) -> None:
        for op in read.operations(block):
            found.append(op)
            for region in op.regions:
                for inner in region.blocks:
                    walk(inner)

    for function in read.functions(module):
        walk(read.body(function))
    return found


def logits(module: Any, weights: dict[str, torch.Tensor]) -> torch.Tensor:
    """Logits of two rows of a fixed prompt, from a module before or after it is split."""
    generator = torch.Generator().manual_seed(1)
    token_ids = torch.randint(0, 200, (1, TOKENS), generator=generator)
    positions = torch.arange(TOKENS)[None]
    rows = torch.tensor([3, TOKENS - 1])
    interpreter = Interpreter(weights, IMPLEMENTATIONS)
    with module.context, torch.no_grad():
        named = {read.function_name(function): function for function in read.functions(module)}
        if "main" in named:
            return interpreter.run(named["main"], [token_ids, positions, rows])[0]
        first = interpreter.run(named["embed"], [token_ids])[0] if "embed" in named else token_ids
        hidden = interpreter.run(named["body"], [first, positions])[0]
        return interpreter.run(named["head"], [hidden[:, rows]])[0]
