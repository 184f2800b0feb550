"""The state that makes a transformers model a stub: where it runs, whether it still may, and how it comes back here.

It lives in the model's `__dict__`; the model keeps its class. A call is remote while the model is what was compiled; what changes it
(a module replaced, a weight written to, training) sends it back here for good, with its weights read from the checkpoint, and the
answer is then transformers' own. `with aweigh.local()` and `model.aweigh_local` do the same for as long as they hold.
"""

import importlib
import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

import torch
import transformers
from torch import nn

from aweigh.compiler.adapters.tree import named_buffers
from aweigh.compiler.locks import lock
from aweigh.compiler.offload import checkpoint, opt_out, raw_memory
from aweigh.compiler.offload.adapters import Adapters, Placed, Use, beside_of
from aweigh.compiler.offload.connection import connection
from aweigh.compiler.offload.continuing import Continuing, continuing
from aweigh.compiler.offload.graft import graft
from aweigh.compiler.offload.own_state import rows_apart
from aweigh.compiler.offload.padding import kept_out
from aweigh.compiler.offload.placing import Beside, Place, place
from aweigh.compiler.offload.positions import counted
from aweigh.compiler.offload.remote_tensor import RemoteTensor, Weight, kept_here, whole
from aweigh.compiler.offload.settings import current
from aweigh.compiler.offload.shared_weights import SharedWeights
from aweigh.compiler.offload.structure import Structure
from aweigh.compiler.offload.summary import SUMMARY, ModelSummary, say
from aweigh.proto.errors import UnsupportedModel

_ATTRIBUTE = "_aweigh_stub"
_use_count: Any = torch._C.TensorBase._use_count  # type: ignore[attr-defined]
_PASSING = frozenset({"the model is in training mode", "autocast is on"})  # reasons that may be over at the next call


class Stub:
    """One per model. `dtype`: of the weights as loaded; `files`: the checkpoint's; `place`: None after a cast, until the next call;
    `patches`: the module whose `install` makes a class ask its stub."""

    patches: ClassVar[str] = "aweigh.compiler.offload.forward"

    def __init__(self, model: Any, files: list[str], dtype: torch.dtype, summary: ModelSummary | None = None) -> None:
        self.files = files
        self._counts: list[bool | None] = []  # once it was asked
        self._keeps_out: list[bool] = []  # likewise
        self._continues: list[Continuing] = []  # likewise
        self._rows_apart: list[bool] = []  # likewise
        self.directory = os.path.dirname(os.path.abspath(files[0]))
        self.class_name = type(model).__name__
        self.dtype = dtype
        self.attention = model.config._attn_implementation
        self.depth = self._layers(model.config)
        self.place: Place | None = None
        self.placed_dtype = dtype
        self.structure: Structure | None = None
        self.origin: Structure | None = None  # of the model that this one is a deep copy of
        self.watched: list[tuple[torch.Tensor, int]] = []
        self.told = False  # that weights are read here
        self._twin: Any = None  # an ordinary model of the same weights, for gradients
        self.kept: list[Weight] = []  # of tensors that are ordinary ones by now
        self.adapters = Adapters()
        self.detached: str | None = None
        self.pending: str | None = None
        self.shared: SharedWeights | None = None  # once the script has called `share_memory`
        self._hindered: str | None = None  # by adapters, at the last look
        self.garbage: list[int] = []  # sessions on the worker that nothing here needs
        self.summary: ModelSummary = summary or SUMMARY.model(f"{self.class_name} {self.directory}")
        self.lock = lock()

    def _layers(self, config: Any) -> int:
        return int(getattr(config.get_text_config(decoder=True), "num_hidden_layers", 1))

    def __deepcopy__(self, memo: dict[int, Any]) -> "Stub":
        made: Stub = object.__new__(Stub)
        vars(made).update(vars(self), pending=self.pending or self._travelled())
        made.structure, made.origin, made.watched, made.kept = None, self.structure or self.origin, [], []
        made._twin, made.adapters, made.shared = None, Adapters(), None
        made.lock = lock()
        return made

    def __reduce_ex__(self, protocol: Any) -> Any:
        """torch.save writes an ordinary model."""
        return (type(None), ()) if whole.get() else super().__reduce_ex__(protocol)

    def __getstate__(self) -> dict[str, Any]:
        """For a pickle: a reference to the checkpoint, and what the model looked like. Sessions and places are this process's own."""
        left = ("lock", "structure", "watched", "kept", "place", "garbage", "summary", "_twin", "adapters")
        state = {key: value for key, value in vars(self).items() if key not in left}
        return state | {"origin": self.structure or self.origin, "pending": self.pending or self._travelled()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, structure=None, watched=[], kept=[], place=None, garbage=[], _twin=None)
        self.lock, self.adapters = lock(), Adapters()
        self.summary = SUMMARY.model(f"{self.class_name} {self.directory}")
        # In this process no model of the class may have been loaded. By name, since that module knows stubs.
        importlib.import_module(self.patches).install(self._class())

    def _class(self) -> type:
        found: type = getattr(transformers, self.class_name)
        return found

    def _travelled(self) -> str | None:
        """Why a copy is not the checkpoint's any more, or will not be seen to change."""
        if self._written():
            return "the script changed a weight"
        return "it was copied with its weights" if self.kept else None

    def is_written(self) -> bool:
        return self.detached is not None or self.pending is not None or self._written()

    def refusal(self, model: Any) -> str | None:
        """Why the next call must run here, or None."""
        if self.detached is not None:
            return self.detached
        if opt_out.is_local() or model.__dict__.get("aweigh_local"):
            return "asked for"
        if self.pending is not None:
            return self.pending
        if (elsewhere := self.elsewhere()) is not None:
            return elsewhere
        if model.training:
            return "the model is in training mode"
        if torch.is_autocast_enabled("cpu"):
            return "autocast is on"
        return self._difference(model) or self._hindrance(model)

    def _hindrance(self, model: Any) -> str | None:
        """Why peft's adapters keep the next call here, or None; one without them may leave again."""
        found = self.adapters.look(model, self.structure and self.structure.tree)
        if found is None and self.adapters.use is not None:
            try:
                self.placement(model)
            except UnsupportedModel as error:
                found = str(error)
        self._hindered = found
        return found

    def settle(self, model: Any) -> None:
        """Loading is over: from here on every change is the script's."""
        self.structure = Structure(model)

    def _difference(self, model: Any) -> str | None:
        if self.structure is None:
            made = Structure(model) if self.origin is None else self.origin.copied(model)
            if isinstance(made, str):
                return made
            self.structure = made
        if self._written():
            return "the script changed a weight"
        return self.structure.difference(model)

    def _written(self) -> bool:
        if not self.watched:
            return False
        with torch._C.DisableTorchFunctionSubclass():
            return any(tensor._version != version for tensor, version in self.watched)

    def placement(self, model: Any) -> Place:
        """Where to send a call. Raises UnsupportedModel, and what loading on the engine raises."""
        dtype, use = model.dtype, self.adapters.use
        if use is not None:
            with self.lock:
                return self.adapters.at or self.adapters.place(use, dtype, partial(self._placed, model, dtype))
        if self.place is None or dtype != self.placed_dtype:
            with self.lock:
                self.place = self._place(model, dtype)
                self.placed_dtype = dtype
        return self.place

    def _place(self, model: Any, dtype: torch.dtype, beside: Beside | None = None) -> Place:
        if dtype != self.dtype and self.dtype != torch.float32:
            raise UnsupportedModel(f"the weights were cast from {self.dtype} to {dtype} after loading")
        cast = {} if dtype == self.dtype else named_buffers(model)
        said = () if beside is None else (beside,)
        name = str(dtype).removeprefix("torch.")
        return place(self.directory, model.config, name, self.class_name, cast, self.summary.compiled, *said)

    def _placed(self, model: Any, dtype: torch.dtype, use: Use, content: bool) -> Placed:
        """Loads the model with adapters; `content`: files of these are of no use."""
        beside, found = beside_of(use, content=content)
        return Placed(self._place(model, dtype, beside), found, connection().lease)

    def forget(self) -> None:
        """The engine that had the model is gone."""
        self.place = None
        self.adapters.forget()

    def counts(self, model: Any) -> bool | None:
        """Whether positions are counted over what a mask shows, where nobody gives any; None: nobody knows."""
        if not self._counts:
            self._counts.append(counted(type(model), model.config))
        return self._counts[0]

    def keeps_out(self, model: Any) -> bool:
        """Whether what a mask hides stays out of the model's state: nothing to ask of one that keeps keys and values alone."""
        if not self.placement(model).recurrent:
            return True
        if not self._keeps_out:
            self._keeps_out.append(kept_out(type(model), model.config))
        return self._keeps_out[0]

    def continues(self, model: Any) -> Continuing:
        """How the model goes on from what it keeps."""
        if not self.placement(model).recurrent:
            return Continuing(reads=True, cuts=True)
        if not self._continues:
            self._continues.append(continuing(type(model), model.config))
        return self._continues[0]

    def rows_apart(self, model: Any) -> bool:
        """Whether the model's own way of going on keeps several rows apart."""
        if not self._rows_apart:
            self._rows_apart.append(rows_apart(type(model), model.config))
        return self._rows_apart[0]

    def come_home(self, model: Any, reason: str, *, once: bool = False) -> None:
        """Reads the weights here, so that the model is an ordinary one; `once`: for a call, not for good.

        Raises UnsupportedModel under --strict.
        """
        asked = reason == "asked for"
        if current().strict and not asked:
            raise UnsupportedModel(f"{self.class_name} would run here: {reason}; leave out --strict to allow it")
        with self.lock:
            difference = None if self.detached else self._difference(model)
            if difference or not (asked or once or reason in _PASSING or reason == self._hindered):
                self.detached = difference or reason
            if not asked and current().fallback == "warn":
                say(f"{self.class_name} runs here: {reason}")
            self.summary.local_reasons[reason] = self.summary.local_reasons.get(reason, 0) + 1
            if any(map(_is_away, (*model.parameters(), *model.buffers()))):
                with torch.inference_mode(False):
                    self._fetch_all(model)
                self.structure = Structure(model)

    def twin(self, model: Any, wanted: Sequence[torch.Tensor]) -> tuple[Any, list[torch.Tensor]]:
        """An ordinary model with the weights that the engine's has, and what it has for the parameters `wanted` of `model`; these alone
        require grad.

        Raises RuntimeError where the script has changed the model since, as torch does; UnsupportedModel under --strict.
        """
        why = "a backward pass goes through it"
        if current().strict:
            raise UnsupportedModel(f"{self.class_name} would run here: {why}; leave out --strict to allow it")
        with self.lock:
            changed = self.detached or self.pending or self._difference(model)
            if changed:
                raise RuntimeError(
                    "one of the variables needed for gradient computation has been modified by an inplace operation: "
                    f"{self.class_name}: {changed} between its forward pass and this backward pass"
                )
            if current().fallback == "warn":
                say(f"{self.class_name} runs here: {why}")
            self.summary.local_reasons[why] = self.summary.local_reasons.get(why, 0) + 1
            self.summary.calls["local"] += 1
            if self._twin is None or self._twin.dtype != model.dtype:
                with torch.inference_mode(False):
                    self._twin = self._read(type(model)).to(model.dtype).eval()
            return self._twin, graft(model, self._twin, wanted)

    def fetch(self, name: str, dtype: torch.dtype) -> torch.Tensor:
        """One tensor's values, for a script that looks at them. Raises UnsupportedModel under --strict."""
        if current().strict:
            raise UnsupportedModel(f"the script reads the bytes of {name}; leave out --strict to read them here")
        if current().fallback == "warn" and not self.told:
            say(f"{self.class_name}: the script reads weights ({name} first), so the bytes of those are read here")
        self.told = True
        return self._values(name, partial(checkpoint.read_tensor, self.files, name, dtype, self._read))

    def _values(self, name: str, read: Callable[[], torch.Tensor]) -> torch.Tensor:
        """The checkpoint's, in the memory that the script's processes share if they do."""
        return read() if self.shared is None or name not in self.shared else self.shared.take(name, read)

    def elsewhere(self) -> str | None:
        """Why calls stay here since a process that shares the weights took them, or None."""
        taken = self.shared is not None and self.shared.touched()
        return "a process that shares its memory has its weights" if taken else None

    def share(self, name: str, shape: torch.Size, dtype: torch.dtype) -> bool:
        """As `Owner`."""
        if self.is_written() or self.adapters.there:
            return False
        if self.shared is None:
            self.shared = SharedWeights()
        self.shared.add(name, shape, dtype)
        return True

    def watch(self, values: torch.Tensor) -> None:
        """Values in the script's hands: their version counter tells of writes."""
        with torch._C.DisableTorchFunctionSubclass():
            self.watched.append((values, values._version))

    def exposed(self, name: str) -> None:
        """The script holds memory of a weight and may write to it at any time, which nothing here would see."""
        self.pending = self.pending or f"the script holds the memory of {name}"

    def changed(self, name: str) -> None:
        """The script wrote to a weight: the engine's copy is not the script's any more."""
        self.pending = f"the script changed {name}"

    def _read(self, kind: Any = None) -> Any:
        return checkpoint.read_model(
            kind or getattr(transformers, self.class_name), self.directory, self.dtype, self.attention
        )

    def _fetch_all(self, model: Any) -> None:
        real = self._read(type(model))
        theirs = {
            **dict(real.named_parameters(remove_duplicate=False)),
            **dict(real.named_buffers(remove_duplicate=False)),
        }
        done: dict[int, torch.Tensor] = {}
        self.watched = []
        for module in model.modules():
            for held in (module._parameters, module._buffers):
                for key, tensor in held.items():
                    if not isinstance(tensor, RemoteTensor):
                        continue
                    if id(tensor) not in done:
                        weight = tensor.weight
                        self.kept.append(weight)
                        real = _real(tensor, self._values(weight.name, partial(theirs.__getitem__, weight.name)))
                        done[id(tensor)] = tensor if _swapped(tensor, real) else kept_here(tensor)
                        self.watch(done[id(tensor)])
                        raw_memory.guard(weight.get(), weight)
                    held[key] = done[id(tensor)]


def _real(tensor: RemoteTensor, values: torch.Tensor) -> torch.Tensor:
    """An ordinary tensor in place of a remote one; what the script wrote into that stays."""
    values = tensor.weight.supply(values).detach()
    return nn.Parameter(values, requires_grad=tensor.requires_grad) if isinstance(tensor, nn.Parameter) else values


def _is_away(tensor: torch.Tensor) -> bool:
    return isinstance(tensor, RemoteTensor) and not tensor.stays


def _swapped(tensor: RemoteTensor, real: torch.Tensor) -> bool:
    """Makes it the same object with the bytes in it, since an optimizer may hold it. False where something beside Python holds it too."""
    try:
        torch.utils.swap_tensors(tensor, real)  # type: ignore[no-untyped-call]
    except RuntimeError:
        if max(_use_count(tensor), _use_count(real)) > 1:
            return False
        # torch refuses what has weak references. They are to the object, which is the same after as before.
        held = tensor.__class__, vars(tensor)
        tensor.__class__, tensor.__dict__ = real.__class__, vars(real)  # type: ignore[assignment]
        real.__class__, real.__dict__ = held
        torch._C._swap_tensor_impl(tensor, real)
    return True


def stub_of(model: Any) -> Stub | None:
    """The stub behind a model, or None for an ordinary one."""
    found: Stub | None = model.__dict__.get(_ATTRIBUTE)
    return found


def attach(model: Any, stub: Stub) -> None:
    model.__dict__[_ATTRIBUTE] = stub
