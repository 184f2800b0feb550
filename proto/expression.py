"""Symbolic integers: dims and integer attributes of a Program, over the symbols of a function.

A tree of frozen nodes, as small as the job: constants, symbols and seven operators. sympy was not taken, since an engine
must evaluate untrusted expressions in bounded time: depth and size are capped where they enter (`aweigh.proto.verify`).
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass


class Operator(enum.IntEnum):
    """Values equal those of the protobuf enum `aweigh.v1.Operator`."""

    ADD = 1
    SUBTRACT = 2
    MULTIPLY = 3
    FLOOR_DIVIDE = 4
    MODULO = 5
    MINIMUM = 6
    MAXIMUM = 7


@dataclass(frozen=True, slots=True)
class Symbol:
    """The symbol at `index` of Function.symbols."""

    index: int


@dataclass(frozen=True, slots=True)
class Operation:
    operator: Operator
    left: "Expression"
    right: "Expression"


Expression = int | Symbol | Operation


def evaluate(expression: Expression, values: Sequence[int]) -> int:
    """The integer that `expression` stands for when symbol i is `values[i]`.

    Raises ZeroDivisionError where the expression divides by zero.
    """
    match expression:
        case Symbol(index):
            return values[index]
        case Operation(operator, left, right):
            return fold(operator, evaluate(left, values), evaluate(right, values))
        case _:
            return expression


def fold(operator: Operator, left: int, right: int) -> int:
    match operator:
        case Operator.ADD:
            return left + right
        case Operator.SUBTRACT:
            return left - right
        case Operator.MULTIPLY:
            return left * right
        case Operator.FLOOR_DIVIDE:
            return left // right
        case Operator.MODULO:
            return left % right
        case Operator.MINIMUM:
            return min(left, right)
        case Operator.MAXIMUM:
            return max(left, right)


def combine(operator: Operator, left: Expression, right: Expression) -> Expression:
    """An operation, folded where both sides are constants or one side changes nothing."""
    if (
        isinstance(left, int)
        and isinstance(right, int)
        and not (right == 0 and operator in (Operator.FLOOR_DIVIDE, Operator.MODULO))
    ):
        return fold(operator, left, right)
    if operator in (Operator.ADD, Operator.SUBTRACT) and right == 0:
        return left
    if operator is Operator.ADD and left == 0:
        return right
    if operator in (Operator.MULTIPLY, Operator.FLOOR_DIVIDE) and right == 1:
        return left
    if operator is Operator.MULTIPLY and left == 1:
        return right
    return Operation(operator, left, right)
