"""`Ran`: what came of a call."""

from dataclasses import dataclass

from torch import Tensor

from aweigh.proto.errors import AweighError


@dataclass(frozen=True, slots=True)
class Ran:
    """Outputs by name, or the error; when it began, by time.monotonic, and how many seconds it took.

    `offsets`: of the outputs that were put into shared memory. `together`: calls that ran as one, this one among them."""

    outputs: dict[str, Tensor] | AweighError
    offsets: dict[str, int]
    began: float
    seconds: float
    together: int = 1
