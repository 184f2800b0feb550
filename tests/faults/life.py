"""A worker's life in a process of its own: models that come and go under load, and whatever may befall it on the way.

`python -m tests.faults.life DIRECTORY` makes the models once and then forks a worker per line of its input, which names the failpoint to die at
(or nothing). It answers each with a line: the signal that ended the worker, or 0, and what it had to say.
"""

import ctypes
import json
import os
import sys
import threading
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.engine.conftest import Tiny, made
from tests.engine.llama import Shape
from tests.engine.worker.test_worker import Heard, submit

from aweigh.engine.__main__ import assemble
from aweigh.engine.config import Config
from aweigh.engine.run import paged
from aweigh.engine.schedule import events as ev
from aweigh.memory import region
from aweigh.memory.failpoints import VARIABLE
from aweigh.memory.frames import virtual_memory
from aweigh.memory.frames.core import FRAME_BYTES
from aweigh.memory.policy.lru import LRU
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.publish import publish
from aweigh.memory.store.verify import verify
from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import program_to_message
from aweigh.proto.convert_manifest import manifest_to_message
from aweigh.proto.v1 import engine_pb2

FRAMES, KV_FRAMES = 26, 4
PROMPT = [3, 1, 4, 1, 5, 9, 2, 6]
WAIT = 60.0


@dataclass
class World:
    """Two models that do not fit together, one of which was published, and a small one. `expected` by name, from transformers."""

    models: dict[str, Tiny]
    expected: dict[str, list[int]]
    policy: Path

    @classmethod
    def make(cls, directory: Path) -> "World":
        models = {}
        shape = Shape(layers=8, hidden=256, inner=1024, heads=4, kv_heads=2, head=64)
        for name, of in (("pages", shape), ("plain", shape), ("small", Shape())):
            (directory / name).mkdir()
            models[name] = made(of, directory / name)
        publish(models["pages"].directory, "pages", Store(), program=False)
        policy = directory / "policy.toml"
        policy.write_text(f"[arena]\nbytes = {FRAMES * FRAME_BYTES}\n[scrub]\nperiod_seconds = 0.2\n")
        return cls(models, {name: tiny.greedy(PROMPT, 6) for name, tiny in models.items()}, policy)


class Life:
    """One worker over a world."""

    def __init__(self, world: World, policy: Path | None = None) -> None:
        self.world = world
        options: dict[str, Any] = {"kv_bytes": KV_FRAMES * FRAME_BYTES, "block_size": 4, "kernels": "reference"}
        self.worker, self.service = assemble(
            Config(listen="unix:unused", policy=str(policy or world.policy), **options)
        )
        assert self.worker.pager is not None
        self.pager = self.worker.pager
        self.worker.post(ev.LeaseOpened("l"))
        self.loaded: dict[str, Any] = {}

    def load(self, name: str) -> None:
        tiny = self.world.models[name]
        request = engine_pb2.LoadModelRequest(
            model=name,
            program=program_to_message(tiny.program),
            manifest=manifest_to_message(tiny.manifest),
            directory=str(tiny.directory),
            fingerprint=fingerprint(tiny.program),
        )
        self.loaded[name] = self.service._loading.submit(self.service._load, request).result()

    def ask(self, *names: str) -> dict[str, Heard]:
        """All at once."""
        asked = {name: submit(self.worker, self.loaded[name], "l", PROMPT, 6) for name in names}
        return {name: heard.wait() for name, heard in asked.items()}

    def right(self, *names: str) -> bool:
        """Whether all are answered as transformers answers."""
        heard = self.ask(*names)
        return all(heard[name].tokens == self.world.expected[name] for name in names)

    def flip(self, name: str) -> int:
        """A bit of a resident region of a model, between two steps. Returns the region."""
        flipped: list[int] = []
        done = threading.Event()

        def flip() -> None:
            try:
                numbers = [n for n in self.loaded[name].model.weights.paging.regions if n is not None]
                with self.pager._changed:
                    number = next(n for n in numbers if self.pager._manager.is_resident(n))
                    place = self.pager.place(number)
                    assert not place.shows_file
                    size = place.frames * FRAME_BYTES
                    virtual_memory.protect(place.address, size, virtual_memory.READ | virtual_memory.WRITE)
                    byte = ctypes.c_ubyte.from_address(place.address + 4096)
                    byte.value ^= 4
                    virtual_memory.protect(place.address, size, virtual_memory.READ)
                flipped.append(number)
            finally:
                done.set()

        self.worker.call(flip)
        assert done.wait(WAIT)
        return flipped[0]

    def unload(self, *names: str) -> None:
        """Models go, and are gone when this returns."""
        for name in names:
            self.service._loading.submit(self.service._loader.unload, name).result()
            gone = threading.Event()
            self.worker.post(ev.ModelUnloaded(name))
            self.worker.call(gone.set)
            assert gone.wait(WAIT)
        self.service._loading.submit(int).result()
        while self.pager._motion.gives_soon:  # a look in hand, a read that was cancelled
            os.sched_yield()

    def close(self) -> None:
        self.worker.stop()
        self.service.close()
        self.pager.close()


def live(world: World) -> None:
    """Everything that migration can do, and every answer right."""
    paged.STAGE_BYTES = region.LARGE_BYTES = FRAME_BYTES
    life = Life(world)
    life.pager._carrier.map_cached = False
    names = tuple(world.models)
    for name in names:
        life.load(name)
    assert life.right(*names) and life.right("plain") and life.right("pages")
    found = threading.Event()
    told = life.pager.on_damage

    def tell(number: int) -> None:
        told(number)
        found.set()

    life.pager.on_damage = tell
    number = life.flip("pages")
    assert found.wait(WAIT) and life.pager.damages == [number]
    life.pager.set_policy(LRU())
    life.pager._carrier.map_cached = True
    assert life.right(*names) and life.right("plain", "small")
    life.unload(*names)
    life.pager.check_integrity()
    assert life.pager.frames.free == FRAMES
    life.close()


def main() -> None:
    """See the head of this file."""
    world = World.make(Path(sys.argv[1]))
    print("ready", flush=True)
    for line in sys.stdin:
        said, mouth = os.pipe()
        child = os.fork()
        if not child:
            try:
                if line.strip():
                    os.environ[VARIABLE] = line.strip()
                live(world)
            except BaseException:  # noqa: BLE001  whatever it was, the test is told
                os.write(mouth, traceback.format_exc()[-4000:].encode())
                os._exit(1)
            os._exit(0)
        os.close(mouth)
        with os.fdopen(said) as pipe:
            text = pipe.read()
        _, status = os.waitpid(child, 0)
        good = not line.strip() or verify(Store()).good
        ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)
        print(json.dumps({"signal": ended, "said": text, "good": good}), flush=True)


if __name__ == "__main__":
    main()
