"""One `Step` call: rows and what is planned for them go out, tensors come back. Straight to the worker, synchronous, one round trip."""

import contextlib
import time
from dataclasses import dataclass, replace
from typing import Any

import torch

from aweigh.compiler.offload.connection import Connection, connection, couriers
from aweigh.compiler.offload.courier import Errand
from aweigh.compiler.offload.explain import Crossing, size
from aweigh.compiler.offload.inputs import Inputs
from aweigh.compiler.offload.placing import Place
from aweigh.compiler.offload.session import Log, Row, Session, log_of
from aweigh.compiler.offload.stub import Stub
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import AweighError, EngineLost, InvalidRequest, SessionNotFound
from aweigh.proto.v1 import engine_pb2, program_pb2

_DTYPES = {int(kind): getattr(torch, kind.torch_name) for kind in DType}
Tensors = dict[str, tuple[program_pb2.Tensor, bytearray]]  # header and bytes, by name


@dataclass(frozen=True, slots=True)
class Answer:
    """`logits` [B, K, V] for the K wanted columns; `hidden_states`: per layer [B, T, C], or None; what the step cost."""

    logits: torch.Tensor
    hidden_states: tuple[torch.Tensor, ...] | None
    crossing: Crossing


@dataclass(slots=True)
class _Part:
    """What a step does to one row: `session` gets `tokens` at `positions`. `kept`: its logits that are wanted; `sent`: tokens that
    travel, which are more where a log is sent again."""

    row: Row
    session: Session
    tokens: Log
    positions: Log
    kept: int
    sent: int


def call(stub: Stub, place: Place, inputs: Inputs) -> Answer:
    """Runs the step and counts it in cache and rows. A worker that lost the sessions gets their logs again, once.

    Raises the typed errors of Engine.Step.
    """
    live = connection()
    before = time.perf_counter()
    stub.summary.calls["step"] += 1
    rows = [row.known(live.lease, stub.garbage) for row in inputs.rows]
    try:
        parts, tensors, crossing = _ask(stub, live, place, inputs, rows, closing=True)
    except (SessionNotFound, InvalidRequest):
        # A worker that was started again knows none of our sessions. What is kept of each is said in every step, so that an
        # unknown one is refused instead of being opened empty. A session whose step was interrupted may be too busy to be closed.
        if not stub.garbage and all(row.session is None and row.parent is None for row in rows):
            raise
        rows = [row.forgotten() for row in rows]
        parts, tensors, crossing = _ask(stub, live, place, inputs, rows, closing=False)
    made = [part.row.after(part.tokens, part.positions, part.session) for _, part in sorted(parts.items())]
    inputs.cache._aweigh_append(made, inputs.valid, inputs.columns)
    answer = _read(tensors, inputs, parts, crossing)
    stub.summary.step_seconds.append(time.perf_counter() - before)
    return answer


def _ask(
    stub: Stub, live: Connection, place: Place, inputs: Inputs, rows: list[Row], *, closing: bool
) -> tuple[dict[int, _Part], Tensors, Crossing]:
    """What was done to each row, in the order in which the rows went, the named tensors of the answer, and what it cost."""
    request = engine_pb2.StepRequest(lease=live.lease, model=place.model)
    if inputs.hidden_states:
        request.outputs.append("hidden_states")
    # Forks first: they read their parent's session before a later row of the same call appends to it.
    order = sorted(range(len(rows)), key=lambda index: rows[index].parent is None)
    parts = {index: _part(request, stub, live, inputs, index, rows[index]) for index in order}

    def work(errand: Errand[Any]) -> tuple[dict[int, _Part], Tensors, Crossing]:
        with contextlib.suppress(IndexError):  # another thread's step may take the last one
            while closing:
                request.close.append(stub.garbage.pop())
        try:
            # `parts` is held here: no session is closed before the end of its step, whether anybody waits for that or not.
            return parts, *_carry(errand, live, place, request)
        except BaseException:
            stub.garbage.extend(request.close)
            raise

    for part in parts.values():
        part.session.unsure = True
    began = time.perf_counter()
    try:
        _, tensors, crossing = couriers().ask(work)
    except EngineLost:
        stub.forget()  # the front door may have another worker for the next call
        raise
    except AweighError:
        for part in parts.values():
            part.session.unsure = False  # a step that failed never was
        raise
    for part in parts.values():
        part.session.unsure = False
    return parts, tensors, replace(crossing, waited=time.perf_counter() - began)


def _part(request: engine_pb2.StepRequest, stub: Stub, live: Connection, inputs: Inputs, index: int, row: Row) -> _Part:
    valid = None if inputs.valid is None else inputs.valid[index].tolist()
    tokens, positions = log_of(inputs.tokens[index]), log_of(inputs.positions[index])
    kept = inputs.keep
    if valid is not None:
        kept = sum(valid[-inputs.keep :])
        tokens = log_of(token for token, real in zip(tokens, valid, strict=True) if real)
        positions = log_of(position for position, real in zip(positions, valid, strict=True) if real)
    message = request.rows.add(logits=kept)
    begin = row.length
    sent, places = tokens, positions
    session = row.session
    if row.parent is not None:
        message.parent, message.crop, message.keep = row.parent.number, True, begin
    elif session is None:
        sent, places, begin = row.tokens + tokens, row.positions + positions, 0
    else:
        session.crops += row.held != begin
        message.crop, message.keep = True, begin
    if session is None:
        session = Session(stub.garbage, live.lease)
    message.session = session.number
    message.tokens.extend(sent)
    if places != log_of(range(begin, begin + len(places))):
        message.positions.extend(places)
    return _Part(row, session, tokens, positions, kept, len(sent))


def _carry(
    errand: Errand[Any], live: Connection, place: Place, request: engine_pb2.StepRequest
) -> tuple[Tensors, Crossing]:
    """On a courier: the step, and downloads of what is too large for its answer."""
    response = live.step(errand, place.worker, request)
    tensors = {output.name: (output.tensor, _bytes(live, place, output.tensor)) for output in response.outputs}
    downloaded = sum(len(data) for header, data in tensors.values() if header.transfer)
    return tensors, Crossing(
        sent=size(request),
        received=size(response) + downloaded,
        queue=response.queue_seconds,
        engine=response.compute_seconds,
    )


def _bytes(live: Connection, place: Place, message: program_pb2.Tensor) -> bytearray:
    data = bytearray(message.data)
    if message.transfer:
        transfer = engine_pb2.Transfer(transfer=message.transfer, lease=live.lease)
        for chunk in live.chunks(live.worker(place.worker), transfer):
            data += chunk.data
    return data


def _tensor(tensors: Tensors, name: str) -> torch.Tensor:
    """In the script's thread, whose modes (inference, say) the tensor has."""
    header, data = tensors[name]
    return torch.frombuffer(data, dtype=_DTYPES[header.dtype]).view(tuple(header.shape))


def _read(tensors: Tensors, inputs: Inputs, parts: dict[int, _Part], crossing: Crossing) -> Answer:
    kept = [part.kept for _, part in sorted(parts.items())]
    valid = None if inputs.valid is None else inputs.valid[:, -inputs.keep :]
    order = {index: part.kept for index, part in parts.items()}
    logits = _spread(_tensor(tensors, "logits"), kept, order, valid, inputs.keep)  # of [sum of kept, V]
    if not inputs.hidden_states:
        return Answer(logits, None, crossing)
    layers = _tensor(tensors, "hidden_states")  # [L + 1, 1, sum of tokens, C]
    layers = layers.reshape(layers.shape[0], -1, layers.shape[-1])
    counts = [inputs.columns] * len(parts) if inputs.valid is None else inputs.valid.sum(dim=1).tolist()
    sent = {index: part.sent for index, part in parts.items()}
    states = tuple(_spread(layer, counts, sent, inputs.valid, inputs.columns) for layer in layers)
    return Answer(logits, states, crossing)


def _spread(
    flat: torch.Tensor, counts: list[int], sent: dict[int, int], valid: torch.Tensor | None, columns: int
) -> torch.Tensor:
    """[sum of sent, X], rows in the order of `sent` -> [B, columns, X] of the last `counts` of each; zero where a column is padding.

    A row whose log had to be sent again comes back longer than it was asked for."""
    if valid is None and list(sent.values()) == counts and list(sent) == sorted(sent):
        return flat.view(len(counts), columns, flat.shape[-1])
    made = flat.new_zeros((len(counts), columns, flat.shape[-1]))
    end = 0
    for index, length in sent.items():
        end += length
        part = flat[end - counts[index] : end]
        if valid is None:
            made[index] = part
        else:
            made[index][valid[index]] = part
    return made
