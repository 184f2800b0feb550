"""Models whose weights were put: what is missing is named, what came is proved, and all of it goes with the leases."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import torch
from tests.engine.rpc.modules import called, chunks, content_of, request

from aweigh.proto.dtypes import DType
from aweigh.proto.program import FileBytes
from aweigh.proto.status import from_rpc
from aweigh.proto.v1 import engine_pb2

ROWS = torch.arange(48, dtype=torch.float32).view(2, 3, 8)


def _kind(call: Callable[[], Any]) -> str:
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return type(from_rpc(caught.value)).__name__


def _weight(seed: int) -> torch.Tensor:
    return torch.randn(8, 8, generator=torch.Generator().manual_seed(seed))


def _close(found: torch.Tensor, weight: torch.Tensor) -> bool:
    return torch.allclose(found, ROWS @ weight.T, atol=1e-4)


def _until(condition: Callable[[], bool]) -> None:
    """What follows the end of a lease happens on other threads: each look is a round trip, and the test's own limit ends them."""
    while not condition():
        pass


def _models(worker: Any) -> list[str]:
    return [model.model for model in worker.engine.ListModels(engine_pb2.ListModelsRequest()).models]


def _load(worker: Any, lease: str, seed: int, **changes: Any) -> Any:
    leaf, _ = content_of(_weight(seed))
    return worker.engine.LoadModel(request(leaf, lease=lease, **changes))


def test_a_model_is_loaded_once_its_content_is_here_and_goes_with_its_lease(worker: Any, door: Any) -> None:
    lease = door.lease("c1")
    leaf, data = content_of(_weight(1))
    missing = _load(worker, lease, 1)
    assert list(missing.missing) == [leaf.digest] and not missing.functions
    before = _models(worker)
    stored = worker.engine.PutContent(iter(chunks(lease, data) + chunks(lease, b"another") + chunks(lease, b"")))
    assert stored.bytes == 256 + 7
    loaded = _load(worker, lease, 1)
    assert not loaded.missing and loaded.weight_bytes == 256 and list(loaded.functions) == ["main"]
    assert _close(called(worker.engine, lease, loaded.model, ROWS), _weight(1))
    small = ROWS[:1, :2]
    assert torch.allclose(called(worker.engine, lease, loaded.model, small), small @ _weight(1).T, atol=1e-4)
    door.end(lease)
    _until(lambda: _models(worker) == before)
    assert list(_load(worker, door.lease("c1b"), 1).missing) == [leaf.digest]


def test_two_leases_share_a_content_and_the_last_one_keeps_it(worker: Any, door: Any) -> None:
    first, second = door.lease("c2a"), door.lease("c2b")
    worker.engine.PutContent(iter(chunks(first, content_of(_weight(2))[1])))
    model = _load(worker, first, 2, model="shared").model
    assert _load(worker, second, 2, model="shared").already_loaded
    other = _load(worker, second, 2, model="other").model
    door.end(first)
    for name in (model, other):
        assert _close(called(worker.engine, second, name, ROWS), _weight(2))
    assert not _load(worker, second, 2, model="third").missing, "the models' own reading keeps it"
    door.end(second)
    _until(lambda: not {"shared", "other", "third"} & set(_models(worker)))


def test_what_is_wrong_with_a_content_is_told(worker: Any, door: Any) -> None:
    lease, other = door.lease("c3"), door.lease("c3b")
    put = worker.engine.PutContent
    data = bytes(range(250))
    whole = chunks(lease, data)
    for sent, kind in (
        (chunks(lease, data, digest=b"\1" * 32), "InvalidRequest"),
        (chunks(lease, data, digest=b"\1" * 31), "InvalidRequest"),
        (chunks(lease, data, size=251), "InvalidRequest"),
        (chunks(lease, data, size=249), "InvalidRequest"),
        (whole[1:], "LeaseEnded"),
        (whole[:1] + whole, "InvalidRequest"),
        (whole[:2], "InvalidRequest"),
        (whole + chunks(other, b"of another lease"), "InvalidRequest"),
        (chunks("nobody's", data), "LeaseEnded"),
        (chunks(lease, data[1:], size=1 << 60), "Overloaded"),
    ):
        assert _kind(lambda sent=sent: put(iter(sent))) == kind  # type: ignore[misc]
    assert put(iter([])).bytes == 0
    leaf, _ = content_of(_weight(3))
    assert _kind(lambda: worker.engine.LoadModel(request(leaf))) == "InvalidRequest"
    assert _kind(lambda: worker.engine.LoadModel(request(leaf, lease="nobody's"))) == "LeaseEnded"


def test_an_upload_ends_with_its_lease(worker: Any, door: Any) -> None:
    lease = door.lease("c4")
    asked, stop = threading.Event(), threading.Event()

    def sent() -> Iterator[Any]:
        yield chunks(lease, bytes(200))[0]
        asked.set()
        stop.wait()

    call = worker.engine.PutContent.future(sent())
    assert asked.wait(30)
    door.end(lease)
    assert _kind(lambda: call.result(30)) == "LeaseEnded"
    stop.set()


def test_an_upload_that_breaks_off_leaves_room_for_the_next(worker: Any, door: Any) -> None:
    lease = door.lease("c5")
    data = content_of(_weight(5))[1]
    asked, stop = threading.Event(), threading.Event()

    def sent() -> Iterator[Any]:
        yield from chunks(lease, b"whole")
        yield chunks(lease, data)[0]
        asked.set()
        stop.wait()

    call = worker.engine.PutContent.future(sent())
    assert asked.wait(30)
    call.cancel()
    stop.set()
    assert worker.engine.PutContent(iter(chunks(lease, data))).bytes == 256
    assert _close(called(worker.engine, lease, _load(worker, lease, 5).model, ROWS), _weight(5))


def test_weights_are_read_from_where_torch_saved_them(worker: Any, door: Any, tmp_path: Path) -> None:
    lease, path = door.lease("c6"), tmp_path / "model.pt"
    torch.save({"w": _weight(6)}, path)
    data = content_of(_weight(6))[1]
    status, offset = path.stat(), path.read_bytes().index(data)
    leaf = FileBytes(str(path), status.st_size, status.st_mtime_ns, offset, DType.FLOAT32, (8, 8))
    loaded = worker.engine.LoadModel(request(leaf, model="from a file"))
    assert _close(called(worker.engine, lease, loaded.model, ROWS), _weight(6))
    door.end(lease)
    door.lease("c6b")
    assert "from a file" in _models(worker)
    worker.engine.UnloadModel(engine_pb2.UnloadModelRequest(model="from a file"))
    path.write_bytes(path.read_bytes() + b"\0")
    assert _kind(lambda: worker.engine.LoadModel(request(leaf))) == "CheckpointInvalid"


def test_models_of_other_weights_are_other_models(worker: Any, door: Any, tmp_path: Path) -> None:
    """Also where they read the same bytes in another order."""
    from aweigh.proto.program import Permute

    path = tmp_path / "model.pt"
    torch.save({"w": _weight(7)}, path)
    status, offset = path.stat(), path.read_bytes().index(content_of(_weight(7))[1])
    leaf = FileBytes(str(path), status.st_size, status.st_mtime_ns, offset, DType.FLOAT32, (8, 8))
    lease = door.lease("c7")
    first = worker.engine.LoadModel(request(leaf, lease=lease)).model
    second = worker.engine.LoadModel(request(Permute(leaf, (1, 0)), lease=lease)).model
    assert first != second
    assert _close(called(worker.engine, lease, first, ROWS), _weight(7))
    assert _close(called(worker.engine, lease, second, ROWS), _weight(7).T)
    door.end(lease)
    _until(lambda: not {first, second} & set(_models(worker)))
