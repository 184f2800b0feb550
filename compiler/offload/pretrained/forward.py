"""The `module` rung: a forward pass whose tensors go out and come back. The class's `forward` is patched in place, once per class.

What cannot be captured, or cannot be answered elsewhere, runs here, with the same answer.
"""

import functools
import inspect
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import torch

from aweigh.compiler.offload import explain
from aweigh.compiler.offload.module.thread import decided
from aweigh.compiler.offload.pretrained.history import with_history
from aweigh.compiler.offload.pretrained.stub import ModuleStub
from aweigh.compiler.offload.pretrained.tree import Call, Unsuited, result, tensors_of
from aweigh.compiler.offload.stub import stub_of
from aweigh.compiler.offload.tracing import hidden, traced

_MARK = "_aweigh_patched"
# A call that runs here runs here with all that it calls: its weights are here by then.
_within: ContextVar[bool] = ContextVar("aweigh_within", default=False)


def install(kind: Any) -> None:
    """Patches a class of modules in place; the second time does nothing."""
    original: Callable[..., Any] = kind.forward
    if _MARK in vars(kind):  # a script may have wrapped ours since
        return
    names = [name for name in inspect.signature(original).parameters if name != "self"]

    @functools.wraps(original)
    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:
        return original(self, *args, **kwargs) if traced(self) else called(self, *args, **kwargs)

    @hidden
    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        stub = stub_of(self)
        if not isinstance(stub, ModuleStub) or _within.get() or len(args) > len(names):
            return original(self, *args, **kwargs)
        began = time.perf_counter()
        arguments = kwargs | dict(zip(names, args, strict=False))
        reason = stub.refusal(self)
        suited = reason is None
        if reason is None:
            try:
                return _remote(stub, self, original, arguments, began)
            except Unsuited as unsuited:
                reason = str(unsuited)
        stub.summary.calls["local"] += 1
        stub.come_home(self, reason, once=suited)
        found = _here(original, self, *args, **kwargs)
        if stub.detached is None:
            stub.settle(self)  # transformers itself installs hooks where hidden states are asked for
        explain.call(stub.class_name, "local", reason, seconds=time.perf_counter() - began)
        return found

    setattr(kind, _MARK, True)
    kind.forward = forward


def _here(original: Callable[..., Any], model: Any, *args: Any, **kwargs: Any) -> Any:
    within = _within.set(True)
    try:
        with decided():
            return original(model, *args, **kwargs)
    finally:
        _within.reset(within)


def _remote(stub: ModuleStub, model: Any, original: Callable[..., Any], arguments: dict[str, Any], began: float) -> Any:
    """Raises Unsuited."""
    differentiable = torch.is_grad_enabled() and any(parameter.requires_grad for parameter in model.parameters())
    if differentiable and arguments.get("labels") is not None:
        raise Unsuited("a loss is asked for while gradients are on")
    call = Call(arguments)
    before = time.perf_counter()
    variant, answer = stub.answer(model, call)
    now = time.perf_counter()
    tree, tensors = variant.compiled.result, answer.tensors
    stub.summary.calls["module"] += 1
    stub.summary.call_seconds.append(now - before)
    stub.summary.bytes_sent += answer.sent
    stub.summary.bytes_received += answer.received
    crossing = explain.Crossing(
        answer.sent, answer.received, now - before, answer.queue, answer.compute, answer.together
    )
    seconds = time.perf_counter() - began
    why = f"{explain.reason()}; its steps are its own: {variant.alone}" if variant.alone else explain.reason()
    explain.call(stub.class_name, "module", why, seconds=seconds, remote_ops=variant.ops, crossing=crossing)
    if differentiable:

        def again() -> list[torch.Tensor]:
            stub.come_home(model, "gradients are asked for")
            return tensors_of(tree, _here(original, model, **arguments))

        tensors = with_history(tensors, call.tensors, again)
    return result(tree, tensors)
