"""Weights that another tool has quantised, as codes, scales and zeros of ours: the numbers stay, the bytes are laid out anew.

Legend: O outputs, C inputs, G groups of inputs, R rows (outputs) that are asked for.

What `quantization_config` of config.json calls   what a weight NAME is in the checkpoint                               value
    fp8 (transformers, DeepSeek)                  NAME.weight e4m3 [O, C], NAME.weight_scale_inv [O/128, C/128]         code * scale
    compressed-tensors, float-quantized           NAME.weight e4m3 [O, C], NAME.weight_scale [], [1], [O, 1]            code * scale
    compressed-tensors, pack-quantized, 4 bits    NAME.weight_packed int32 [O, C/8], NAME.weight_scale [O, G]           (code - 8) * scale
    gptq, 4 bits                                  NAME.qweight int32 [C/8, O], qzeros [G, O/8], scales [G, O]           (code - zero - 1) * scale
    awq, gemm, 4 bits                             NAME.qweight int32 [C, O/8], qzeros [G, O/8], scales [G, O]           (code - zero) * scale

Eight codes of 4 bits stand in an int32, the first one in its lowest bits; AWQ has them in the order of AWQ_ORDER. Of GPTQ, columns in another order
than the groups' (`desc_act`) are refused, and so are zeros of compressed-tensors. What scales activations is left out: they are not quantised here.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aweigh.memory.checkpoint.header import TensorEntry
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.low_bit import Packing, fits

if TYPE_CHECKING:
    from torch import Tensor

CONFIG = "config.json"
AWQ_ORDER = (0, 2, 4, 6, 1, 3, 5, 7)
"""Which of eight outputs stand in an int32, from its lowest bits on."""
_KEY = "quantization_config"
_FLOAT_FORMATS = frozenset(["float-quantized", "naive-quantized"])
_FLOATS = frozenset([DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32])


@dataclass(frozen=True, slots=True)
class Foreign:
    """A weight [outputs, columns]: `layout` is one of the table's, `name` without ".weight", `taken` the tensors that it is made of."""

    name: str
    layout: str
    packing: Packing
    outputs: int
    columns: int
    taken: frozenset[str]
    scales: str
    scale_rows: int = 1  # outputs that share a scale

    def rows(self, first: int, last: int, block: Any) -> "tuple[Tensor, Tensor, Tensor | None]":
        """Codes [R, C], scales [R, G] and zeros [R, G] or none, of outputs from `first` to `last`.

        block: gives rows and columns, from and to, of a tensor of the checkpoint by its name.
        """
        import torch

        groups = self.columns // self.packing.group
        if self.layout == "fp8":
            codes = block(f"{self.name}.weight", first, last, 0, self.columns)
            places = torch.arange(first, last) // self.scale_rows
            begin, end = int(places[0]), int(places[-1]) + 1
            return codes, block(self.scales, begin, end, 0, groups)[places - begin].contiguous(), None
        if self.layout == "rows":
            codes = _codes(block(f"{self.name}.weight_packed", first, last, 0, self.columns // 8)).flatten(1)
            return (codes - 8).to(torch.int8), block(self.scales, first, last, 0, groups), None
        scales = block(self.scales, 0, groups, first, last).t().contiguous()
        held = _codes(block(f"{self.name}.qzeros", 0, groups, first // 8, -(-last // 8)))
        if self.layout == "gptq":
            words = block(f"{self.name}.qweight", 0, self.columns // 8, first, last)
            codes = _codes(words.t().contiguous()).flatten(1)
            zeros = held.flatten(1)[:, : last - first] + 1
        else:
            words = _codes(block(f"{self.name}.qweight", 0, self.columns, first // 8, -(-last // 8)))
            order = torch.tensor(AWQ_ORDER).argsort()
            codes = words[..., order].flatten(1)[:, : last - first].t().contiguous()
            zeros = held[..., order].flatten(1)[:, : last - first]
        return (codes - 8).to(torch.int8), scales, (zeros - 8).t().contiguous().to(scales.dtype)


def _codes(words: "Tensor") -> "Tensor":
    """Eight numbers of 4 bits for each int32, along a new last dimension."""
    import torch

    return (words.unsqueeze(-1) >> torch.arange(0, 32, 4, dtype=torch.int32)) & 15


def read_config(directory: Path) -> dict[str, Any]:
    """The configuration of a checkpoint. Raises InvalidRequest."""
    try:
        found = json.loads((directory / CONFIG).read_bytes())
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise InvalidRequest(f"{directory} has no {CONFIG} that can be read")
    return found


def without_quantization(config: Mapping[str, Any]) -> bytes:
    """A configuration of the weights that quantised ones stand for, as JSON."""
    return json.dumps({key: value for key, value in config.items() if key != _KEY}, indent=2).encode()


def named(config: Mapping[str, Any]) -> DType:
    """The dtype that a configuration says. Raises InvalidRequest where it is none that products have."""
    said = str(config.get("dtype") or config.get("torch_dtype") or "float32").removeprefix("torch.")
    found = next((dtype for dtype in _FLOATS if dtype.torch_name == said), None)
    if found is None:
        raise InvalidRequest(f"{CONFIG} says the dtype {said!r}, which no product has")
    return found


def foreign(config: Mapping[str, Any], tensors: Mapping[str, TensorEntry]) -> dict[str, Foreign]:
    """The quantised weights of a checkpoint by the names that they would have, NAME.weight. Raises InvalidRequest where they are of no known kind."""
    said = config.get(_KEY)
    if not isinstance(said, dict):
        raise InvalidRequest("nothing is quantised here: its config.json has no quantization_config")
    method = str(said.get("quant_method", ""))
    if _bits(said) - {4} and method != "fp8" and said.get("format") not in _FLOAT_FORMATS:
        raise InvalidRequest(
            f"weights of {sorted(_bits(said))} bits by {method} are not read yet: quantise the model anew"
        )
    if said.get("checkpoint_format") == "gptq_v2" or any(key.endswith("weight_g_idx") for key in tensors):
        raise InvalidRequest("a layout of this model's weights is not read yet: quantise the model anew")
    if said.get("desc_act"):
        raise InvalidRequest("columns of this model are in the order of their importance (desc_act): quantise it anew")
    found = {weight.name + ".weight": weight for weight in _all(method, tensors)}
    if not found:
        raise InvalidRequest(
            f"no weight of it is quantised in a way that is known here ({method or 'no quant_method'})"
        )
    return found


def _bits(said: Mapping[str, Any]) -> set[Any]:
    """What a configuration says of the bits of weights."""
    groups = said.get("config_groups")
    weights = [group.get("weights") for group in groups.values()] if isinstance(groups, dict) else [said]
    found = {entry.get("num_bits", entry.get("bits")) for entry in weights if isinstance(entry, dict)}
    return found - {None}


def _all(method: str, tensors: Mapping[str, TensorEntry]) -> Iterator[Foreign]:
    for key, entry in tensors.items():
        name, _, part = key.rpartition(".")
        if part == "weight" and entry.dtype is DType.FLOAT8_E4M3FN and len(entry.shape) == 2:
            yield _float8(name, entry, tensors)
        elif part == "weight_packed" and method == "compressed-tensors" and entry.dtype is DType.INT32:
            scales = _scales(f"{name}.weight_scale", tensors)
            if f"{name}.weight_zero_point" in tensors:
                raise InvalidRequest(f"{name} has zeros in a layout that is not known here")
            outputs, columns = entry.shape[0], entry.shape[1] * 8
            wanted = (outputs, scales.shape[-1])
            taken = frozenset({key, scales.name, f"{name}.weight_shape"})
            yield _made(name, "rows", outputs, columns, wanted, scales, taken)
        elif part == "qweight" and method in ("gptq", "awq") and entry.dtype is DType.INT32:
            scales = _scales(f"{name}.scales", tensors)
            groups, outputs = scales.shape if len(scales.shape) == 2 else (0, 0)
            columns = entry.shape[0] * (8 if method == "gptq" else 1)
            zeros = tensors.get(f"{name}.qzeros")
            good = zeros is not None and zeros.shape == (groups, outputs // 8) and outputs % 8 == 0
            good = good and entry.shape[1] == (outputs if method == "gptq" else outputs // 8)
            if not good:
                raise InvalidRequest(f"{name} is not of 4 bits, or its parts do not fit")
            taken = frozenset({key, scales.name, f"{name}.qzeros", f"{name}.g_idx"})
            yield _made(name, method, outputs, columns, (groups, outputs), scales, taken, zeros=True)


def _float8(name: str, entry: TensorEntry, tensors: Mapping[str, TensorEntry]) -> Foreign:
    outputs, columns = entry.shape
    inverse = f"{name}.weight_scale_inv"
    scales = _scales(inverse if inverse in tensors else f"{name}.weight_scale", tensors)
    taken = frozenset({entry.name, scales.name, f"{name}.input_scale"})
    shape = scales.shape
    if len(shape) == 2 and shape[1] > 1:
        rows = -(-outputs // shape[0])
        whole = shape[0] == -(-outputs // rows)
        return _made(name, "fp8", outputs, columns, shape if whole else (), scales, taken, rows)
    count = 1
    for size in shape:
        count *= size
    wanted = shape if count in (1, outputs) else ()
    return _made(name, "fp8", outputs, columns, wanted, scales, taken, 1 if count == outputs else outputs, groups=1)


def _scales(name: str, tensors: Mapping[str, TensorEntry]) -> TensorEntry:
    entry = tensors.get(name)
    if entry is None or entry.dtype not in _FLOATS:
        raise InvalidRequest(f"there are no scales {name!r} of floats")
    return entry


def _made(
    name: str,
    layout: str,
    outputs: int,
    columns: int,
    wanted: tuple[int, ...],
    scales: TensorEntry,
    taken: frozenset[str],
    scale_rows: int = 1,
    *,
    zeros: bool = False,
    groups: int = 0,
) -> Foreign:
    groups = groups or (scales.shape[0] if layout in ("gptq", "awq") else scales.shape[-1])
    group = columns // groups if groups and columns % groups == 0 else 0
    if scales.shape != wanted or not fits(columns, group):
        raise InvalidRequest(f"the scales of {name} fit no groups of columns that are a multiple of 8")
    assert scales.dtype is not None
    kind = "fp8" if layout == "fp8" else "int4"
    return Foreign(
        name, layout, Packing(kind, scales.dtype, group, zeros), outputs, columns, taken, scales.name, scale_rows
    )
