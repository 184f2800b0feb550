"""`Step` and session calls: a script's own loop, with keys and values held by the worker."""

import queue
from collections.abc import Callable
from typing import Any

import grpc
import pytest
import torch

from aweigh.proto.status import from_rpc
from aweigh.proto.v1 import engine_pb2, program_pb2

Row = engine_pb2.StepRow


def logits(response: Any) -> torch.Tensor:
    (output,) = [output for output in response.outputs if output.name == "logits"]
    return torch.frombuffer(bytearray(output.tensor.data), dtype=torch.float32).view(tuple(output.tensor.shape))


def close(found: torch.Tensor, expected: torch.Tensor) -> bool:
    return torch.allclose(found, expected, atol=2e-4, rtol=1e-4)


def step(worker: Any, lease: str, *rows: Any, **fields: Any) -> Any:
    return worker.engine.Step(engine_pb2.StepRequest(lease=lease, model="tiny", rows=rows, **fields))


def until(worker: Any, condition: Callable[[Any], bool]) -> None:
    """Asks the worker how it stands until that is so."""
    assert any(condition(worker.engine.Stats(engine_pb2.StatsRequest())) for _ in range(10_000))


def kind_of(call: Any) -> str:
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return type(from_rpc(caught.value)).__name__


def test_a_hand_written_loop_sees_transformers_logits(worker: Any, door: Any, loaded: Any, tiny: Any) -> None:
    lease = door.lease("s1")
    tokens = [4, 8, 15, 16]
    found = [logits(step(worker, lease, Row(session=1, tokens=tokens, logits=4)))]
    for token in (23, 42):
        tokens.append(token)
        found.append(logits(step(worker, lease, Row(session=1, tokens=[token], logits=1))))
    assert close(torch.cat(found), tiny.logits(tokens))


def test_steps_over_one_stream_go_on_after_one_that_fails(worker: Any, door: Any, loaded: Any, tiny: Any) -> None:
    lease, sent = door.lease("s10"), queue.SimpleQueue[Any]()
    replies = worker.engine.Steps(iter(sent.get, None))

    def ask(*rows: Any, lease: str = lease) -> Any:
        sent.put(engine_pb2.StepRequest(lease=lease, model="tiny", rows=rows))
        return next(replies)

    found = [logits(ask(Row(session=1, tokens=[4, 8, 15], logits=3)).response)]
    assert ask(Row(session=1, tokens=[96], logits=1)).failure.kind == "InvalidRequest"
    assert ask(Row(session=2, parent=99, tokens=[1])).failure.kind == "SessionNotFound"
    assert ask(Row(session=1, tokens=[1]), lease="never").failure.kind == "LeaseEnded"
    found.append(logits(ask(Row(session=1, tokens=[16], logits=1)).response))
    assert close(torch.cat(found), tiny.logits([4, 8, 15, 16]))
    sent.put(None)
    assert next(replies, None) is None and replies.code() is grpc.StatusCode.OK


def test_a_stream_that_ends_takes_its_step_back(worker: Any, door: Any, loaded: Any, tiny: Any) -> None:
    lease, sent = door.lease("s11"), queue.SimpleQueue[Any]()
    step(worker, lease, Row(session=1, tokens=[4, 8, 15], logits=0))
    before = worker.engine.Stats(engine_pb2.StatsRequest()).steps
    replies = worker.engine.Steps(iter(sent.get, None))
    sent.put(engine_pb2.StepRequest(lease=lease, model="tiny", rows=[Row(session=1, tokens=[7] * 3000, logits=1)]))
    until(worker, lambda stats: stats.running > 0 or stats.steps > before)
    replies.cancel()
    sent.put(None)
    until(worker, lambda stats: stats.running == 0)
    again = step(worker, lease, Row(session=1, crop=True, keep=3, tokens=[16], logits=1))
    assert close(logits(again), tiny.logits([4, 8, 15, 16])[-1:])


def test_beams_fork_and_crop(worker: Any, door: Any, loaded: Any, tiny: Any) -> None:
    lease = door.lease("s2")
    step(worker, lease, Row(session=1, tokens=[4, 8, 15, 16, 23], logits=0))
    both = step(
        worker,
        lease,
        Row(session=2, parent=1, tokens=[7], logits=1),
        Row(session=3, parent=1, crop=True, keep=3, tokens=[9, 9], logits=2),
    )
    assert close(logits(both)[:1], tiny.logits([4, 8, 15, 16, 23, 7])[-1:])
    assert close(logits(both)[1:], tiny.logits([4, 8, 15, 9, 9])[-2:])
    again = step(worker, lease, Row(session=1, crop=True, keep=2, tokens=[5], logits=1), close=[2])
    assert close(logits(again), tiny.logits([4, 8, 5])[-1:])
    worker.engine.CloseSession(engine_pb2.CloseSessionRequest(lease=lease, sessions=[1, 3, 77]))


def test_sessions_numbered_by_the_worker(worker: Any, door: Any, loaded: Any, tiny: Any) -> None:
    lease = door.lease("s3")
    first = worker.engine.OpenSession(engine_pb2.OpenSessionRequest(lease=lease, model="tiny")).session
    step(worker, lease, Row(session=first, tokens=[1, 2, 3], logits=0))
    fork = worker.engine.ForkSession(engine_pb2.ForkSessionRequest(lease=lease, session=first, keep=2)).session
    found = logits(step(worker, lease, Row(session=fork, tokens=[9], logits=1)))
    assert close(found, tiny.logits([1, 2, 9])[-1:])


def test_hidden_states_and_embeddings(worker: Any, door: Any, loaded: Any, tiny: Any) -> None:
    lease = door.lease("s4")
    rows = tiny.module.model.embed_tokens.weight[torch.tensor([3, 5])].detach()
    given = program_pb2.Tensor(dtype="DTYPE_FLOAT32", shape=rows.shape, data=rows.numpy().tobytes())
    response = step(worker, lease, Row(session=1, embeddings=given, logits=2), outputs=["hidden_states"])
    assert close(logits(response), tiny.logits([3, 5]))
    (hidden,) = [output.tensor for output in response.outputs if output.name == "hidden_states"]
    found = torch.frombuffer(bytearray(hidden.data), dtype=torch.float32).view(tuple(hidden.shape))
    expected = tiny.module(torch.tensor([[3, 5]]), output_hidden_states=True).hidden_states
    assert close(found, torch.stack(expected[:-1]))


def test_large_answers_are_downloaded(worker: Any, door: Any, loaded: Any, tiny: Any) -> None:
    lease = door.lease("s5")
    tokens = [i % 90 for i in range(500)]
    rows = [Row(session=number, tokens=tokens, logits=500) for number in range(1, 8)]
    response = step(worker, lease, *rows)
    (output,) = response.outputs
    assert not output.tensor.data and list(output.tensor.shape) == [3500, 96]
    transfer = engine_pb2.Transfer(transfer=output.tensor.transfer, lease=lease)
    data = b"".join(chunk.data for chunk in worker.engine.Download(transfer))
    found = torch.frombuffer(bytearray(data), dtype=torch.float32).view(7, 500, 96)
    assert all(torch.equal(found[0], other) for other in found)
    assert close(found[0], tiny.logits(tokens))
    assert kind_of(lambda: list(worker.engine.Download(transfer))) == "InvalidRequest"


def test_uploaded_tensors_are_used_up(worker: Any, door: Any, loaded: Any, tiny: Any) -> None:
    lease = door.lease("s6")
    rows = tiny.module.model.embed_tokens.weight[torch.tensor([3, 5, 9])].detach()
    data, header = rows.numpy().tobytes(), program_pb2.Tensor(dtype="DTYPE_FLOAT32", shape=rows.shape)
    chunks = [
        engine_pb2.TensorChunk(lease=lease, header=header, data=data[:100]),
        engine_pb2.TensorChunk(data=data[100:]),
    ]
    transfer = worker.engine.Upload(iter(chunks))
    given = program_pb2.Tensor(dtype="DTYPE_FLOAT32", shape=rows.shape, transfer=transfer.transfer)
    found = logits(step(worker, lease, Row(session=1, embeddings=given, logits=3)))
    assert close(found, tiny.logits([3, 5, 9]))
    assert kind_of(lambda: step(worker, lease, Row(session=2, embeddings=given, logits=3))) == "InvalidRequest"
    short = [engine_pb2.TensorChunk(lease=lease, header=header, data=data[:100])]
    assert kind_of(lambda: worker.engine.Upload(iter(short))) == "InvalidRequest"
    assert kind_of(lambda: worker.engine.Upload(iter(chunks[:1] + chunks))) == "InvalidRequest"
    huge = [engine_pb2.TensorChunk(lease=lease, header=program_pb2.Tensor(dtype="DTYPE_FLOAT32", shape=[1 << 61, 4]))]
    assert kind_of(lambda: worker.engine.Upload(iter(huge))) == "Overloaded"


def test_a_function_is_called(worker: Any, door: Any, loaded: Any, tiny: Any) -> None:
    lease = door.lease("s7")
    ids = torch.tensor([[3, 5, 9]])

    def call(function: str, name: str, tensor: torch.Tensor, dtype: str) -> Any:
        sent = program_pb2.Tensor(dtype=f"DTYPE_{dtype}", shape=tensor.shape, data=tensor.numpy().tobytes())
        inputs = [engine_pb2.NamedTensor(name=name, tensor=sent)]
        return worker.engine.Call(engine_pb2.CallRequest(lease=lease, model="tiny", function=function, inputs=inputs))

    (output,) = call("embed", "token_ids", ids, "INT64").outputs
    found = torch.frombuffer(bytearray(output.tensor.data), dtype=torch.float32).view(tuple(output.tensor.shape))
    assert output.name == "embeddings" and torch.equal(found, tiny.module.model.embed_tokens(ids).detach())
    for wrong in (
        lambda: call("embed", "token_ids", ids + 1000, "INT64"),
        lambda: call("embed", "token_ids", ids[0], "INT64"),
        lambda: call("embed", "token_ids", ids.int(), "INT32"),
        lambda: call("embed", "other", ids, "INT64"),
        lambda: call("nothing", "token_ids", ids, "INT64"),
        lambda: call("body", "token_ids", ids, "INT64"),
    ):
        assert kind_of(wrong) == "InvalidRequest"


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (Row(session=1, tokens=[96], logits=1), "InvalidRequest"),
        (Row(session=1, tokens=[-1], logits=1), "InvalidRequest"),
        (Row(session=1, tokens=[1], logits=2), "InvalidRequest"),
        (Row(session=1, tokens=[1], positions=[1, 2]), "InvalidRequest"),
        (Row(session=1, tokens=[1], positions=[-1]), "InvalidRequest"),
        (Row(session=1, parent=99, tokens=[1]), "SessionNotFound"),
        (Row(session=1, tokens=[1] * 9000), "PromptTooLong"),
        (Row(session=1, crop=True, keep=5, tokens=[1]), "InvalidRequest"),
        (
            Row(session=1, embeddings=program_pb2.Tensor(dtype="DTYPE_FLOAT32", shape=[1, 3], data=b"\0" * 12)),
            "InvalidRequest",
        ),
        (
            Row(session=1, embeddings=program_pb2.Tensor(dtype="DTYPE_FLOAT32", shape=[1, 64], data=b"\0")),
            "InvalidRequest",
        ),
        (Row(session=1, embeddings=program_pb2.Tensor(dtype="DTYPE_FLOAT32", transfer="guess")), "InvalidRequest"),
    ],
)
def test_what_is_wrong_with_a_row_is_told(worker: Any, door: Any, loaded: Any, row: Any, kind: str) -> None:
    lease = door.lease("s8")
    assert kind_of(lambda: step(worker, lease, row)) == kind
    assert worker.engine.Stats(engine_pb2.StatsRequest()).running == 0


def test_calls_without_a_lease_are_refused(worker: Any, door: Any, loaded: Any) -> None:
    assert kind_of(lambda: step(worker, "never", Row(session=1, tokens=[1]))) == "LeaseEnded"
    open_ = engine_pb2.OpenSessionRequest(lease="never", model="tiny")
    assert kind_of(lambda: worker.engine.OpenSession(open_)) == "LeaseEnded"
    header = program_pb2.Tensor(dtype="DTYPE_FLOAT32", shape=[1])
    assert (
        kind_of(lambda: worker.engine.Upload(iter([engine_pb2.TensorChunk(lease="never", header=header)])))
        == "LeaseEnded"
    )


def test_a_lease_takes_its_sessions_along(worker: Any, door: Any, loaded: Any) -> None:
    before = worker.engine.Stats(engine_pb2.StatsRequest())
    for number in range(20):
        lease = door.lease(f"many{number}")
        step(worker, lease, *[Row(session=1 + i, tokens=[1, 2, 3, number], logits=1) for i in range(10)])
        door.end(lease)
    door.lease("fence")
    after = worker.engine.Stats(engine_pb2.StatsRequest())
    assert after.sessions == before.sessions and after.leases == before.leases + 1
    assert kind_of(lambda: step(worker, "many0", Row(session=1, tokens=[1]))) == "LeaseEnded"
