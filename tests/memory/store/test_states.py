"""The store against a dictionary: whatever is published, replaced, removed and given back, what is named is what was put there."""

import os
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.memory.store.checkpoints import Raw, pages, put, read_back, write

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect, remove_model
from aweigh.memory.store.listing import models
from aweigh.memory.store.stored import Stored
from aweigh.memory.store.verify import verify

NAMES = st.sampled_from(["a", "b", "c"])
CONTENTS = st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=3), min_size=1, max_size=2)


class StoreMachine(RuleBasedStateMachine):
    """Models of a few pages out of five."""

    @initialize()
    def begin(self) -> None:
        self.directory = tempfile.TemporaryDirectory()
        self.store = Store(Path(self.directory.name) / "store")
        self.store.prepare()
        self.models: dict[str, dict[str, Raw]] = {}
        self.readers: list[tuple[Stored, dict[str, Raw]]] = []
        self.count = 0

    @rule(name=NAMES, contents=CONTENTS)
    def publish(self, name: str, contents: list[list[int]]) -> None:
        tensors = {f"t{at}": pages(*numbers) for at, numbers in enumerate(contents)}
        self.count += 1
        put(self.store, write(Path(self.directory.name) / str(self.count), tensors), name)
        self.models[name] = tensors

    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        if name in self.models:
            remove_model(self.store, name)
            del self.models[name]

    @rule(name=NAMES)
    def open(self, name: str) -> None:
        if name in self.models and len(self.readers) < 2:
            self.readers.append((Stored(self.store, name), self.models[name]))

    @rule()
    def close(self) -> None:
        if self.readers:
            self.readers.pop()[0].close()

    @rule()
    def collect(self) -> None:
        collect(self.store)
        if not self.readers:
            distinct = {
                page
                for tensors in self.models.values()
                for tensor in tensors.values()
                for page in (tensor.data[at : at + 64] for at in range(0, len(tensor.data), PAGE_BYTES))
            }
            used = sum(path.stat().st_blocks * 512 for path in self.store.segments.iterdir())
            assert used == len(distinct) * PAGE_BYTES

    @invariant()
    def what_is_named_is_what_was_put_there(self) -> None:
        if not hasattr(self, "store"):
            return
        assert verify(self.store).good
        assert {model.name for model in models(self.store)} == set(self.models)
        for name, tensors in self.models.items():
            assert read_back(self.store, name) == tensors

    @invariant()
    def what_is_open_can_be_read(self) -> None:
        for stored, tensors in getattr(self, "readers", []):
            for tensor in stored.tensors.values():
                assert tensor.extent is not None
                runs = stored.extents[tensor.extent].runs
                data = b"".join(os.pread(run.descriptor, run.length, run.offset) for run in runs)
                assert data[tensor.offset : tensor.offset + tensor.length] == tensors[tensor.name].data

    def teardown(self) -> None:
        for stored, _ in getattr(self, "readers", []):
            stored.close()
        if hasattr(self, "directory"):
            self.directory.cleanup()


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
