"""peft's adapters in a stub's model: which are in use, whether anything of them changed, and where the model runs with them.

An adapter in use makes another model of a stub: another Program, over the same files and the adapter's tensors beside them, with a name of
its own on the engine, so with keys and values of its own. A script that switches back finds it where it left it. With all of them
switched off the model is the one that was loaded. Adapters that are built alike ask the compiler for the same (`adapters/beside.py`),
whatever the script calls them; their tensors are slots, named by their place in a file or by their content.

What cannot be there (hooks on an adapter, dropout) runs here, until that is over.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from aweigh.compiler.adapters.beside import Beside, active, beside
from aweigh.compiler.adapters.tree import in_use, wrappers
from aweigh.compiler.offload import placing
from aweigh.compiler.offload.beside_watch import HOOKS, BesideWatch
from aweigh.compiler.offload.connection import connection
from aweigh.compiler.offload.module.ledger import DTYPES, LEDGER, Entry, entries
from aweigh.compiler.offload.module.loads import unload
from aweigh.compiler.offload.placing import Place
from aweigh.compiler.offload.remote_tensor import RemoteTensor
from aweigh.proto.errors import CheckpointInvalid, InvalidRequest, OurBug, ProgramInvalid, UnsupportedModel
from aweigh.proto.v1 import compiler_pb2

# What a configuration says of an adapter's history and not of its modules.
_HISTORY = frozenset({"base_model_name_or_path", "revision", "task_type", "auto_mapping", "peft_version"})
# Modules of torch that do the same in training.
_EVEN = (nn.Linear, nn.Identity, nn.ModuleDict, nn.ModuleList, nn.ParameterDict, nn.ParameterList, nn.Embedding)
_NAMES = ("_active_adapter", "_disable_adapters")


class Gone(UnsupportedModel):
    """What was computed with adapters cannot go on: they were written to, or taken away."""


@dataclass(frozen=True, slots=True)
class Use:
    """Adapters in use: their names, what the compiler is asked for, and their tensors by the names that its answer has for them. `key`: of
    all but the tensors' values."""

    names: tuple[str, ...]
    request: compiler_pb2.Adapters
    tensors: dict[str, torch.Tensor]
    key: bytes = b""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a use was loaded, and what was known of its tensors then."""

    place: Place
    entries: tuple[Entry, ...]
    lease: str

    def is_ours(self, lease: str) -> bool:
        """Whether it was loaded for this lease: it has contents that the script put there."""
        return self.lease == lease and any(entry.digest is not None for entry in self.entries)

    def of(self, use: Use, lease: str) -> bool:
        """Whether it still is that of the use. Values are read where somebody else may have written to them."""
        now = map(values, use.tensors.values())
        return self.lease == lease and all(
            entry.unchanged(tensor) or LEDGER.entry(tensor).expression == entry.expression
            for entry, tensor in zip(self.entries, now, strict=True)
        )


def values(tensor: torch.Tensor) -> torch.Tensor:
    """The tensor with the bytes. A copy of a weight that is elsewhere brings its own here."""
    return tensor.weight.get() if isinstance(tensor, RemoteTensor) else tensor


class Adapters:
    """Of one model. `use`: what is in use, None where nothing is, as of the last look. `there`: whether there are any. `at`: where it runs,
    once that was asked for after the last look."""

    def __init__(self) -> None:
        self.use: Use | None = None
        self.at: Place | None = None
        self.there = False
        self._watch: BesideWatch | None = None
        self._tree: object = None
        self._reason: str | None = None
        self._placed: dict[tuple[bytes, torch.dtype], Placed] = {}
        self._refused: dict[tuple[bytes, torch.dtype], str] = {}

    def look(self, model: nn.Module, tree: object) -> str | None:
        """Finds out what is in use. Returns why its next call cannot leave, in a clause, or None; `at` is None then.

        tree: the same object while no module of the model was put around another or taken away from there."""
        self.at = None
        if self._watch is None or self._tree is not tree or self._watch.changed():
            self._watch, self._tree = BesideWatch(model), tree
            self.there = self._watch.there
            try:
                self.use, self._reason = used(model), None
            except UnsupportedModel as error:
                self.use, self._reason = None, str(error)
        return self._reason

    def place(self, use: Use, dtype: torch.dtype, make: Callable[[Use, bool], Placed]) -> Place:
        """Where the use runs; `make` loads it, with contents in place of files where it is told so. Kept as `at`, until the next look.

        Raises UnsupportedModel for what no engine can run, EngineUnreachable, EngineLost, Overloaded.
        """
        key, live = (use.key, dtype), connection()
        if key in self._refused:
            raise UnsupportedModel(self._refused[key])
        found = self._placed.get(key)
        if found is None or not found.of(use, live.lease):
            before = found
            try:
                found = self._placed[key] = self._made(use, make)
            except (UnsupportedModel, ProgramInvalid, CheckpointInvalid, InvalidRequest) as error:
                self._refused[key] = str(error).rstrip(".")
                raise UnsupportedModel(self._refused[key]) from None
            except OurBug as error:  # said aloud, and no reason to stop a script that can run here
                self._refused[key] = f"a bug of Aweigh stands in the way, please report it: {str(error)[:300]}"
                raise UnsupportedModel(self._refused[key]) from None
            if before is not None and before.is_ours(live.lease) and before.place.model != found.place.model:
                unload(live, before.place)  # the script wrote to its tensors
        self.at = found.place
        return self.at

    def _made(self, use: Use, make: Callable[[Use, bool], Placed]) -> Placed:
        try:
            return make(use, False)
        except CheckpointInvalid:
            if all(entry.digest is not None for entry in entries(map(values, use.tensors.values()))):
                raise
            return make(use, True)  # the engine does not find a file

    def filling(self, place: Place) -> tuple[str, tuple[str, ...]]:
        """What a cache is filled with by calls to `place`: its name there and the adapters; the same where none are in use."""
        return ("", ()) if self.use is None else (place.model, self.use.names)

    @contextmanager
    def as_then(self, model: nn.Module, filling: tuple[str, tuple[str, ...]]) -> Iterator[None]:
        """Inside, the model has in use what a cache was filled with. Raises Gone where it has that no more."""
        if not self.there and not filling[1]:
            yield
            return
        with in_use_again(model, filling[1]):
            use = used(model)
            if filling[1] and not (use is not None and self._was(use, filling[0])):
                raise Gone(
                    f"this was computed with the adapters {', '.join(filling[1])} as the model has them no more; "
                    "run this part under `with aweigh.local():`"
                )
            yield

    def _was(self, use: Use, name: str) -> bool:
        found = (placed for (key, _), placed in self._placed.items() if key == use.key)
        return any(placed.place.model == name and placed.of(use, placed.lease) for placed in found)

    def forget(self) -> None:
        """The engine that had them is gone."""
        self._placed.clear()
        self.at = None


def used(model: Any) -> Use | None:
    """The adapters that are in use in a model. Raises UnsupportedModel where that cannot be said as data."""
    names = active(model)
    if not names:
        return None
    found = beside(model, names)
    _check(found)
    configs = [_json(model.peft_config[name]) for name in names]
    request = compiler_pb2.Adapters(configs=configs, outline=found.outline)
    for name, tensor in sorted(found.tensors.items()):
        if tensor.dtype not in DTYPES:
            raise UnsupportedModel(f"an adapter's weight is {tensor.dtype}, which the wire has not")
        request.tensors.add(name=name, dtype=int(DTYPES[tensor.dtype]), shape=tensor.shape)
    key = "\0".join(names).encode() + request.SerializeToString(deterministic=True)
    return Use(names, request, {one.name: found.tensors[one.name] for one in request.tensors}, key)


def _check(found: Beside) -> None:
    for name, module in found.modules:
        if any(vars(module)[kind] for kind in HOOKS):
            raise UnsupportedModel(f"a hook was registered on {name}")
        if module.training and not isinstance(module, _EVEN):
            raise UnsupportedModel("an adapter is in training mode")


def beside_of(use: Use, *, content: bool) -> tuple[placing.Beside, tuple[Entry, ...]]:
    """What a load of the model is told beside its checkpoint, and what is known of the tensors; `content`: none of them by its file."""
    tensors = [values(tensor) for tensor in use.tensors.values()]
    found = tuple(entries(tensors, content=content))
    expressions = {name: entry.expression for name, entry in zip(use.tensors, found, strict=True)}
    contents = {entry.digest: tensor for entry, tensor in zip(found, tensors, strict=True) if entry.digest is not None}
    return placing.Beside(use.request, expressions, contents), found


def _json(config: Any) -> str:
    said = {key: value for key, value in config.to_dict().items() if key not in _HISTORY}
    return json.dumps(said | {"inference_mode": True}, default=_listed, sort_keys=True)


def _listed(value: Any) -> Any:
    return sorted(value) if isinstance(value, set | frozenset) else str(value)


@contextmanager
def in_use_again(model: nn.Module, names: tuple[str, ...]) -> Iterator[None]:
    """Inside, the adapters `names` are in use, and no others."""
    around = wrappers(model)
    before = [{name: vars(wrapper)[name] for name in _NAMES if name in vars(wrapper)} for wrapper in around]
    try:
        for wrapper in around:
            there = wrapper._get_available_adapters()
            chosen = [name for name in names if name in there]
            vars(wrapper).update(dict(zip(_NAMES, (chosen, not chosen), strict=True)))
            assert in_use(wrapper) == chosen
        yield
    finally:
        for wrapper, kept in zip(around, before, strict=True):
            for name in _NAMES:
                vars(wrapper).pop(name, None)
            vars(wrapper).update(kept)
