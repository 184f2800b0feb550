"""Putting a raised operation in the place of the operations that it stands for."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.dialect.build import Plain, build
from aweigh.kernels import mlir


@contextmanager
def before(op: Any) -> Iterator[None]:
    """New operations stand before `op`."""
    with mlir.ir.InsertionPoint(op), op.location:
        yield


def raised(
    at: Any,
    name: str,
    operands: Mapping[str, Any],
    attributes: Mapping[str, Plain | None],
    replaced: Sequence[Any],
) -> None:
    """Builds `aweigh.<name>` before `at`, whose results take the place of the values `replaced`. Weights among the operands that
    stand later are moved before it. What is no longer read stays for the pass `dead`."""
    for value in operands.values():
        for entry in value if isinstance(value, list | tuple) else (value,):
            if entry is not None:
                hoist(entry, at)
    with before(at):
        results = build(name, operands, attributes, [value.type for value in replaced])
    for value, result in zip(replaced, results, strict=True):
        value.replace_all_uses_with(result)


def hoist(value: Any, at: Any) -> None:
    """Moves the weight that makes `value` before `at`, if it is a weight that stands behind it."""
    op = read.producer(value)
    if op is not None and op.name == "aweigh.weight" and op.block == at.block and not op.is_before_in_block(at):
        op.move_before(at)


def sole_user(value: Any) -> Any | None:
    """The one operation that reads `value`, once; None where there are more or none."""
    users = list(read.users(value))
    return users[0] if len(users) == 1 else None
