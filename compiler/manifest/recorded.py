"""A tensor that records how it is made: shape and dtype on `meta`, and the weight expression beside them.

transformers converts checkpoints at load (stacks experts, concatenates projections, permutes for rotary) with operations written as
ordinary torch code. We run that very code on recorded tensors, so that no conversion has to be known here, and read off the expression.
What moves no data (contiguous) leaves the expression alone; what a `WeightExpression` cannot say raises.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

import torch

from aweigh.proto.dtypes import DType
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.program import Cast, Chunk, Concatenate, Permute, Stack, View, WeightExpression


def dtype_of(dtype: torch.dtype) -> DType:
    """Returns the wire's name of a torch dtype. Raises KeyError if it has none."""
    return DType[str(dtype).removeprefix("torch.").upper()]


class Recorded(torch.Tensor):
    """A `meta` tensor with its `expression`."""

    expression: WeightExpression

    @staticmethod
    def of(expression: WeightExpression, dtype: torch.dtype, shape: Sequence[int]) -> "Recorded":
        """Returns a tensor of that shape and dtype that stands for `expression`."""
        plain = torch.empty(tuple(shape), dtype=dtype, device="meta")
        tensor = plain.as_subclass(Recorded)
        tensor.expression = expression
        return tensor

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Computes shapes on `meta`, and the expression of a result by the rule of that name. Raises UnsupportedModel."""
        kwargs = kwargs or {}
        with torch._C.DisableTorchFunctionSubclass():
            result = func(*args, **kwargs)
            tensors = [result] if isinstance(result, torch.Tensor) else result
            if not isinstance(tensors, tuple | list) or not any(isinstance(item, torch.Tensor) for item in tensors):
                return result
            name = "slice" if func.__name__ == "__getitem__" else func.__name__.strip("_")
            rule = _RULES.get(name)
            if rule is None:
                raise UnsupportedModel(f"A checkpoint conversion uses {name!r}, which no weight expression says.")
            made = rule(tensors, *args, **kwargs)
            out = [Recorded.of(how, item.dtype, item.shape) for how, item in zip(made, tensors, strict=True)]
        return out[0] if isinstance(result, torch.Tensor) else tuple(out)


Rule = Callable[..., list[WeightExpression]]


def _same(results: Any, source: Recorded, *_: Any, **__: Any) -> list[WeightExpression]:
    return [source.expression]


def _view(results: Any, source: Recorded, *_: Any, **__: Any) -> list[WeightExpression]:
    if results[0].shape == source.shape:
        return [source.expression]
    return [View(source.expression, tuple(results[0].shape))]


def _transpose(
    results: Any, source: Recorded, dim0: int = 0, dim1: int = 1, *_: Any, **__: Any
) -> list[WeightExpression]:
    order = list(range(source.dim()))
    order[dim0], order[dim1] = order[dim1], order[dim0]
    return [Permute(source.expression, tuple(order))]


def _last_two(results: Any, source: Recorded, *_: Any, **__: Any) -> list[WeightExpression]:
    return _transpose(results, source, -2, -1)


def _permute(results: Any, source: Recorded, *dims: Any, **kwargs: Any) -> list[WeightExpression]:
    given = kwargs.get("dims", dims[0] if len(dims) == 1 else dims)
    return [Permute(source.expression, tuple(dim % source.dim() for dim in given))]


def _chunks(results: Any, source: Recorded, sizes: Any = None, dim: int = 0, **kwargs: Any) -> list[WeightExpression]:
    dim = kwargs.get("dim", dim) % source.dim()
    start, made = 0, list[WeightExpression]()
    for result in results:
        length = result.shape[dim]
        made.append(Chunk(source.expression, dim, start, length) if length != source.shape[dim] else source.expression)
        start += length
    return made


def _unbind(results: Any, source: Recorded, dim: int = 0, **_: Any) -> list[WeightExpression]:
    dim %= source.dim()
    return [View(Chunk(source.expression, dim, i, 1), tuple(item.shape)) for i, item in enumerate(results)]


def _parts(tensors: Any) -> tuple[WeightExpression, ...]:
    return tuple(cast(Recorded, tensor).expression for tensor in tensors)


def _cat(results: Any, tensors: Any, dim: int = 0, **_: Any) -> list[WeightExpression]:
    return [Concatenate(_parts(tensors), dim % results[0].dim())]


def _stack(results: Any, tensors: Any, dim: int = 0, **_: Any) -> list[WeightExpression]:
    return [Stack(_parts(tensors), dim % results[0].dim())]


def _narrow(results: Any, source: Recorded, dim: int, start: int, length: int, **_: Any) -> list[WeightExpression]:
    return [Chunk(source.expression, dim % source.dim(), int(start), int(length))]


def _slice(results: Any, source: Recorded, index: Any) -> list[WeightExpression]:
    parts = index if isinstance(index, tuple) else (index,)
    if Ellipsis in parts:
        at = parts.index(Ellipsis)
        parts = (*parts[:at], *[slice(None)] * (source.dim() - len(parts) + 1), *parts[at + 1 :])
    made: WeightExpression = source.expression
    for dim, part in enumerate(parts):
        if isinstance(part, int):
            made = Chunk(made, dim, part % source.shape[dim], 1)
        elif isinstance(part, slice) and part.step in (None, 1):
            start, stop, _ = part.indices(source.shape[dim])
            if (start, stop) != (0, source.shape[dim]):
                made = Chunk(made, dim, start, stop - start)
        else:
            raise UnsupportedModel("A checkpoint conversion picks rows one by one, which no weight expression says.")
    return [View(made, tuple(results[0].shape))] if any(isinstance(part, int) for part in parts) else [made]


def _cast(results: Any, source: Recorded, *_: Any, **__: Any) -> list[WeightExpression]:
    if results[0].dtype == source.dtype:
        return [source.expression]
    return [Cast(source.expression, dtype_of(results[0].dtype))]


_RULES: dict[str, Rule] = {
    **dict.fromkeys(("contiguous", "clone", "detach", "alias", "requires_grad"), _same),
    **dict.fromkeys(("reshape", "view", "flatten", "unflatten", "squeeze", "unsqueeze"), _view),
    **dict.fromkeys(("transpose", "swapaxes", "swapdims"), _transpose),
    **dict.fromkeys(("t", "mT", "get"), _last_two),
    **dict.fromkeys(("chunk", "split", "tensor_split", "split_with_sizes"), _chunks),
    **dict.fromkeys(("cat", "concat", "concatenate"), _cat),
    **dict.fromkeys(("to", "type", "float", "half", "bfloat16"), _cast),
    "permute": _permute,
    "unbind": _unbind,
    "stack": _stack,
    "narrow": _narrow,
    "slice": _slice,
}
