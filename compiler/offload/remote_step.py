"""One `Step` call: rows and what is planned for them go out, tensors come back. Straight to the worker, synchronous, one round trip."""

import time
from dataclasses import dataclass

import torch

from aweigh.compiler.offload.connection import Connection, connection
from aweigh.compiler.offload.inputs import Inputs
from aweigh.compiler.offload.placing import Place
from aweigh.compiler.offload.session import Session
from aweigh.compiler.offload.stub import Stub
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import EngineLost, InvalidRequest, SessionNotFound
from aweigh.proto.v1 import engine_pb2, program_pb2

_DTYPES = {int(kind): getattr(torch, kind.torch_name) for kind in DType}


@dataclass(frozen=True, slots=True)
class Answer:
    """`logits` [B, K, V] for the K wanted columns; `hidden_states`: per layer [B, T, C], or None."""

    logits: torch.Tensor
    hidden_states: tuple[torch.Tensor, ...] | None


def call(stub: Stub, place: Place, inputs: Inputs) -> Answer:
    """Runs the step and counts it in cache and rows. A worker that lost the sessions gets their logs again, once.

    Raises the typed errors of Engine.Step.
    """
    live = connection()
    before = time.perf_counter()
    stub.summary.calls["step"] += 1
    try:
        response, kept, sent = _ask(stub, live, place, inputs)
    except (SessionNotFound, InvalidRequest):
        # A worker that was started again knows none of our sessions. What is kept of each is said in every step, so that an
        # unknown one is refused instead of being opened empty.
        if all(row.session is None or not row.length for row in inputs.rows):
            raise
        for row in inputs.rows:
            row.forget()
        response, kept, sent = _ask(stub, live, place, inputs)
    _advance(inputs)
    answer = _read(live, place, response, inputs, kept, sent)
    stub.summary.step_seconds.append(time.perf_counter() - before)
    return answer


def _ask(
    stub: Stub, live: Connection, place: Place, inputs: Inputs
) -> tuple[engine_pb2.StepResponse, list[int], dict[int, int]]:
    """The response, the number of logits per row, and the order in which the rows went with how many tokens each."""
    import grpc

    request = engine_pb2.StepRequest(lease=live.lease, model=place.model)
    if inputs.hidden_states:
        request.outputs.append("hidden_states")
    # Forks first: they read their parent's session before a later row of the same call appends to it.
    order = sorted(range(len(inputs.rows)), key=lambda index: inputs.rows[index].parent is None)
    kept = [0] * len(order)
    sent = dict.fromkeys(order, 0)
    for index in order:
        kept[index] = _add_row(request, stub, live, inputs, index)
        sent[index] = len(request.rows[-1].tokens)
    while stub.garbage:
        request.close.append(stub.garbage.pop())
    try:
        return live.worker(place.worker).Step(request), kept, sent
    except grpc.RpcError as error:
        for row in inputs.rows:
            row.held = -1
        found = live.typed(error)
        if isinstance(found, EngineLost):
            stub.place = None  # the front door may have another worker for the next call
        raise found from None
    except BaseException:
        for row in inputs.rows:
            row.held = -1
        raise


def _add_row(request: engine_pb2.StepRequest, stub: Stub, live: Connection, inputs: Inputs, index: int) -> int:
    row, valid = inputs.rows[index], None if inputs.valid is None else inputs.valid[index].tolist()
    tokens, positions = inputs.tokens[index], inputs.positions[index]
    kept = inputs.keep
    if valid is not None:
        kept = sum(valid[-inputs.keep :])
        tokens = [token for token, real in zip(tokens, valid, strict=True) if real]
        positions = [position for position, real in zip(positions, valid, strict=True) if real]
    message = request.rows.add(logits=kept)
    row.keep_to(live.lease, stub.garbage)
    if row.parent is not None and row.parent.crops != row.parent_crops:
        row.parent = None
    begin = row.length
    if row.parent is not None:
        message.parent, message.crop, message.keep = row.parent.number, True, begin
    elif row.session is None:
        tokens, positions, begin = row.tokens + tokens, row.positions + positions, 0
    else:
        row.session.crops += row.held != begin
        message.crop, message.keep = True, begin
    if row.session is None:
        row.session = Session(stub.garbage, live.lease)
    message.session = row.session.number
    message.tokens.extend(tokens)
    if positions != list(range(begin, begin + len(positions))):
        message.positions.extend(positions)
    return kept


def _advance(inputs: Inputs) -> None:
    for index, row in enumerate(inputs.rows):
        tokens, positions = inputs.tokens[index], inputs.positions[index]
        if inputs.valid is not None:
            real = inputs.valid[index].tolist()
            tokens = [token for token, keep in zip(tokens, real, strict=True) if keep]
            positions = [position for position, keep in zip(positions, real, strict=True) if keep]
        row.tokens.extend(tokens)
        row.positions.extend(positions)
        row.held, row.parent = row.length, None
    inputs.cache._aweigh_rows = inputs.rows
    inputs.cache._aweigh_extend(inputs.valid, len(inputs.rows), inputs.columns)


def _read(
    live: Connection,
    place: Place,
    response: engine_pb2.StepResponse,
    inputs: Inputs,
    kept: list[int],
    sent: dict[int, int],
) -> Answer:
    named = {output.name: output.tensor for output in response.outputs}
    flat = tensor_from(live, place, named["logits"])  # [sum of kept, V]
    valid = None if inputs.valid is None else inputs.valid[:, -inputs.keep :]
    logits = _spread(flat, kept, {index: kept[index] for index in sent}, valid, inputs.keep)
    if not inputs.hidden_states:
        return Answer(logits, None)
    layers = tensor_from(live, place, named["hidden_states"])  # [L + 1, 1, sum of tokens, C]
    layers = layers.reshape(layers.shape[0], -1, layers.shape[-1])
    counts = [inputs.columns] * len(sent) if inputs.valid is None else inputs.valid.sum(dim=1).tolist()
    return Answer(logits, tuple(_spread(layer, counts, sent, inputs.valid, inputs.columns) for layer in layers))


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


def tensor_from(live: Connection, place: Place, message: program_pb2.Tensor) -> torch.Tensor:
    """A tensor from the wire, downloaded where it travels in chunks."""
    data = bytearray(message.data)
    if message.transfer:
        transfer = engine_pb2.Transfer(transfer=message.transfer, lease=live.lease)
        for chunk in live.worker(place.worker).Download(transfer):
            data += chunk.data
    return torch.frombuffer(data, dtype=_DTYPES[message.dtype]).view(tuple(message.shape))
