"""What a call costs here, and what it costs to have it made elsewhere. Estimates: they choose a place, never an answer.

Here: the operations at the speed of a core or two with its vector units, or the bytes of weights at the speed of memory, whichever takes
longer. Elsewhere: a round trip, and the bytes both ways at the speed of a socket on one machine; what the engine's device takes is left
out, as if it were nothing, so that what is sent away is never much dearer than what is not.

What a capture costs is known only afterwards, and whether it pays depends on how many calls will come, which nobody knows. So a small module
is tried here until its calls have taken as long as a capture would have (ski rental, Karlin et al. 1988: at most twice the best).
"""

import math
import os
from collections.abc import Callable
from typing import Any

Shapes = list[tuple[int, ...]]
FLOPS = 5e10  # per second, here
WIRE = 1.5e9  # bytes per second
CAPTURE = 1.0  # seconds, of a small module
_SMALL = 1 << 24  # elements of weights


def round_trip() -> float:
    """Seconds that a call without bytes takes; AWEIGH_ROUND_TRIP says it otherwise, 0: always worth it."""
    try:
        return float(os.environ.get("AWEIGH_ROUND_TRIP", "0.002"))
    except ValueError:
        return 0.002


def worth(flops: float, sent: int) -> bool:
    """Whether a piece of `flops` operations with `sent` bytes in and out is worth the trip."""
    trip = round_trip()
    return trip == 0 or flops / FLOPS > trip + sent / WIRE


def hopeless(weights: int, elements: int) -> bool:
    """Whether a call cannot be worth the trip, seen from outside: every element of the input would have to meet every weight many times."""
    return 4.0 * weights * max(elements, 1) / FLOPS < round_trip()


def rents(weights: int, spent: float) -> bool:
    """Whether the next call of a module that was never captured runs here, where `spent` seconds went into such calls. One that is large
    leaves at once: its weights alone say that a call is worth the trip."""
    return round_trip() > 0 and weights < _SMALL and spent < CAPTURE


def flops_of(program: Any) -> float:
    """Operations of an ExportedProgram at the sizes that it was captured with, multiplications and additions counted apart."""
    return sum(_flops(node) for node in program.graph.nodes if node.op == "call_function")


def _flops(node: Any) -> float:
    result = node.meta.get("val")
    results = result if isinstance(result, tuple | list) else (result,)
    made = sum(_elements(tensor) for tensor in results)
    operands = [source.meta.get("val") for source in node.all_input_nodes]
    shapes = [tuple(map(_hint, tensor.shape)) for tensor in operands if hasattr(tensor, "shape")]
    name = str(node.target).removeprefix("aten.").partition(".")[0]
    return _FORMULAS.get(name, _elementwise)(made, shapes)


def _elementwise(made: float, shapes: Shapes) -> float:
    return 4.0 * made


def _product(made: float, shapes: Shapes) -> float:
    return 2.0 * made * shapes[0][-1]


def _added_product(made: float, shapes: Shapes) -> float:
    return 2.0 * made * shapes[1][-1]


def _convolution(made: float, shapes: Shapes) -> float:
    return 2.0 * made * math.prod(shapes[1][1:])


def _attention(made: float, shapes: Shapes) -> float:
    return 4.0 * made * shapes[1][-2]


def _recurrence(made: float, shapes: Shapes) -> float:
    steps = math.prod(shapes[0][:-1])
    return 2.0 * steps * sum(math.prod(shape) for shape in shapes if len(shape) == 2)


_FORMULAS: dict[str, Callable[[float, Shapes], float]] = {
    "linear": _product, "matmul": _product, "mm": _product, "bmm": _product, "addmm": _added_product, "baddbmm": _added_product,
    "conv1d": _convolution, "conv2d": _convolution, "conv3d": _convolution, "convolution": _convolution,
    "conv_transpose1d": _convolution, "conv_transpose2d": _convolution, "conv_transpose3d": _convolution,
    "scaled_dot_product_attention": _attention, "lstm": _recurrence, "gru": _recurrence, "rnn_tanh": _recurrence, "rnn_relu": _recurrence,
}  # fmt: skip


def _elements(tensor: Any) -> float:
    return float(math.prod(map(_hint, tensor.shape))) if hasattr(tensor, "shape") else 0.0


def _hint(size: Any) -> int:
    """The size that was seen, where it is a symbol."""
    return size if isinstance(size, int) else int(size.node.hint)
