"""Convolutions and recurrences along tokens: the opaque operators of capture become `aweigh.causal_conv`, `aweigh.scan`, `aweigh.log_scan`."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.passes.replace import raised

# Arguments of the operators in the order of their schemas (compiler/capture/operators.py): tensors, then settings.
_ARGUMENTS = {
    "causal_conv": (("x", "weight", "bias"), ("layer", "groups")),
    "select": (("query", "key", "weights"), ("layer", "count", "scale", "block")),
    "log_scan": (("query", "key", "value", "decay", "gain"), ("layer", "start", "exclusive")),
    "scan": (("query", "key", "value", "decay", "rate", "beta"), ("layer", "delta")),
}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`torch.operator "torch.aweigh.scan"` -> `aweigh.scan {state, delta}`, likewise the others; settings that are off are left out."""

    name: str = "recurrence"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            for entry in read.operations(read.body(function)):
                name = read.kind(entry).removeprefix("torch.aweigh.")
                if name in _ARGUMENTS:
                    _raise(entry, name)


def _raise(entry: Any, name: str) -> None:
    tensors, settings = _ARGUMENTS[name]
    values = list(entry.operands)
    given = dict(zip(tensors, values, strict=False))
    present = {key: value for key, value in given.items() if read.constant(value) is not None}
    said = {key: read.constant(value) for key, value in zip(settings, values[len(tensors) :], strict=True)}
    said["state"] = said.pop("layer")
    said = {key: value for key, value in said.items() if value is not None and value is not False}
    raised(entry, name, present, said, list(entry.results))
    entry.erase()
