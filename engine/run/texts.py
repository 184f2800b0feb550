"""Calls of a text encoder, and one step of many: their tokens one behind the other, no padding between them.

Legend: B rows of a call, S tokens of each, T tokens in batch, R rows of all calls.

What a caller padded travels, since its rows are answered there too: such a token asks and is not seen, as the call's mask says.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from aweigh.engine.run.admission import admit
from aweigh.engine.run.model import Model
from aweigh.engine.run.plan import Plan
from aweigh.engine.run.symbols import shape
from aweigh.kernels.base import Ragged
from aweigh.proto.errors import InvalidRequest, Overloaded
from aweigh.proto.expression import Symbol
from aweigh.proto.ops import RAGGED, RAGGED_INPUTS


@dataclass(frozen=True, slots=True)
class Text:
    """One call: its tensors [B, S] by name, and the bytes of the largest value that it makes."""

    inputs: Mapping[str, Tensor]
    rows: int
    length: int
    largest: int

    @property
    def tokens(self) -> int:
        return self.rows * self.length


def checked(plan: Plan, given: Mapping[str, Tensor], device: torch.device, most_bytes: int) -> Text:
    """A call of a function `ragged`. Raises InvalidRequest, Overloaded where a value would have more than `most_bytes`, or all
    that is alive at once more than there is."""
    flat = plan.flat
    wanted = {entry.name: entry.type for entry in flat.function.inputs if entry.name not in RAGGED_INPUTS}
    if given.keys() != wanted.keys():
        raise InvalidRequest(f"function {RAGGED!r} takes {', '.join(sorted(wanted))}")
    for name, tensor in given.items():
        if tensor.dtype != getattr(torch, wanted[name].dtype.torch_name) or tensor.dim() != 2:
            raise InvalidRequest(f"input {name!r} is {wanted[name].dtype.torch_name} of 2 dims")
    shapes = {tuple(tensor.shape) for tensor in given.values()}
    if len(shapes) != 1 or 0 in min(shapes):
        raise InvalidRequest("inputs of a text encoder are of one size, and not empty")
    rows, length = shapes.pop()
    symbols = (rows * length, rows)
    largest = max(math.prod(shape(declared.dims, symbols)) * declared.dtype.size for declared in flat.types)
    if max(largest, length * length) > most_bytes:  # a window is a mask of the length squared
        raise Overloaded(f"the call would make a tensor of more than {most_bytes} bytes")
    admit(plan, symbols)
    return Text({name: tensor.to(device) for name, tensor in given.items()}, rows, length, largest)


def run(model: Model, texts: Sequence[Text]) -> list[dict[str, Tensor]]:
    """What each call gets, as views of what the step made. Raises as `Bound.run`, for all of them."""
    device, function = model.structure.device, model.function(RAGGED)
    lengths = [text.length for text in texts for _ in range(text.rows)]
    ragged = Ragged.of(lengths, lengths, (), 1, device)
    inputs = [_input(name, texts, lengths, ragged, device) for name in function.names]
    made = function.run(inputs, ragged)
    types, outputs = function.plan.flat.types, function.plan.flat.outputs
    answers: list[dict[str, Tensor]] = [{} for _ in texts]
    for name, tensor in made.items():
        per_token = types[outputs[name]].dims[:2] == (1, Symbol(0))
        sizes = [text.tokens if per_token else text.rows for text in texts]
        parts = torch.split(tensor[0] if per_token else tensor, sizes)
        for text, answer, part in zip(texts, answers, parts, strict=True):
            answer[name] = part.view(text.rows, text.length, *part.shape[1:]) if per_token else part
    return answers


def _input(name: str, texts: Sequence[Text], lengths: Sequence[int], ragged: Ragged, device: torch.device) -> Tensor:
    if name not in RAGGED_INPUTS:
        return torch.cat([text.inputs[name].reshape(-1) for text in texts])[None]
    rows_R = torch.tensor(ragged.query_starts[:-1], dtype=torch.int64)
    if name == "rows":
        return rows_R.to(device)
    starts_T = rows_R.repeat_interleave(torch.tensor(lengths))
    places_T = starts_T if name == "starts" else torch.arange(ragged.tokens) - starts_T
    return places_T[None].to(device)
