"""Dynamo around a module's call, and what keeps its failures from the script.

One region per structure (class, names, shapes and dtypes of the weights): modules of one structure share what was captured, others do not
use up its recompilations. A frame that Dynamo cannot capture runs as it is, whatever the reason; that is decided before any of it has
run, so nothing happens twice. Imported when the first call of a module is worth it: Dynamo takes a second and 144 MB.
"""

import threading
import warnings
from collections.abc import Callable
from typing import Any

import torch
import torch._dynamo
from torch import nn
from torch._C._dynamo import eval_frame as frames
from torch._dynamo.types import ConvertFrameReturn

from aweigh.compiler.offload.module.backend import Backend
from aweigh.compiler.offload.module.candidate import outermost
from aweigh.compiler.offload.module.reasons import Reasons

RECOMPILATIONS = 16
"""Graphs of one frame and structure, at most; a structure that needs more runs here."""
_FAILURES = 3  # frames that cannot be captured, before nothing more is tried where nothing was

Run = Callable[..., Any]


class Region:
    """How modules of one structure run. `given_up`: why none of what was captured of them can leave, or None."""

    def __init__(self, reasons: Reasons) -> None:
        self.given_up: str | None = None
        self._backend = Backend(reasons)
        context: Any = torch._dynamo.optimize(self._backend, recompile_limit=RECOMPILATIONS, isolate_recompiles=True)
        context.callback = self._callback = _Suppressing(context.callback, reasons)
        self._captured: Run = context(_call)

    def run(self, original: Run, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The module's call, through Dynamo."""
        if module._compiled_call_impl is not None:
            original = type(module)._call_impl  # `module.compile()` by the script: its compiler gives way to ours
        found = self._captured(original, module, args, kwargs)
        if self.given_up is None:
            self._consider()
        return found

    def _consider(self) -> None:
        self.given_up = self._backend.hopeless
        if self._callback.failures >= _FAILURES and not self._backend.pieces:
            self.given_up = self._callback.last


_regions: dict[Any, Region] = {}
_lock = threading.Lock()


def region_of(reasons: Reasons, module: nn.Module) -> Region:
    """The region of modules of this one's structure."""
    tensors = [*module.named_parameters(), *module.named_buffers()]
    weights = ((name, tensor.shape, tensor.dtype) for name, tensor in tensors)
    structure = (type(module), module.training, *weights)
    with _lock:
        if not _regions:
            _leave_alone()
        if structure not in _regions:
            _regions[structure] = Region(reasons)
        return _regions[structure]


def _call(original: Run, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return original(module, *args, **kwargs)


def _leave_alone() -> None:
    """Our own frames between torch's are none that Dynamo should look at; those below them are."""
    step = frames._FrameExecStrategy(frames._FrameAction.SKIP, frames._FrameAction.DEFAULT)
    for function in (nn.Module.__call__, outermost):
        frames.set_code_exec_strategy(function.__code__, step)


class _Suppressing:
    """A callback of Dynamo after which a frame that cannot be captured runs as it is. The C code looks through it for the backend."""

    def __init__(self, callback: Any, reasons: Reasons) -> None:
        self._torchdynamo_orig_backend = callback
        self._reasons = reasons
        self.failures = 0
        self.last = ""

    def __call__(self, frame: Any, *rest: Any) -> ConvertFrameReturn:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found: ConvertFrameReturn = self._torchdynamo_orig_backend(frame, *rest)
                return found
        except Exception as error:  # noqa: BLE001  whatever it is, the frame runs as it does without us
            words = str(error).strip().partition("\n")[0].rstrip(".")[:200]
            place = f"{frame.f_code.co_filename}:{frame.f_code.co_firstlineno}"
            self.failures += 1
            self.last = f"{place} cannot be captured ({type(error).__name__}: {words})"
            self._reasons.tell(self.last)
            return ConvertFrameReturn()
