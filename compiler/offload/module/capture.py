"""Dynamo around a module's call, and what keeps its failures from the script.

One region per structure (class, names, shapes and dtypes of the weights): modules of one structure share what was captured, others do not
use up its recompilations. A frame that Dynamo cannot capture runs as it is, whatever the reason; that is decided before any of it has
run, so nothing happens twice. Imported when the first call of a module is worth it: Dynamo takes a second and 144 MB.
"""

import contextlib
import itertools
import logging
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import torch
import torch._dynamo
from torch import nn
from torch._C._dynamo import eval_frame as frames
from torch._dynamo.types import ConvertFrameReturn
from torch._dynamo.utils import graph_break_reasons

from aweigh.compiler.locks import lock
from aweigh.compiler.offload import raw_memory
from aweigh.compiler.offload.module import fast_paths
from aweigh.compiler.offload.module.backend import Backend
from aweigh.compiler.offload.module.purity import place_of_call
from aweigh.compiler.offload.module.reasons import Reasons
from aweigh.compiler.offload.module.thread import THREAD

RECOMPILATIONS = 16
"""Graphs of one frame and structure, at most; a structure that needs more runs here."""
_LONGEST = 200
_CONFIG = {"allow_rnn": True, "skip_nnmodule_hook_guards": False}  # a hook that comes later counts
_KINDS = 4  # of calls of which nothing could leave, before no other is tried
_FAILURES = 3  # frames that cannot be captured, before nothing more is tried where nothing was

Run = Callable[..., Any]


class Region:
    """How modules of one structure run."""

    def __init__(self, reasons: Reasons) -> None:
        self._given_up: str | None = None
        self._hopeless: dict[Any, str] = {}
        self._reasons = reasons
        self._failures = 0
        self._unseen: str | None = None
        self._backend = Backend(reasons)
        context: Any = torch._dynamo.optimize(self._backend, recompile_limit=RECOMPILATIONS, isolate_recompiles=True)
        context.callback = self._callback = _Suppressing(context.callback)
        self._captured: Run = context(_own(_call))

    def refusal(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
        """Why calls of this kind stay here, or None: nothing of one could leave, and nothing of any other has so far."""
        return self._given_up or (self._hopeless.get(_kind((args, kwargs))) if self._hopeless else None)

    def run(self, original: Run, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The module's call, through Dynamo."""
        if module._compiled_call_impl is not None:
            original = type(module)._call_impl  # `module.compile()` by the script: its compiler gives way to ours
        breaks = len(graph_break_reasons)
        try:
            found = self._captured(original, module, args, kwargs)
        except BaseException:
            self._callback.untold = []
            raise
        if self._callback.untold:
            self._tell()
        if not self._backend.graphs:
            self._tell_of_breaks(breaks)
        hopeless = self._backend.hopeless
        if hopeless is not None and len(self._hopeless) < _KINDS:
            self._hopeless[_kind((args, kwargs))] = hopeless
        elif hopeless is not None:
            self._given_up = hopeless
        return found

    def _tell_of_breaks(self, known: int) -> None:
        """Where there was no graph between two breaks, nobody else tells."""
        if len(graph_break_reasons) > known:
            words = graph_break_reasons[-1].reason.strip().partition("\n")[0].rstrip(".:")[:_LONGEST]
            self._unseen = f"nothing of it can be captured ({words}){place_of_call()}"
        if self._unseen is not None:
            self._reasons.count("local")
            self._reasons.tell(self._unseen)

    def _tell(self) -> None:
        """After a call that succeeded: what torch cannot capture because the call is wrong is for the script alone to hear."""
        told, self._callback.untold = self._callback.untold, []
        for reason in told:
            self._reasons.tell(reason)
        self._failures += len(told)
        if self._failures >= _FAILURES and not self._backend.pieces:
            self._given_up = told[-1]


_regions: dict[Any, Region] = {}
_lock = lock()


def region_of(reasons: Reasons, module: nn.Module, caller: Any) -> Region:
    """The region of modules of this one's structure. `caller`: the function that runs it."""
    tensors = [*module.named_parameters(), *module.named_buffers()]
    weights = ((name, tensor.shape, tensor.dtype) for name, tensor in tensors)
    structure = (type(module), module.training, *weights)
    with _lock:
        if not _regions:
            _leave_alone(nn.Module.__call__, caller)
            fast_paths.install()
        if structure not in _regions:
            _regions[structure] = Region(reasons)
        return _regions[structure]


def _kind(value: Any, depth: int = 4) -> Any:
    """Calls of one kind are captured alike, but for sizes and numbers."""
    if isinstance(value, torch.Tensor):
        return value.dtype, value.dim(), value.requires_grad
    if depth and isinstance(value, list | tuple):
        return type(value), *(_kind(item, depth - 1) for item in value)
    if depth and isinstance(value, dict):
        return type(value), *((str(key), _kind(item, depth - 1)) for key, item in value.items())
    return (type(value), value) if isinstance(value, str | bool) else type(value)


def _call(original: Run, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return original(module, *args, **kwargs)


_numbers = itertools.count()


def _own(function: Any) -> Run:
    """The function with code and name of its own: what Dynamo has learnt about sizes and numbers is kept by a code's place and name."""
    name = f"{function.__name__}_{next(_numbers)}"
    return types.FunctionType(function.__code__.replace(co_name=name), function.__globals__, name)


def _leave_alone(*functions: Any) -> None:
    """Our own frames between torch's are none that Dynamo should look at; those below them are."""
    step = frames._FrameExecStrategy(frames._FrameAction.SKIP, frames._FrameAction.DEFAULT)
    for function in functions:
        frames.set_code_exec_strategy(function.__code__, step)


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    """A context in which torch does not log from this thread: what it has to say is about a compiler that the script did not ask for."""
    thread = threading.get_ident()

    def others(record: logging.LogRecord) -> bool:
        return record.thread != thread

    handlers = list(torch._logging._internal.handlers)
    for handler in handlers:
        handler.addFilter(others)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(others)


class _Suppressing:
    """A callback of Dynamo after which a frame that cannot be captured runs as it is. The C code looks through it for the backend."""

    def __init__(self, callback: Any) -> None:
        self._torchdynamo_orig_backend = callback
        self.untold: list[str] = []

    def __call__(self, frame: Any, *rest: Any) -> ConvertFrameReturn:
        THREAD.capturing = True
        try:
            patched = torch._dynamo.config.patch(_CONFIG)
            with warnings.catch_warnings(), _hushed(), patched, raw_memory.reading():
                warnings.simplefilter("ignore")
                found: ConvertFrameReturn = self._torchdynamo_orig_backend(frame, *rest)
                return found
        except Exception as error:  # noqa: BLE001  whatever it is, the frame runs as it does without us
            words = str(error).strip().partition("\n")[0].rstrip(".")[:_LONGEST]
            self.untold.append(f"it cannot be captured ({type(error).__name__}: {words}){place_of_call()}")
            return ConvertFrameReturn()
        finally:
            THREAD.capturing = False
