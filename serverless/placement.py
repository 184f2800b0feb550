"""Placement: on which worker a model runs. Pure.

Today's rule: where it is loaded already, else the ready worker with the fewest weight bytes, ties by name. The registry keeps
what a model was loaded from, so that a worker that was restarted, or another one, can be given it again without the script.
"""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from aweigh.proto.errors import ModelNotFound, Overloaded

Source = TypeVar("Source")


@dataclass(slots=True)
class Registered(Generic[Source]):
    """A model and what a worker needs to load it."""

    source: Source
    weight_bytes: int = 0
    workers: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Placement(Generic[Source]):
    """Which models are known, and where they are loaded."""

    models: dict[str, Registered[Source]] = field(default_factory=dict)
    ready: set[str] = field(default_factory=set)

    def register(self, model: str, source: Source) -> None:
        """Makes a model known; a known one keeps its workers."""
        if model not in self.models:
            self.models[model] = Registered(source)

    def loaded(self, model: str, worker: str, weight_bytes: int) -> None:
        known = self.models[model]
        known.weight_bytes = weight_bytes
        known.workers.add(worker)

    def forget(self, model: str) -> set[str]:
        """Removes a model; gives the workers that hold it. Raises ModelNotFound."""
        workers = self._known(model).workers
        del self.models[model]
        return workers

    def worker_ready(self, worker: str) -> None:
        self.ready.add(worker)

    def worker_gone(self, worker: str) -> None:
        """What was loaded there is not any more."""
        self.ready.discard(worker)
        for known in self.models.values():
            known.workers.discard(worker)

    def choose(self, model: str) -> tuple[str, bool]:
        """A ready worker, and whether it holds the model already. Raises ModelNotFound, Overloaded (no worker is ready)."""
        known = self._known(model)
        if held := sorted(known.workers & self.ready):
            return held[0], True
        if not self.ready:
            raise Overloaded("no worker is ready: retry in a moment, or look at `aweigh status`")
        return min(self.ready, key=lambda worker: (self._bytes_on(worker), worker)), False

    def _bytes_on(self, worker: str) -> int:
        return sum(known.weight_bytes for known in self.models.values() if worker in known.workers)

    def _known(self, model: str) -> Registered[Source]:
        if model not in self.models:
            raise ModelNotFound(f"no model {model!r} is known here: load it first")
        return self.models[model]
