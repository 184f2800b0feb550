"""One captured graph, as Dynamo calls it: sent away if it can be and if that is worth it, else run here as it was captured."""

import os
import time
from collections.abc import Sequence
from typing import Any

import torch
from torch import fx

from aweigh.compiler.locks import lock
from aweigh.compiler.offload.connection import Connection, connection
from aweigh.compiler.offload.module import calling, cost, purity
from aweigh.compiler.offload.module.exporting import Given, Same, export
from aweigh.compiler.offload.module.gradient import with_gradient
from aweigh.compiler.offload.module.ledger import DTYPES
from aweigh.compiler.offload.module.loads import Place
from aweigh.compiler.offload.module.numbers import real
from aweigh.compiler.offload.module.partition import Parts, value_of
from aweigh.compiler.offload.module.reasons import Reasons
from aweigh.compiler.offload.module.variant import Variant
from aweigh.compiler.offload.settings import current
from aweigh.compiler.progress import showing
from aweigh.proto.errors import (
    CheckpointInvalid,
    InvalidRequest,
    ModelNotFound,
    OurBug,
    Overloaded,
    ProgramInvalid,
    UnsupportedModel,
)  # fmt: skip

MOST_VARIANTS = 8
"""Programs per graph: for sizes outside of the others' ranges, and for numbers that are part of what was captured."""
_CHANGES = 3  # calls one after the other before which the weights changed: they are no weights, then


class Piece:
    """`local`: why it runs here for good, or None. Threads may share it."""

    def __init__(self, graph: fx.GraphModule, parts: Parts, reasons: Reasons) -> None:
        self.graph = graph
        self.roots = parts.roots
        self.local: str | None = None
        self._parts = parts
        self._reasons = reasons
        self._lock = lock()
        self._variants: list[Variant] = []
        self._given, self._varying, self._same = _given(graph, parts)
        placeholders = graph.graph.find_nodes(op="placeholder")
        self._numbers = frozenset(at for at, node in enumerate(placeholders) if node.name in parts.numbers)
        self._weights = [at for at, one in enumerate(self._given) if one.kind == "weight"]
        self._inputs = [at for at, one in enumerate(self._given) if one.kind == "input"]
        self._free = [at for at, one in enumerate(self._given) if one.kind == "free"]
        self._differentiable = [value.requires_grad for value in parts.roots]
        self._changes = 0
        if any(value.dtype not in DTYPES for value in parts.roots):
            self._stay("it returns a dtype that the wire has not")

    def __call__(self, *given: Any) -> Any:
        args = given
        if self._numbers:
            args = tuple(torch.tensor(one) if at in self._numbers else one for at, one in enumerate(given))
        alone = self._parts.arithmetic
        stays = self.local is not None or (alone is not None and not real(alone, given))
        variant = None if stays else self._variant(args)
        if variant is None:
            self._reasons.count("local")
            return self.graph.forward(*given)

        here, tail = self._parts.remote.forward, self._parts.tail  # not the modules: those tell of an error themselves

        def remote(*args: Any) -> Sequence[torch.Tensor]:
            found = self._ask(variant, args)
            return here(*args) if found is None else found

        needs_grad = torch.is_grad_enabled() and any(
            isinstance(one, torch.Tensor) and one.requires_grad for one in args
        )
        roots = with_gradient(remote, here, args, self._differentiable) if needs_grad else remote(*args)
        return tuple(roots) if tail is None else tail.forward(*given, *roots)

    def _stay(self, reason: str) -> None:
        self.local = reason
        self._reasons.tell(reason)

    def _variant(self, args: tuple[Any, ...]) -> Variant | None:
        """The Program for a call, or None: it runs here."""
        inputs = [args[at] for at in self._inputs]
        sent = sum(tensor.nbytes for tensor in inputs)
        if sent > calling.MOST_BYTES:
            self._reasons.tell(f"a call has {sent} bytes of inputs, more than {calling.MOST_BYTES}")
            return None
        if not all(tensor.numel() for tensor in inputs):
            self._reasons.tell("an input is empty", quiet=True)
            return None
        free = [int(args[at]) for at in self._free]
        found = next((one for one in self._variants if one.fits(inputs, free)), None)
        if found is None:
            with self._lock:
                found = next((one for one in self._variants if one.fits(inputs, free)), None)
                found = self._made(args, inputs, free) if found is None and self.local is None else found
        if found is None:
            return None
        received = found.received_at(inputs)
        if received > calling.MOST_BYTES:
            self._reasons.tell(f"a call has {received} bytes of outputs, more than {calling.MOST_BYTES}")
            return None
        if not cost.worth(found.flops_at(inputs), sent + received):
            self._reasons.tell("a call costs less than a round trip", quiet=True)
            return None
        return found

    def _made(self, args: tuple[Any, ...], inputs: list[torch.Tensor], free: list[int]) -> Variant | None:
        if len(self._variants) >= MOST_VARIANTS:
            self._stay("its sizes vary too much")
            return None
        weights = [args[at] for at in self._weights]
        try:
            exported = export(self._parts.remote, self._given, free, weights, inputs, self._varying, self._same)
        except UnsupportedModel as error:
            self._stay(str(error))
            return None
        variant = Variant(exported, free, inputs, self.roots)
        self._variants.append(variant)
        return variant

    def _ask(self, variant: Variant, args: tuple[Any, ...]) -> list[torch.Tensor] | None:
        """The roots; None: it runs here after all, and why was said."""
        try:
            return self._call(variant, args)
        except (UnsupportedModel, ProgramInvalid, CheckpointInvalid) as error:
            self._stay(_placed(error, variant))
        except InvalidRequest as error:  # it is about this call: an index that no table has, say
            self._reasons.tell(_placed(error, variant))
        except OurBug as error:  # said aloud, and no reason to stop a script that can run here
            if any(self._varying):  # what fails with symbols for sizes may do with the sizes themselves
                again = self._rigid(args)
                return None if again is None else self._ask(again, args)
            self._stay(f"a bug of Aweigh stands in the way, please report it: {_first_line(error)}")
        except Overloaded as error:
            self._reasons.tell(_first_line(error))
        self._reasons.count("local")
        return None

    def _rigid(self, args: tuple[Any, ...]) -> Variant | None:
        with self._lock:
            self._varying = [set() for _ in self._varying]
            self._variants = []
        found = self._variant(args)
        if found is None:
            self._reasons.count("local")
        return found

    def _call(self, variant: Variant, args: tuple[Any, ...]) -> list[torch.Tensor] | None:
        before = time.perf_counter()
        live = connection()
        inputs = [args[at] for at in self._inputs]
        weights = [args[at] for at in self._weights]
        place, changed = self._place(variant, live, weights)
        self._changes = self._changes + 1 if changed else 0
        if self._changes > _CHANGES:
            self._stay("what it keeps in itself changes with every call")
            return None
        try:
            answer = calling.call(live, place.address, place.model, inputs)
        except ModelNotFound:  # unloaded by somebody, or the worker was started again
            variant.forget()
            place, _ = self._place(variant, live, weights)
            answer = calling.call(live, place.address, place.model, inputs)
        self._reasons.count("module")
        summary = self._reasons.summary
        summary.bytes_sent += answer.sent
        summary.bytes_received += answer.received
        summary.call_seconds.append(time.perf_counter() - before)
        return [_strided(tensor, like) for tensor, like in zip(answer.tensors, self.roots, strict=True)]

    def _place(self, variant: Variant, live: Connection, weights: list[torch.Tensor]) -> tuple[Place, bool]:
        settings = current()
        watched = not settings.quiet and settings.root in (0, os.getpid())
        with showing(f"aweigh: {self._reasons.name}", wanted=watched) as tell:
            placed = variant.place(live, weights, tell)
            self._reasons.summary.compiled(variant.compile(tell))
            return placed


def _given(graph: fx.GraphModule, parts: Parts) -> tuple[list[Given], list[set[int]], list[Same]]:
    """What each argument of the graph is; per input, the dimensions whose sizes vary; and which of these are equal."""
    nodes = graph.graph.find_nodes(op="placeholder")
    used = {node.name for node in parts.remote.graph.find_nodes(op="placeholder") if node.users}
    given: list[Given | None] = []
    sizes: dict[str, Given] = {}
    varying: list[set[int]] = []
    same: list[Same] = []
    weights = 0
    for node in nodes:
        value = value_of(node)
        if node.name in parts.numbers:
            given.append(Given("input", len(varying)))
            varying.append(set())
        elif not isinstance(value, torch.Tensor):
            given.append(None)
        elif _is_weight(node) and node.name in used:
            given.append(Given("weight", weights))
            weights += 1
        elif node.name in used:
            for dimension, size in enumerate(value.shape):
                if isinstance(size, torch.SymInt):
                    found = Given("size", len(varying), dimension)
                    if sizes.setdefault(str(size), found) is not found:
                        same.append((sizes[str(size)], found))
            given.append(Given("input", len(varying)))
            varying.append({at for at, size in enumerate(value.shape) if isinstance(size, torch.SymInt)})
        else:
            given.append(Given("unused"))
    made = []
    for node, one in zip(nodes, given, strict=True):
        if one is None:
            one = sizes.get(str(value_of(node)), Given("free")) if node.name in used else Given("unused")
        made.append(one)
    return made, varying, same


def _is_weight(node: fx.Node) -> bool:
    """Reached through the module, not through the call. Whether it is constant shows later."""
    static = (node.meta.get("tensor_dict") or {}).get("_dynamo_static_input_type")
    return static is not None or isinstance(value_of(node), torch.nn.Parameter)


def _strided(tensor: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """The same values, with dimensions in memory in the order that they would have here."""
    order = sorted(range(tensor.dim()), key=lambda at: (-_hint(like.stride(at)), at))
    if order == list(range(tensor.dim())):
        return tensor
    back = sorted(range(tensor.dim()), key=order.__getitem__)
    return tensor.permute(order).contiguous().permute(back)


def _placed(error: Exception, variant: Variant) -> str:
    said = _first_line(error)
    place = "" if " at " in said else purity.place_of_kind(variant.exported.program, said)
    return said.rstrip(".") + place


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:300]


def _hint(size: Any) -> int:
    return size if isinstance(size, int) else int(size.node.hint)
