"""Compiles every Triton kernel ahead of time, without a GPU: `python -m aweigh.kernels.triton.aot [--quick] [TARGET ...]`.

Prints one line per kernel, variant (only the first of each kernel with --quick) and target: registers and shared memory where the compiler or the binary tells them. What
this proves is that the code compiles for these devices and fits; whether it is right is shown by the interpreter's tests.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import triton
import triton.language as tl
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from aweigh.kernels.triton.attention import attend_kernel, tiling
from aweigh.kernels.triton.jit import LAUNCH
from aweigh.kernels.triton.layer_norm import layer_norm_kernel
from aweigh.kernels.triton.resources import Resources, resources_of
from aweigh.kernels.triton.rms_norm import rms_norm_kernel
from aweigh.kernels.triton.varlen import varlen_attend_kernel, varlen_tiling
from aweigh.kernels.triton.write import write_kernel

TARGETS = {
    "sm_80": GPUTarget("cuda", 80, 32),
    "sm_90": GPUTarget("cuda", 90, 32),
    "gfx942": GPUTarget("hip", "gfx942", 64),
}
KERNELS: dict[str, Any] = {
    "attend": attend_kernel,
    "varlen_attend": varlen_attend_kernel,
    "write_kv": write_kernel,
    "rms_norm": rms_norm_kernel,
    "layer_norm": layer_norm_kernel,
}
_NAMES = {tl.float32: "fp32", tl.bfloat16: "bf16", tl.float16: "fp16"}


@dataclass(frozen=True, slots=True)
class Case:
    """One kernel with compile-time constants; `pointers` are the types behind its tensor parameters."""

    kernel: str
    variant: str
    pointers: dict[str, str]
    constants: dict[str, Any]
    floats: tuple[str, ...] = ()

    def source(self) -> ASTSource:
        """Returns what `triton.compile` takes: every other parameter is a 32-bit integer.

        Pointers and strides are multiples of 16, as the just-in-time compiler finds them; what it must not look at is not.
        """
        function = KERNELS[self.kernel]
        signature, attributes = {}, {}
        for index, name in enumerate(function.arg_names):
            if name in self.constants:
                signature[name] = "constexpr"
            elif name in self.floats:
                signature[name] = "fp32"
            else:
                signature[name] = self.pointers.get(name, "i32")
                if name not in function.do_not_specialize:
                    attributes[index,] = [["tt.divisibility", 16]]
        return ASTSource(function, signature, self.constants, attributes)


def _attend(variant: str, element: Any, heads: int, kv_heads: int, size: int, value_size: int, **flags: bool) -> Case:
    pointer = "*" + _NAMES[element]
    tables = ("addresses", "sinks_addresses", "slopes_addresses")
    names = ("HAS_SOFTCAP", "HAS_WINDOW", "HAS_CHUNK", "HAS_SINKS", "HAS_SLOPES", "HAS_BIAS")
    return Case(
        "attend",
        f"{variant} {_NAMES[element]}",
        {"out": pointer, "query": pointer, "bias": pointer, **dict.fromkeys(tables, "*i64")}
        | dict.fromkeys(("starts", "contexts", "table"), "*i32"),
        {
            "B": 16,
            **dict.fromkeys(("KEY_TYPE", "VALUE_TYPE"), element),
            **dict.fromkeys(("SINKS_TYPE", "SLOPES_TYPE"), tl.float32),
            **dict.fromkeys(names, False),
            "CAUSAL": True,
            "ALIGNED": True,
            **flags,
            **tiling(heads, kv_heads, size, value_size),
        },
        ("scale", "softcap"),
    )


def _varlen(variant: str, element: Any, heads: int, kv_heads: int, size: int, **flags: bool) -> Case:
    names = ("HAS_WINDOW", "HAS_VISIBLE", "HAS_FLOOR")
    return Case(
        "varlen_attend",
        f"{variant} {_NAMES[element]}",
        dict.fromkeys(("out", "query", "key", "value"), "*" + _NAMES[element]) | {"visible": "*i64", "starts": "*i32"},
        {
            **dict.fromkeys(names, False),
            **flags,
            **varlen_tiling(heads, kv_heads, size, size, element.primitive_bitwidth // 8),
        },
        ("scale", "floor"),
    )


def cases() -> Iterator[Case]:
    """Yields every kernel in the variants that differ in code."""
    for element in (tl.bfloat16, tl.float16, tl.float32):
        yield _attend("32/8 heads of 128", element, 32, 8, 128, 128)
    yield _attend("14/2 heads of 64, window", tl.bfloat16, 14, 2, 64, 64, HAS_WINDOW=True)
    yield _attend("8/4 heads of 256, softcap, window", tl.bfloat16, 8, 4, 256, 256, HAS_SOFTCAP=True, HAS_WINDOW=True)
    yield _attend("64/8 heads of 64, sinks", tl.bfloat16, 64, 8, 64, 64, HAS_SINKS=True)
    yield _attend("40/8 heads of 128, chunk", tl.bfloat16, 40, 8, 128, 128, HAS_CHUNK=True)
    yield _attend("16/16 heads of 192 and 128, slopes", tl.bfloat16, 16, 16, 192, 128, HAS_SLOPES=True)
    yield _attend("8/8 heads of 64, bias", tl.bfloat16, 8, 8, 64, 64, HAS_BIAS=True)
    yield _attend("12/12 heads of 64, both ways", tl.bfloat16, 12, 12, 64, 64, CAUSAL=False)
    for element in (tl.bfloat16, tl.float16, tl.float32):
        yield _varlen("12/12 heads of 64", element, 12, 12, 64)
    yield _varlen(
        "12/12 heads of 64, window, mask, floor",
        tl.bfloat16,
        12,
        12,
        64,
        HAS_WINDOW=True,
        HAS_VISIBLE=True,
        HAS_FLOOR=True,
    )
    yield _varlen("16/4 heads of 256", tl.float32, 16, 4, 256)
    for element in (tl.bfloat16, tl.float32):
        name = _NAMES[element]
        row = dict.fromkeys(("out", "total", "x", "residual"), "*" + name)
        sizes = {"C": 4096, "C_PAD": 4096, "HAS_RESIDUAL": True, "HAS_WEIGHT": True, "WEIGHT_TYPE": element}
        yield Case(
            "write_kv",
            name,
            {"key": "*" + name, "value": "*" + name, "addresses": "*i64", "slots": "*i64"},
            {"B": 16, "D": 128, "E": 128, "D_PAD": 128, "E_PAD": 128, "KEY_TYPE": element, "VALUE_TYPE": element},
        )
        for before in (True, False):
            yield Case(
                "rms_norm",
                f"4096 {'before' if before else 'after'} weight {name}",
                {**row, "addresses": "*i64"},
                {**sizes, "BEFORE_WEIGHT": before},
                ("epsilon", "offset"),
            )
        yield Case(
            "layer_norm",
            f"4096 {name}",
            {**row, "weight_addresses": "*i64", "bias_addresses": "*i64"},
            {**sizes, "HAS_BIAS": True, "BIAS_TYPE": element},
            ("epsilon",),
        )


def compile_case(case: Case, target: str) -> Resources:
    """Compiles one case for one of TARGETS and returns what it needs of the device.

    Raises:
        Exception: whatever the compiler raises when it cannot.
    """
    return resources_of(triton.compile(case.source(), target=TARGETS[target], options=LAUNCH))


def main(arguments: Sequence[str]) -> None:
    """Prints the table for the targets named, all by default.

    Raises:
        ValueError: an argument is neither --quick nor a target.
    """
    targets = [name for name in arguments if name != "--quick"] or list(TARGETS)
    for name in targets:
        if name not in TARGETS:
            raise ValueError(f"There is no target {name!r}: choose from {', '.join(TARGETS)}.")
    print(
        f"{'kernel':<15}{'variant':<44}{'target':<9}{'registers':>10}{'stack':>8}{'shared':>9}{'warps':>7}{'code':>9}"
    )
    seen: set[str] = set()
    for case in cases():
        if case.kernel in seen and "--quick" in arguments:
            continue
        seen.add(case.kernel)
        for target in targets:
            found = compile_case(case, target)
            registers = "?" if found.registers is None else str(found.registers)
            stack = "?" if found.stack is None else str(found.stack)
            print(
                f"{case.kernel:<15}{case.variant:<44}{target:<9}{registers:>10}{stack:>8}{found.shared:>9}"
                f"{found.warps:>7}{found.code:>9}",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
