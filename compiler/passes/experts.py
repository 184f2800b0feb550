"""Mixtures of experts: the opaque operator of capture becomes `aweigh.experts`."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.passes.replace import raised

# Arguments of torch.ops.aweigh.experts, in the order of its schema (compiler/capture/operators.py).
_TENSORS = ("x", "indices", "weights", "gate_up", "down", "gate_up_bias", "down_bias")
_SETTINGS = ("activation", "transposed", "interleaved", "limit", "alpha")


@dataclass(frozen=True, slots=True)
class Experts:
    """`torch.operator "torch.aweigh.experts"` -> `aweigh.experts`; settings that are off are left out."""

    name: str = "experts"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            for entry in read.operations(read.body(function)):
                if read.kind(entry) == "torch.aweigh.experts":
                    _raise(entry)


def _raise(entry: Any) -> None:
    values = list(entry.operands)
    given = dict(zip(_TENSORS, values, strict=False))
    present = {name: value for name, value in given.items() if read.constant(value) is not None}
    said = {name: read.constant(value) for name, value in zip(_SETTINGS, values[len(_TENSORS) :], strict=True)}
    settings = {
        "activation": said["activation"],
        "transposed": said["transposed"] or None,
        "interleaved": said["interleaved"] or None,
        "limit": None if said["limit"] is None else float(said["limit"]),
        "alpha": None if said["alpha"] is None else float(said["alpha"]),
    }
    raised(entry, "experts", present, settings, [entry.results[0]])
    entry.erase()
