"""Every Triton kernel, in the variants that differ in code, as ahead-of-time compilation takes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import triton.language as tl
from triton.compiler import ASTSource

from aweigh.kernels.triton.attention import SPAN
from aweigh.kernels.triton.experts import BLOCK as FEATURES
from aweigh.kernels.triton.experts import STEP as COLUMNS
from aweigh.kernels.triton.gate import BLOCK, FORMULAS, gate_kernel
from aweigh.kernels.triton.grouped import grouped_kernel, weighted_sum_kernel
from aweigh.kernels.triton.layer_norm import layer_norm_kernel
from aweigh.kernels.triton.linear import FEW_ROWS, MANY_ROWS, MERGED, step_of
from aweigh.kernels.triton.low_bit import KINDS, low_bit_kernel, low_bit_merge_kernel
from aweigh.kernels.triton.merge import merge_kernel
from aweigh.kernels.triton.paged import attend_kernel
from aweigh.kernels.triton.rms_norm import rms_norm_kernel
from aweigh.kernels.triton.rotary import rotary_kernel
from aweigh.kernels.triton.sample import BLOCK as SCORES
from aweigh.kernels.triton.sample import best_kernel, draw_kernel
from aweigh.kernels.triton.tiles import tiling
from aweigh.kernels.triton.varlen import varlen_attend_kernel, varlen_tiling
from aweigh.kernels.triton.write import write_kernel

KERNELS: dict[str, Any] = {
    "attend": attend_kernel,
    "merge": merge_kernel,
    "varlen_attend": varlen_attend_kernel,
    "write_kv": write_kernel,
    "rms_norm": rms_norm_kernel,
    "layer_norm": layer_norm_kernel,
    "rotary": rotary_kernel,
    "gate": gate_kernel,
    "low_bit": low_bit_kernel,
    "low_bit_merge": low_bit_merge_kernel,
    "grouped": grouped_kernel,
    "weighted_sum": weighted_sum_kernel,
    "best": best_kernel,
    "draw": draw_kernel,
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
        | dict.fromkeys(("starts", "contexts", "table"), "*i32")
        | dict.fromkeys(("tops", "totals", "accs"), "*fp32"),
        {
            "B": 16,
            **dict.fromkeys(("KEY_TYPE", "VALUE_TYPE"), element),
            **dict.fromkeys(("SINKS_TYPE", "SLOPES_TYPE"), tl.float32),
            **dict.fromkeys(names, False),
            "CAUSAL": True,
            "ALIGNED": True,
            "SPAN": SPAN,
            "SPLIT": False,
            **flags,
            **tiling(heads, kv_heads, size, value_size),
        },
        ("scale", "softcap"),
    )


def _merge(variant: str, element: Any, heads: int, kv_heads: int, value_size: int, **flags: bool) -> Case:
    shapes = tiling(heads, kv_heads, value_size, value_size)
    return Case(
        "merge",
        f"{variant} {_NAMES[element]}",
        {"out": "*" + _NAMES[element], "sinks_addresses": "*i64"}
        | dict.fromkeys(("starts", "contexts"), "*i32")
        | dict.fromkeys(("tops", "totals", "accs"), "*fp32"),
        {
            **dict.fromkeys(("HAS_WINDOW", "HAS_CHUNK", "HAS_SINKS"), False),
            "CAUSAL": True,
            "SINKS_TYPE": tl.float32,
            "SPAN": SPAN,
            **flags,
            **{name: shapes[name] for name in ("G", "E", "E_PAD", "Q", "ROWS")},
        },
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


def _rotary(variant: str, element: Any, heads: int, size: int, pairs: int) -> Case:
    sizes = {"H": heads, "D": size, "P": pairs, "H_PAD": heads, "P_PAD": pairs, "REST_PAD": size - 2 * pairs}
    flags = {"INTERLEAVED": False, "PAIRS": False, "TYPE": element}
    pointers = dict.fromkeys(("out", "x", "cos", "sin"), "*" + _NAMES[element])
    return Case("rotary", f"{variant} {_NAMES[element]}", pointers, {**sizes, **flags})


def _low_bit(kind: str, element: Any, group: int, rows: int, **flags: bool) -> Case:
    tables = ("packed_addresses", "scales_addresses", "zeros_addresses", "bias_addresses")
    names = ("HAS_ZEROS", "HAS_BIAS", "SPLIT")
    said = [name.removeprefix("HAS_").lower() for name in flags]
    return Case(
        "low_bit",
        ", ".join((f"{kind} in {group}, {rows} rows", *said)) + f" {_NAMES[element]}",
        dict.fromkeys(("out", "x"), "*" + _NAMES[element]) | {"parts": "*fp32"} | dict.fromkeys(tables, "*i64"),
        {
            "GROUP": group,
            "STEP": step_of(group),
            "ROWS": rows,
            "KIND": KINDS[kind],
            "SCALE_TYPE": tl.bfloat16,
            "BIAS_TYPE": element,
            **dict.fromkeys(names, False),
            "ALIGNED": True,
            **flags,
        },
    )


def _grouped(element: Any, rows: int, *, biased: bool = False) -> Case:
    constants = {"A": 8, "STEP": COLUMNS, "ROWS": rows, "TYPE": element, "HAS_BIAS": biased, "ALIGNED": True}
    pointers = dict.fromkeys(("out", "x"), "*" + _NAMES[element]) | dict.fromkeys(("jobs", "pairs"), "*i64")
    variant = f"{rows} rows{', bias' if biased else ''} {_NAMES[element]}"
    return Case("grouped", variant, pointers, {**constants, "weight_c": 1})


def cases() -> Iterator[Case]:
    """Yields every kernel in the variants that differ in code."""
    for element in (tl.bfloat16, tl.float16, tl.float32):
        yield _attend("32/8 heads of 128", element, 32, 8, 128, 128)
        yield _merge("32/8 heads of 128", element, 32, 8, 128)
    yield _attend("32/8 heads of 128, split", tl.bfloat16, 32, 8, 128, 128, SPLIT=True)
    yield _merge("64/8 heads of 64, sinks", tl.bfloat16, 64, 8, 64, HAS_SINKS=True)
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
        yield _rotary("32 heads of 128", element, 32, 128, 64)
        for formula in ("silu", "gelu", "gelu_pytorch_tanh"):
            constants = {"FORMULA": FORMULAS[formula], "BLOCK": BLOCK}
            yield Case("gate", f"{formula} {name}", {"gate": "*" + name, "up": "*" + name}, constants)
    yield _rotary("8 heads of 96, 64 rotated", tl.bfloat16, 8, 96, 32)
    for rows in (FEW_ROWS, MANY_ROWS):
        for kind in KINDS:
            yield _low_bit(kind, tl.bfloat16, 128, rows)
        yield _low_bit("int4", tl.bfloat16, 32, rows, HAS_ZEROS=True, HAS_BIAS=True)
        yield _low_bit("int8", tl.bfloat16, 4096, rows)
        yield _low_bit("int4", tl.float16, 128, rows)
    yield _low_bit("int4", tl.bfloat16, 128, FEW_ROWS, SPLIT=True)
    yield _low_bit("int4", tl.bfloat16, 24, FEW_ROWS)
    yield _low_bit("int4", tl.float32, 128, FEW_ROWS)
    merge = {"out": "*bf16", "parts": "*fp32", "bias_addresses": "*i64"}
    yield Case("low_bit_merge", "bf16", merge, {"BLOCK": MERGED, "BIAS_TYPE": tl.bfloat16, "HAS_BIAS": True})
    for rows in (FEW_ROWS, MANY_ROWS):
        yield _grouped(tl.bfloat16, rows)
        yield _grouped(tl.float16, rows)
    yield _grouped(tl.bfloat16, FEW_ROWS, biased=True)
    yield _grouped(tl.float32, FEW_ROWS)
    total = {"out": "*bf16", "y": "*bf16", "ids": "*i64", "weights": "*fp32"}
    yield Case("weighted_sum", "bf16", total, {"A": 8, "BLOCK": FEATURES, "TYPE": tl.float32})
    for element in (tl.bfloat16, tl.float32):
        name = _NAMES[element]
        told = {"tokens": "*i64", "scores": "*fp32", "logits": "*" + name}
        asked = {"sure": "*i8", "temperatures": "*fp32", "top_ks": "*i32", "top_ps": "*fp64", "uniforms": "*fp64"}
        yield Case("best", name, told, {"BLOCK": SCORES})
        yield Case("draw", name, told | asked, {"BLOCK": SCORES})
