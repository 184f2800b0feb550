"""Which tensors of a checkpoint a Program reads as matrices of products, and as nothing else."""

from collections.abc import Collection, Sequence

from aweigh.proto.flat import Instruction, flatten
from aweigh.proto.program import Operand, Program

_MATRICES = {"linear": (1,), "merged_linear": (1,), "gated_mlp": (1, 2, 3)}
"""Operands that are matrices, by op."""


def matrices(program: Program, tensors: Sequence[str], functions: Collection[str]) -> list[str]:
    """Those of `tensors`, by slot ("": none that is one tensor), in the order of slots. `functions`: whose readers count."""
    as_matrix: set[str] = set()
    otherwise: set[str] = set()
    for function in program.functions:
        if function.name not in functions:
            continue
        flat = flatten(program, function)
        held = {entry.results[0]: tensors[_slot(entry)] for entry in flat.instructions if entry.kind == "weight"}
        for entry in flat.instructions:
            places = _MATRICES.get(entry.kind, ()) if not dict(entry.attributes).get("transposed") else ()
            for place, operand in enumerate(entry.operands):
                (as_matrix if place in places else otherwise).update(held.get(value, "") for value in _values(operand))
        otherwise.update(held.get(value, "") for value in flat.outputs.values())
    good = as_matrix - otherwise - {""}
    return [name for name in dict.fromkeys(tensors) if name in good]


def _slot(entry: Instruction) -> int:
    slot = dict(entry.attributes)["slot"]
    assert isinstance(slot, int)
    return slot


def _values(operand: Operand) -> tuple[int, ...]:
    return () if operand is None else (operand,) if isinstance(operand, int) else operand
