"""How far a load is: the loader counts, and the worker's numbers tell. A release that fails is told, too."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from tests.engine.rpc.conftest import load_request

from aweigh.engine import loading
from aweigh.engine.rpc.service import EngineService
from aweigh.engine.run import structure
from aweigh.engine.schedule.instructions import Counters
from aweigh.kernels import load as load_kernels
from aweigh.memory.host_arena import HostArena
from aweigh.memory.kv import KvStore
from aweigh.proto.errors import Overloaded
from aweigh.proto.v1 import engine_pb2


def test_a_load_in_progress_is_counted_and_told(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    none: Any = None
    loader = loading.Loader(none, none, none, none, 16)
    service = EngineService(SimpleNamespace(pager=None), loader, "worker", "cpu")  # type: ignore[arg-type]
    counters = Counters(**dict.fromkeys(Counters.__slots__, 0) | {"requests": {}})  # type: ignore[arg-type]

    async def count(function: object) -> object:
        return counters, []

    monkeypatch.setattr(service, "_on_step_thread", count)
    monkeypatch.setattr(loading, "Structure", lambda *arguments: SimpleNamespace(anew=lambda: None))
    seen: list[Any] = []

    def stats() -> Any:
        async def ask() -> Any:
            return await service.Stats(engine_pb2.StatsRequest(), none)

        return asyncio.run(ask())

    def load(manifest: Any, slots: Any, checkpoint: Any, arena: Any, tell: Any, digest: bytes) -> Any:
        tell(3, 7)
        seen.append(stats().loading)
        raise MemoryError("none left")

    monkeypatch.setattr(loading, "load", load)
    try:
        with pytest.raises(Overloaded, match="none left"):
            loader.load(load_request(tiny))
        after = stats()
    finally:
        service.close()
    ((entry,),) = seen
    assert (entry.model, entry.bytes_done, entry.bytes_total) == ("tiny", 3, 7)
    assert not after.loading


def test_a_structure_that_was_here_is_not_proved_again(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    arena = HostArena()
    store = KvStore(arena, 1 << 20)
    loader = loading.Loader(arena, store, load_kernels("reference"), torch.device("cpu"), 16)
    first = loader.load(load_request(tiny))
    assert isinstance(first, loading.Loaded)
    first.model.structure.close_pools()
    loader.unload(first.spec.name)
    loader.release(first.model)
    monkeypatch.setattr(structure, "verify", lambda program: pytest.fail("it was proved before"))
    again = loader.load(load_request(tiny))
    assert isinstance(again, loading.Loaded)
    assert again.model.structure.pool is not None
    assert first.model.structure.pool is not again.model.structure.pool
    name = tiny.program.functions[0].name
    assert again.model.structure.plan(name) is first.model.structure.plan(name)


def test_a_release_that_fails_is_one_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    none: Any = None
    loader = loading.Loader(none, none, none, none, 16)
    worker = SimpleNamespace()
    service = EngineService(worker, loader, "worker", "cpu")  # type: ignore[arg-type]
    released: list[str] = []

    def release(model: Any) -> None:
        released.append(model.name)
        if model.name == "bad":
            raise OSError("an extent is gone")

    monkeypatch.setattr(loader, "release", release)
    for name in ("good", "bad", "good"):
        worker.on_release(SimpleNamespace(name=name))
    service._loading.shutdown(wait=True)
    assert released == ["good", "bad", "good"]
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.getMessage() == "model bad was not released"
    assert record.exc_info is not None and str(record.exc_info[1]) == "an extent is gone"
    service.close()
