"""Which calls may leave: what a module is (asked once, as long as it lives) and what its call is (asked every time).

A module that holds parts of other kinds (stubs of transformers, scripted modules, wrappers for training on many devices) is descended
into: its own Python runs here, and the modules inside are asked in turn. What is too small is not captured at all: Dynamo is not even
imported for it.
"""

import time
import weakref
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy
from torch.utils._device import DeviceContext

from aweigh.compiler.locks import lock
from aweigh.compiler.offload import opt_out
from aweigh.compiler.offload.module import cost
from aweigh.compiler.offload.module.reasons import Reasons
from aweigh.compiler.offload.module.thread import decided
from aweigh.compiler.offload.settings import current

if TYPE_CHECKING:
    from aweigh.compiler.offload.module.capture import Region

_ORDINARY = frozenset({torch.Tensor, nn.Parameter, nn.Buffer})
_WRAPPERS = (nn.DataParallel, nn.parallel.DistributedDataParallel)
_DEPTH = 4  # of containers in which tensors of a call are looked for


class Candidate:
    """A module that may run elsewhere. `weights`: elements of its parameters and buffers; `regions`: how, in evaluation and in training
    mode, once that was needed; `skipped`: the user wants it here, with all that it calls; `spent`: seconds of calls before a capture."""

    def __init__(self, module: nn.Module, weights: int) -> None:
        self.skipped = type(module).__name__ in current().skip
        self.weights = weights
        self.reasons = _reasons_of(type(module))
        self.regions: dict[bool, Region] = {}
        self.spent = 0.0


_known: dict[int, tuple["weakref.ref[nn.Module]", Candidate | None]] = {}
_classes: "weakref.WeakKeyDictionary[type, Reasons]" = weakref.WeakKeyDictionary()
_lock = lock()


def outermost(original: Callable[..., Any], module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call that no other module's call surrounds. `original`: torch's own `Module.__call__`."""
    if _captured():
        return original(module, *args, **kwargs)
    if type(module).__name__ == "OptimizedModule":
        return _compiled(original, module, args, kwargs)
    known = _known.get(id(module))
    candidate = known[1] if known is not None else _judge(module)
    if candidate is None:
        return original(module, *args, **kwargs)
    if candidate.skipped:
        return _here(original, module, args, kwargs)
    reason = _refusal(module, args, kwargs)
    quiet = reason is None and cost.hopeless(candidate.weights, sum(map(torch.Tensor.numel, _tensors((args, kwargs)))))
    region = candidate.regions.get(module.training)
    if reason is None and not quiet and region is None and cost.rents(candidate.weights, candidate.spent):
        candidate.reasons.count("local")
        candidate.reasons.tell("its calls took less than a capture would", quiet=True)
        began = time.perf_counter()
        try:
            return _here(original, module, args, kwargs)
        finally:
            candidate.spent += time.perf_counter() - began
    if reason is None and not quiet and region is None:
        from aweigh.compiler.offload.module.capture import region_of

        region = candidate.regions[module.training] = region_of(candidate.reasons, module, outermost)
    if region is not None:
        reason = reason or region.refusal(args, kwargs)
    if reason is not None or quiet:
        candidate.reasons.count("local")
        candidate.reasons.tell(reason or "a call costs less than a round trip", quiet=quiet)
        return _here(original, module, args, kwargs)
    assert region is not None
    with decided():
        return region.run(original, module, args, kwargs)


def _compiled(original: Callable[..., Any], wrapper: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`torch.compile(module)` by the script: its compiler gives way to ours where the module may leave."""
    module = wrapper._orig_mod
    known = _known.get(id(module))
    candidate = known[1] if known is not None else _judge(module)
    if candidate is not None and _refusal(module, args, kwargs) is None:
        return outermost(original, module, args, kwargs)
    return _here(original, wrapper, args, kwargs)


def _here(original: Callable[..., Any], module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    with decided():
        return original(module, *args, **kwargs)


def _judge(module: nn.Module) -> Candidate | None:
    """What a module is, remembered; None: its own Python runs here, and calls inside it are asked on their own."""
    held = [*module.parameters(), *module.buffers()]
    if any(map(is_lazy, held)):
        return None  # its first call makes its weights
    candidate = None
    if held and _whole(module, held) and current().active and _covered(module):
        candidate = Candidate(module, sum(tensor.numel() for tensor in held))
    number = id(module)
    with _lock:
        _known[number] = weakref.ref(module, lambda _: _known.pop(number, None)), candidate
    return candidate


def _whole(module: nn.Module, held: list[torch.Tensor]) -> bool:
    if isinstance(module, _WRAPPERS):
        return False
    if any(isinstance(inner, torch.jit.ScriptModule) or "_aweigh_stub" in inner.__dict__ for inner in module.modules()):
        return False
    return all(_ordinary(tensor) for tensor in held)


def _reasons_of(kind: type) -> Reasons:
    with _lock:
        return _classes.setdefault(kind, Reasons(kind.__name__))


def _covered(module: nn.Module) -> bool:
    kind = type(module)
    return kind.__name__ in current().skip or current().covers(kind.__name__, kind.__module__)


def _ordinary(tensor: torch.Tensor) -> bool:
    return type(tensor) in _ORDINARY and tensor.layout is torch.strided and tensor.device.type == "cpu"


def _captured() -> bool:
    """Whether somebody else watches this call: a tracer, a compiler, a transform of functions, a mode that sees every operation."""
    return bool(
        torch._C._get_tracing_state() is not None
        or torch._C._dynamo.eval_frame.get_eval_frame_callback() is not None
        or torch._C._len_torch_dispatch_stack()
        or torch._C._functorch.maybe_current_level() is not None
        or _foreign_mode()
    )


def _foreign_mode() -> bool:
    """A mode over torch's functions that is not the one of a default device."""
    depth = torch._C._len_torch_function_stack()
    return any(not isinstance(torch._C._get_function_stack_at(at), DeviceContext) for at in range(depth))


def _refusal(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
    if opt_out.is_local() or module.__dict__.get("aweigh_local"):
        return "asked for"
    if module.training and torch.is_grad_enabled():
        return "the model is in training mode"
    if torch.is_autocast_enabled("cpu"):
        return "autocast is on"
    for tensor in _tensors((args, kwargs)):
        if tensor.is_nested:
            return "an input is a NestedTensor"
        if not _ordinary(tensor):
            kind = type(tensor).__name__ if type(tensor) not in _ORDINARY else f"{tensor.layout} {tensor.device}"
            return f"an input is a {kind}"
    return None


def _tensors(value: Any, depth: int = _DEPTH) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif depth and isinstance(value, list | tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _tensors(item, depth - 1)
