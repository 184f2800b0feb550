"""torch's own compilers over a stub: `torch.compile`, `torch.export`, `torch.jit`.

A compiled stub is the stub: its calls are what the engine compiled already. Dynamo is given nothing of it to trace, so every compiled form
(`torch.compile(model)`, of its bound `forward`, `model.compile()`) ends in the same place, the context that wraps a callable, and that
one asks before each call whether the model is remote. A model that runs here is compiled as the script asked. A function of the script's own
that calls a stub breaks its graph there. Export and jit need the weights: they are read here, and the graph is the script's.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from wrapt import when_imported

from aweigh.compiler.offload import opt_out
from aweigh.compiler.offload.stub import stub_of

_HERE = "_aweigh_here"  # in a model's `__dict__` while Dynamo may look into its forward


def register() -> None:
    """Patches each of torch's tracers when that is imported. Called once, after torch itself was."""
    when_imported("torch._dynamo.eval_frame")(_dynamo)
    when_imported("torch.export._trace")(_export)
    when_imported("torch.jit._trace")(_jit)


def hidden(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as one that Dynamo neither inlines nor looks into, nor into what it calls."""
    frames: Any = torch._C._dynamo.eval_frame

    def call(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    skip = frames._FrameAction.SKIP
    frames.set_code_exec_strategy(call.__code__, frames._FrameExecStrategy(skip, skip))
    vars(call).update(_torchdynamo_disable=True, _torchdynamo_disable_msg="its model is on an engine")
    return functools.wraps(function)(call)


def traced(model: nn.Module) -> bool:
    """Whether a tracer that has the weights is walking through the model's forward. Dynamo can follow this.

    It has them where they were read for it, and where the model is no stub but of a class whose other objects are.
    """
    walking = torch.compiler.is_compiling() or torch._C._is_tracing()
    return walking and (stub_of(model) is None or getattr(model, _HERE, False))


@contextmanager
def _weights_here(model: Any, what: str) -> Iterator[None]:
    """Every stub in `model` has its weights here, and runs here."""
    stubs = [(module, stub) for module in model.modules() if (stub := stub_of(module)) is not None]
    for module, stub in stubs:
        stub.come_home(module, what, once=True)
        vars(module)[_HERE] = True
    try:
        with opt_out.local():
            yield
    finally:
        for module, _ in stubs:
            vars(module).pop(_HERE, None)


def _dynamo(module: Any) -> None:
    module.OptimizeContext.__call__ = _compiling(module.OptimizeContext.__call__)


def _compiling(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def __call__(self: Any, function: Any) -> Any:
        compiled = original(self, function)
        model = getattr(function, "__self__", None)
        if not isinstance(model, nn.Module) or stub_of(model) is None:
            return compiled

        @functools.wraps(compiled)
        def call(*args: Any, **kwargs: Any) -> Any:
            stub = stub_of(model)
            reason = None if stub is None else stub.refusal(model)
            if stub is None or reason is None:
                return function(*args, **kwargs)
            stub.come_home(model, reason)
            stub.summary.calls["local"] += 1
            vars(model)[_HERE] = True
            try:
                return compiled(*args, **kwargs)
            finally:
                vars(model).pop(_HERE, None)

        return call

    return __call__


def _export(module: Any) -> None:
    original = module._export

    @functools.wraps(original)
    def _export(model: Any, *args: Any, **kwargs: Any) -> Any:
        with _weights_here(model, "it is exported"):
            return original(model, *args, **kwargs)

    module._export = _export


def _jit(module: Any) -> None:
    implementation = module._trace_impl

    @functools.wraps(implementation)
    def _trace_impl(function: Any, *args: Any, **kwargs: Any) -> Any:
        model = function if isinstance(function, nn.Module) else getattr(function, "__self__", None)
        if not isinstance(model, nn.Module):
            return implementation(function, *args, **kwargs)
        with _weights_here(model, "it is traced"):
            return implementation(function, *args, **kwargs)

    module._trace_impl = _trace_impl
    recursive: Any = torch.jit._recursive
    create = recursive.create_script_module

    @functools.wraps(create)
    def create_script_module(model: Any, *args: Any, **kwargs: Any) -> Any:
        with _weights_here(model, "it is scripted"):
            return create(model, *args, **kwargs)

    recursive.create_script_module = create_script_module
