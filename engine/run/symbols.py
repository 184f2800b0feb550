"""The symbols of a function: found from the shapes of its inputs, and what expressions over them become.

A symbol must be a whole dimension of some input: then one look at a shape gives its value, and no equation is ever solved.
"""

from collections.abc import Sequence

from torch import Tensor

from aweigh.proto.errors import InvalidRequest, ProgramInvalid
from aweigh.proto.expression import Expression, Operation, Symbol, evaluate
from aweigh.proto.program import Attribute, Function


def sources(function: Function) -> tuple[tuple[int, int], ...]:
    """For each symbol the (input, dimension) that shows its value. Raises ProgramInvalid if none does."""
    found: list[tuple[int, int]] = []
    for index, name in enumerate(function.symbols):
        places = (
            (number, dimension)
            for number, entry in enumerate(function.inputs)
            for dimension, expression in enumerate(entry.type.dims)
            if expression == Symbol(index)
        )
        place = next(places, None)
        if place is None:
            raise ProgramInvalid(f"symbol {name!r} of function {function.name!r} is no dimension of any input")
        found.append(place)
    return tuple(found)


def check_inputs(function: Function, inputs: Sequence[Tensor], values: Sequence[int]) -> None:
    """Raises InvalidRequest where an input does not have the declared shape."""
    for entry, tensor in zip(function.inputs, inputs, strict=True):
        wanted = shape(entry.type.dims, values)
        if tuple(tensor.shape) != wanted:
            raise InvalidRequest(
                f"input {entry.name!r} of {function.name!r} has shape {list(tensor.shape)}, not {list(wanted)}"
            )


def shape(dims: Sequence[Expression], values: Sequence[int]) -> tuple[int, ...]:
    """Dims as integers. Raises ProgramInvalid for a division by zero."""
    try:
        return tuple(evaluate(dim, values) for dim in dims)
    except ZeroDivisionError:
        raise ProgramInvalid("a dimension divides by zero") from None


def is_symbolic(value: Attribute) -> bool:
    """Says whether an attribute depends on symbols."""
    if isinstance(value, tuple):
        return any(is_symbolic(item) for item in value)
    return isinstance(value, Symbol | Operation)


def substitute(value: Attribute, values: Sequence[int]) -> Attribute:
    """An attribute with its expressions evaluated. Raises ProgramInvalid for a division by zero."""
    if isinstance(value, tuple):
        return tuple(substitute(item, values) for item in value)
    if not isinstance(value, Symbol | Operation):
        return value
    try:
        return evaluate(value, values)
    except ZeroDivisionError:
        raise ProgramInvalid("an attribute divides by zero") from None
