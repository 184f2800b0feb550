"""Functions from tensors to tensors: plain torch (the oracle), Triton, and MLIR that is compiled for the CPU.

Importing this package imports neither torch nor Triton nor MLIR: a master of the interface is loaded by its name.
"""

import importlib
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from aweigh.kernels.base import Kernels

NAMES = ("reference", "fast", "triton")


def load(name: str) -> "Kernels":
    """Returns the master `name` of the kernel interface; its module is imported now.

    Raises:
        ValueError: the name is not in `NAMES`.
        ModuleNotFoundError: the library that the master needs is not installed.
    """
    if name not in NAMES:
        raise ValueError(f"There are no kernels named {name!r}: choose one of {', '.join(NAMES)}.")
    return cast("Kernels", importlib.import_module(f"aweigh.kernels.{name}").make())
