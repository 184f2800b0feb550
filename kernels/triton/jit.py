"""`triton.jit` with a type, so that type checkers read the files of kernels."""

from collections.abc import Callable, Sequence
from typing import Any

import triton

LAUNCH: dict[str, Any] = {"enable_fp_fusion": False}
"""Options of every launch. No contraction of a product and a sum: torch rounds both, and the default differs by release."""


def kernel(run_time: Sequence[str] = ()) -> Callable[[Callable[..., Any]], Any]:
    """Makes a function a Triton kernel, launched as `function[grid](...)`.

    Args:
        run_time: integer parameters whose values must not be compiled in (1 and multiples of 16 would be): table entries,
            counts, and whatever else changes from step to step.
    """

    def make(function: Callable[..., Any]) -> Any:
        return triton.jit(function, do_not_specialize=list(run_time))

    return make
