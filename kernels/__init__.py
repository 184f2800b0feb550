"""Functions from tensors to tensors: plain torch (the oracle), Triton, and MLIR that is compiled for the CPU.

Importing this package imports neither torch nor Triton nor MLIR: a master of the interface is loaded by its name.
"""

import importlib
import importlib.util
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from aweigh.kernels.base import Kernels

NAMES = ("cpu", "reference", "triton")


def load(name: str) -> "Kernels":
    """Returns the master `name` of the kernel interface; its module is imported now.

    Raises:
        ValueError: the name is not in `NAMES`.
        ModuleNotFoundError: the library that the master needs is not installed.
    """
    if name not in NAMES:
        raise ValueError(f"There are no kernels named {name!r}: choose one of {', '.join(NAMES)}.")
    return cast("Kernels", importlib.import_module(f"aweigh.kernels.{name}").make())


def fitting(device: str) -> str:
    """Returns the name of the fastest master that a device ("cpu", "cuda", "cuda:1") can have with what is installed here."""
    if device.startswith("cuda"):
        return "triton" if importlib.util.find_spec("triton") else "reference"
    from aweigh.kernels import mlir
    from aweigh.kernels.cpu import native

    try:
        mlir.provider()
        native.openmp()
    except ModuleNotFoundError:
        return "reference"
    return "cpu"
