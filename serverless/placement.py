"""Placement: on which worker a model runs. Pure.

Today's rule: where it is loaded already, else the ready worker with the fewest weight bytes, ties by name. The registry keeps
what a model was loaded from, so that a worker that was restarted, or another one, can be given it again without the script.

A model that only leases loaded is forgotten with the last of them, as its worker unloads it. What a lease puts lies on one worker, its
home: the first that it was sent to. So the answer to what is missing there finds the worker that asked, and graphs of one module meet.
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
    leases: set[str] | None = None  # None: it was loaded without one, and stays


@dataclass(slots=True)
class Placement(Generic[Source]):
    """Which models are known, and where they are loaded."""

    models: dict[str, Registered[Source]] = field(default_factory=dict)
    ready: set[str] = field(default_factory=set)
    homes: dict[str, str] = field(default_factory=dict)  # lease -> worker

    def register(self, model: str, source: Source, lease: str = "") -> None:
        """Makes a model known; a known one keeps its workers. With a lease it is forgotten when that ends, unless others keep it."""
        known = self.models.get(model)
        if known is None:
            self.models[model] = Registered(source, leases={lease} if lease else None)
        elif not lease:
            known.leases = None
        elif known.leases is not None:
            known.leases.add(lease)

    def lease_ended(self, lease: str) -> list[str]:
        """Forgets the models that only this lease kept. Returns their names."""
        self.homes.pop(lease, None)
        forgotten = []
        for model, known in list(self.models.items()):
            if known.leases is not None:
                known.leases.discard(lease)
                if not known.leases:
                    del self.models[model]
                    forgotten.append(model)
        return forgotten

    def loaded(self, model: str, worker: str, weight_bytes: int) -> None:
        """Says where a model is; one that was forgotten meanwhile stays so."""
        if model in self.models:
            self.models[model].weight_bytes = weight_bytes
            self.models[model].workers.add(worker)

    def missing(self, model: str, worker: str) -> None:
        """Says that a worker does not hold a model, or not any more."""
        if model in self.models:
            self.models[model].workers.discard(worker)

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
        self.homes = {lease: home for lease, home in self.homes.items() if home != worker}

    def choose(self, model: str, lease: str = "") -> tuple[str, bool]:
        """A ready worker, and whether it holds the model already. Raises ModelNotFound, Overloaded (no worker is ready)."""
        known = self._known(model)
        if held := sorted(known.workers & self.ready):
            return held[0], True
        if not self.ready:
            raise Overloaded("no worker is ready: retry in a moment, or look at `aweigh status`")
        worker = self.homes.get(lease) or min(self.ready, key=lambda worker: (self._bytes_on(worker), worker))
        if lease:
            self.homes[lease] = worker
        return worker, False

    def _bytes_on(self, worker: str) -> int:
        return sum(known.weight_bytes for known in self.models.values() if worker in known.workers)

    def _known(self, model: str) -> Registered[Source]:
        if model not in self.models:
            raise ModelNotFound(f"no model {model!r} is known here: load it first")
        return self.models[model]
