"""`Step` and the session calls: messages to events, and what was collected to an answer.

Legend: R rows of logits, V vocabulary, n tokens of one row, C hidden.
"""

import asyncio
from array import array
from typing import Any

import torch
from torch import Tensor

from aweigh.engine.core import Tokens
from aweigh.engine.execute import Collected, axes
from aweigh.engine.loading import Loaded
from aweigh.engine.rpc.transfers import Transfers
from aweigh.engine.schedule import events as ev
from aweigh.engine.schedule.instructions import Answer, Emit, Finish
from aweigh.proto.errors import AweighError, InvalidRequest
from aweigh.proto.v1 import engine_pb2

MAX_ROWS = 4_096
MAX_CLOSED = 65_536
MAX_OUTPUTS = 16


class Reply:
    """A `Listener` that completes a future of an event loop."""

    __slots__ = ("_loop", "future")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.future: asyncio.Future[tuple[Answer, Collected]] = self._loop.create_future()

    def emit(self, emitted: Emit) -> None:
        raise AssertionError("only groups emit")

    def finish(self, finished: Finish) -> None:
        raise AssertionError("only groups finish")

    def answer(self, answered: Answer, collected: Collected) -> None:
        self._loop.call_soon_threadsafe(self._set, (answered, collected))

    def fail(self, error: AweighError) -> None:
        try:
            self._loop.call_soon_threadsafe(self._fail, error)
        except RuntimeError:
            return  # the event loop is gone, and with it whoever asked

    def _set(self, result: tuple[Answer, Collected]) -> None:
        if not self.future.done():
            self.future.set_result(result)

    def _fail(self, error: AweighError) -> None:
        if not self.future.done():
            self.future.set_exception(error)


def submit_of(
    number: int, request: engine_pb2.StepRequest, loaded: Loaded, transfers: Transfers, now: float, left: float | None
) -> ev.SubmitStep:
    """A checked step call. Raises InvalidRequest."""
    if len(request.rows) > MAX_ROWS or len(request.close) > MAX_CLOSED or len(request.outputs) > MAX_OUTPUTS:
        raise InvalidRequest(
            f"a step has at most {MAX_ROWS} rows, {MAX_OUTPUTS} outputs, and closes {MAX_CLOSED} sessions"
        )
    structure = loaded.model.structure
    if not structure.steppable:
        raise InvalidRequest("the model has no body and head to step through: call its functions")
    if structure.memories:
        raise InvalidRequest("the model has an encoder, whose output sessions do not hold: call generate")
    outputs = tuple(dict.fromkeys(request.outputs))
    known = structure.outputs("body")
    for name in outputs:
        if name not in known:
            raise InvalidRequest(
                f"the model has no optional output {name!r}: it has {', '.join(sorted(known)) or 'none'}"
            )
    rows = tuple(_row(row, request.lease, loaded, transfers) for row in request.rows)
    deadline = None if left is None else now + left
    return ev.SubmitStep(number, request.lease, request.model, rows, now, outputs, tuple(request.close), deadline)


def _row(row: engine_pb2.StepRow, lease: str, loaded: Loaded, transfers: Transfers) -> ev.StepRow:
    tokens = array("q", row.tokens)
    spec = loaded.spec
    if tokens and (min(tokens) < 0 or (spec.vocabulary_size and max(tokens) >= spec.vocabulary_size)):
        raise InvalidRequest(f"token ids must be 0 to {spec.vocabulary_size - 1}")
    embeddings: Tensor | None = None
    if row.HasField("embeddings"):
        if tokens:
            raise InvalidRequest("a row has tokens or embeddings, not both")
        embeddings = _embeddings(transfers.tensor(lease, row.embeddings), loaded)
    count = len(tokens) if embeddings is None else embeddings.shape[0]
    positions: Tokens | None = None
    if row.positions:
        positions = array("q", row.positions)
        if len(positions) != count or min(positions) < 0:
            raise InvalidRequest("positions are not negative, one per token")
    if row.logits > count:
        raise InvalidRequest(f"a row of {count} tokens has no logits for {row.logits}")
    keep = row.keep if row.crop else None
    return ev.StepRow(row.session, row.parent, keep, tokens or None, positions, embeddings, 0 if embeddings is None else count, row.logits)  # fmt: skip


def _embeddings(rows_nC: Tensor, loaded: Loaded) -> Tensor:
    structure = loaded.model.structure
    if not structure.takes("body", "embeddings") or structure.takes("body", "token_ids"):
        raise InvalidRequest("this model cannot be given embeddings: give it tokens")
    inputs = structure.program.function("body").inputs
    (wanted,) = (entry.type for entry in inputs if entry.name == "embeddings")
    size = wanted.dims[-1]
    if rows_nC.dim() != 2 or rows_nC.shape[1] != size or not rows_nC.dtype.is_floating_point:
        raise InvalidRequest(f"embeddings are [tokens, {size}] of real numbers")
    return rows_nC.to(structure.device, getattr(torch, wanted.dtype.torch_name))


def response_of(
    lease: str, rows: int, answered: Answer, collected: Collected, transfers: Transfers, loaded: Loaded
) -> engine_pb2.StepResponse:
    """The answer of a step: rows in the order of the call, a row's pieces in the order in which they were computed."""
    response = engine_pb2.StepResponse(queue_seconds=answered.queue_seconds, compute_seconds=answered.compute_seconds)
    named: list[tuple[str, dict[int, list[Tensor]], int]] = [("logits", collected.logits, 0)]
    if collected.outputs:
        axis_of = axes(loaded.model, tuple(collected.outputs))
        named += [(name, pieces, axis_of[name]) for name, pieces in collected.outputs.items()]
    for name, pieces, axis in named:
        parts = [piece for row in range(rows) for piece in pieces.get(row, ())]
        if parts:
            joined: Any = parts[0] if len(parts) == 1 else torch.cat(parts, axis)
            response.outputs.add(name=name, tensor=transfers.message(lease, joined))
    return response
