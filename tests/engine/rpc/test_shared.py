"""Tensors in memory that a stream of calls shares: where they may lie, who finds it, and when it is gone."""

import contextlib
import mmap
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from tests.engine.rpc.modules import chunks, content_of, request

from aweigh.compiler.offload.call_lane import CallLane
from aweigh.engine.rpc.shared import ALIGNMENT, PROOF_BYTES, Shared
from aweigh.engine.rpc.transfers import MAX_LEASE_BYTES
from aweigh.proto.errors import InvalidRequest, LeaseEnded, Overloaded
from aweigh.proto.v1 import engine_pb2
from aweigh.proto.v1 import program_pb2 as pb

WEIGHT = torch.randn(8, 8, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def shared() -> Iterator[Shared]:
    made = Shared(4096)
    yield made
    made.close()


def mapped(shared: Shared) -> mmap.mmap:
    """As a client maps it."""
    message = shared.message()
    descriptor = os.open(message.path, os.O_RDWR)
    try:
        return mmap.mmap(descriptor, message.size)
    finally:
        os.close(descriptor)


def said(dtype: str, begin: int, *shape: int) -> pb.Tensor:
    return pb.Tensor(dtype=f"DTYPE_{dtype}", shape=shape, shared=begin)


def test_a_client_that_opened_the_right_file_knows_by_its_proof(shared: Shared) -> None:
    proof = shared.message().proof
    assert len(proof) == PROOF_BYTES and mapped(shared)[:PROOF_BYTES] == proof


def test_nobody_can_shrink_it_under_the_other(shared: Shared) -> None:
    descriptor = os.open(shared.message().path, os.O_RDWR)
    for size in (0, 8192):
        with pytest.raises(PermissionError):
            os.ftruncate(descriptor, size)
    os.close(descriptor)


def test_floats_are_read_where_they_lie_and_others_are_copied(shared: Shared) -> None:
    memory = mapped(shared)
    memory[64:72] = torch.tensor([1.0, 2.0]).numpy().tobytes()
    memory[128:144] = torch.tensor([3, 4]).numpy().tobytes()
    memory[192:195] = bytes([0, 1, 7])
    floats, numbers = shared.tensor(said("FLOAT32", 64, 2)), shared.tensor(said("INT64", 128, 2, 1))
    truths = shared.tensor(said("BOOL", 192, 3))
    assert floats.tolist() == [1.0, 2.0] and numbers.tolist() == [[3], [4]] and truths.tolist() == [False, True, True]
    assert truths.view(torch.uint8).tolist() == [0, 1, 1], "a bool that is 7 is no bool"
    memory[64:68] = torch.tensor([9.0]).numpy().tobytes()
    memory[128:136] = torch.tensor([1 << 40]).numpy().tobytes()
    assert floats.tolist() == [9.0, 2.0]
    assert numbers.tolist() == [[3], [4]], "an index stays what was checked"


@pytest.mark.parametrize(
    ("begin", "count"), [(63, 1), (4096 - 64, 17), (4096, 1), (1 << 63, 1), (64, 1 << 61), (64, 1009)]
)
def test_what_does_not_lie_inside_is_refused(begin: int, count: int, shared: Shared) -> None:
    with pytest.raises(InvalidRequest):
        shared.tensor(said("FLOAT32", begin, count))


def test_outputs_are_placed_as_far_as_they_fit(shared: Shared) -> None:
    outputs = {
        "large": torch.ones(1000),
        "small": torch.arange(6.0).view(2, 3).t(),
        "nothing": torch.empty(0),
        "word": torch.tensor(7),
    }
    offsets = shared.place(outputs, room=130)
    assert offsets == {"small": 192, "word": 256}
    memory = mapped(shared)
    assert memory[192 : 192 + 24] == outputs["small"].contiguous().numpy().tobytes()
    assert memory[256:264] == (7).to_bytes(8, "little")
    assert shared.place({"x": torch.ones(1)}, room=1) == {"x": ALIGNMENT}, "the proof is not written over"
    assert shared.place(outputs, room=1 << 40) == {}


def test_what_is_closed_has_no_room_and_what_was_read_stays() -> None:
    shared = Shared(4096)
    floats = shared.tensor(said("FLOAT32", 64, 2))
    shared.close()
    assert floats.tolist() == [0.0, 0.0]
    assert shared.place({"x": torch.ones(1)}, room=64) == {}


# Over a stream


class Client:
    """A lane of calls to a worker, for a lease that loaded a module."""

    def __init__(self, worker: Any, lease: str) -> None:
        self.lane = CallLane(worker.engine.Calls)
        self.lease = lease
        leaf, data = content_of(WEIGHT)
        worker.engine.PutContent(iter(chunks(lease, data)))
        self.model = worker.engine.LoadModel(request(leaf, lease=lease)).model

    def request(self, rows: torch.Tensor) -> engine_pb2.CallRequest:
        made = engine_pb2.CallRequest(lease=self.lease, model=self.model, function="main")
        made.inputs.add(name="0", tensor=pb.Tensor(dtype="DTYPE_FLOAT32", shape=rows.shape))
        return made

    def call(self, rows: torch.Tensor) -> tuple[torch.Tensor, bool, bool]:
        """What came back, and whether it went, and came, through shared memory."""
        flat: Any = rows.reshape(-1).view(torch.uint8).numpy()
        made, view = self.request(rows), memoryview(flat)
        self.lane.outputs = max(self.lane.outputs, len(view))
        (there,) = self.lane.give(made, [view])
        if not there:
            made.inputs[0].tensor.data = bytes(view)
        (output,) = self.lane.ask(made).response.outputs
        back = output.tensor.HasField("shared")
        data = self.lane.taken(output.tensor.shared, len(view)) if back else bytearray(output.tensor.data)
        return torch.frombuffer(data, dtype=torch.float32).view(rows.shape), there, back


@pytest.fixture
def client(worker: Any, door: Any) -> Iterator[Client]:
    made = Client(worker, door.lease("shared"))
    yield made
    made.lane.close()
    door.end("shared")


def rows(count: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(1, count, 8, generator=torch.Generator().manual_seed(seed))


def files(worker: Any) -> int:
    """How many files of shared memory the worker has open, or mapped."""
    folder = f"/proc/{worker.process.pid}/fd"
    found = set()
    for name in os.listdir(folder):
        with contextlib.suppress(FileNotFoundError):  # closed in the meantime
            if "memfd:aweigh" in os.readlink(f"{folder}/{name}"):
                found.add(os.stat(f"{folder}/{name}").st_ino)
    return len(found)


def until(condition: Callable[[], bool]) -> None:
    """What follows the end of a lease happens elsewhere: each look takes its time, and the test's own limit ends them."""
    while not condition():
        pass


@pytest.mark.parametrize(("count", "by_memory"), [(1, False), (1 << 10, True), (1 << 14, True), (1 << 18, True)])
def test_large_tensors_go_and_come_through_memory(count: int, by_memory: bool, client: Client) -> None:
    for seed in range(2):
        found, there, back = client.call(rows(count, seed))
        assert torch.allclose(found, rows(count, seed) @ WEIGHT.T, atol=1e-4)
        assert (there, back) == (by_memory, by_memory)


def test_memory_grows_with_what_is_given_and_the_old_one_is_closed(worker: Any, client: Client) -> None:
    before = files(worker)
    for count in (1 << 12, 1 << 18, 1 << 12, 1 << 19):
        found, there, back = client.call(rows(count))
        assert there and back and torch.allclose(found, rows(count) @ WEIGHT.T, atol=1e-4)
        assert files(worker) == before + 1


def test_the_memory_goes_with_its_stream(worker: Any, client: Client) -> None:
    before = files(worker)
    client.call(rows(1 << 12))
    assert files(worker) == before + 1
    client.lane.close()
    until(lambda: files(worker) == before)


def test_the_memory_goes_with_its_lease(worker: Any, door: Any) -> None:
    before = files(worker)
    client = Client(worker, door.lease("ended"))
    client.call(rows(1 << 12))
    door.end("ended")
    until(lambda: files(worker) == before)
    with pytest.raises(Exception, match=r"lease|CANCELLED"):
        client.call(rows(1 << 12))
    client.lane.close()


@pytest.mark.parametrize("wrong", [8, 1 << 40])
def test_a_wrong_place_fails_that_call_alone(wrong: int, client: Client) -> None:
    client.call(rows(1 << 12))
    made = client.request(rows(1))
    made.inputs[0].tensor.shared = wrong
    with pytest.raises(InvalidRequest):
        client.lane.ask(made)
    found, there, _ = client.call(rows(1 << 12))
    assert there and torch.allclose(found, rows(1 << 12) @ WEIGHT.T, atol=1e-4)


def test_a_stream_that_shares_nothing_has_no_place(client: Client) -> None:
    made = client.request(rows(1))
    made.inputs[0].tensor.shared = 64
    with pytest.raises(InvalidRequest, match="the stream has none"):
        client.lane.ask(made)


def test_shared_memory_has_a_limit_and_an_owner(client: Client) -> None:
    for size in (1, MAX_LEASE_BYTES + 1, 1 << 62):
        with pytest.raises(Overloaded):
            client.lane.ask(engine_pb2.CallRequest(lease=client.lease, share=size))
    with pytest.raises(LeaseEnded):
        client.lane.ask(engine_pb2.CallRequest(lease="nobody's", share=4096))
    assert client.call(rows(1 << 12))[1]


def test_what_cannot_be_opened_travels_and_nobody_asks_again(
    worker: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def elsewhere(*_: object) -> int:
        tries.append(1)
        raise PermissionError

    monkeypatch.setattr("aweigh.compiler.offload.call_lane.os.open", elsewhere)
    for _ in range(2):
        found, there, back = client.call(rows(1 << 10))
        assert not there and not back and torch.allclose(found, rows(1 << 10) @ WEIGHT.T, atol=1e-4)
    assert len(tries) == 1


def test_another_file_of_that_name_is_not_taken(client: Client, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    other.write_bytes(bytes(64 << 20))
    opened = os.open
    monkeypatch.setattr("aweigh.compiler.offload.call_lane.os.open", lambda path, flags: opened(other, flags))
    found, there, _ = client.call(rows(1 << 10))
    assert not there and torch.allclose(found, rows(1 << 10) @ WEIGHT.T, atol=1e-4)
    assert not any(other.read_bytes()[: 1 << 20]), "nothing was written there"
