"""`torch.cuda` on a machine without CUDA: one device, whose memory is the host's and whose stream is this thread."""

import contextlib
import functools
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Self

from aweigh.compiler.offload.devices.host import is_honest

NAME = "Aweigh (remote engine)"
_TENSOR_TYPES = (
    "FloatTensor", "DoubleTensor", "HalfTensor", "BFloat16Tensor", "LongTensor", "IntTensor", "ShortTensor", "CharTensor", "ByteTensor",
    "BoolTensor",
)  # fmt: skip
_CAPABILITY = (8, 0)  # what scripts ask before they choose bfloat16


class Stream:
    """Work is done when the call returns."""

    def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    def synchronize(self) -> None: ...

    def wait_stream(self, stream: Any) -> None: ...

    def wait_event(self, event: Any) -> None: ...

    def record_event(self, event: Any = None) -> Any:
        event = event or Event()
        event.record()
        return event

    def query(self) -> bool:
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None: ...


class Event:
    """A moment on this machine's monotonic clock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._time = 0.0

    def record(self, stream: Any = None) -> None:
        self._time = time.perf_counter()

    def wait(self, stream: Any = None) -> None: ...

    def synchronize(self) -> None: ...

    def query(self) -> bool:
        return True

    def elapsed_time(self, end_event: "Event") -> float:
        """Milliseconds."""
        return (end_event._time - self._time) * 1e3


def install(torch: Any) -> None:
    """Patches torch.cuda in place."""
    cuda = torch.cuda
    generator = torch.default_generator
    answers: dict[str, Callable[..., Any]] = {
        "is_available": lambda: True,
        "is_initialized": lambda: True,
        "init": _nothing,
        "_lazy_init": _nothing,
        "device_count": lambda: 1,
        "current_device": lambda: 0,
        "set_device": _nothing,
        "get_device_name": lambda device=None: NAME,
        "get_device_capability": lambda device=None: _CAPABILITY,
        "get_device_properties": lambda device=None: SimpleNamespace(
            name=NAME,
            major=_CAPABILITY[0],
            minor=_CAPABILITY[1],
            total_memory=_memory()[1],
            multi_processor_count=1,
        ),
        "is_bf16_supported": lambda including_emulation=True: True,
        "synchronize": _nothing,
        "empty_cache": _nothing,
        "ipc_collect": _nothing,
        "can_device_access_peer": lambda device, peer_device: False,
        "manual_seed": lambda seed: _seed(generator, seed),
        "manual_seed_all": lambda seed: _seed(generator, seed),
        "seed": lambda: _seed(generator, generator.seed()),
        "seed_all": lambda: _seed(generator, generator.seed()),
        "initial_seed": generator.initial_seed,
        "get_rng_state": lambda device="cuda": generator.get_state(),
        "get_rng_state_all": lambda: [generator.get_state()],
        "set_rng_state": lambda state, device="cuda": _restore(generator, state),
        "set_rng_state_all": lambda states: _restore(generator, states[0]),
        "mem_get_info": lambda device=None: _memory(),
        "memory_allocated": _zero,
        "max_memory_allocated": _zero,
        "memory_reserved": _zero,
        "max_memory_reserved": _zero,
        "reset_peak_memory_stats": _nothing,
        "reset_max_memory_allocated": _nothing,
        "set_per_process_memory_fraction": _nothing,
        "memory_stats": lambda device=None: {},
        "memory_summary": lambda device=None, abbreviated=False: "",
        "current_stream": lambda device=None: Stream(),
        "default_stream": lambda device=None: Stream(),
        "set_stream": _nothing,
        "stream": lambda stream: contextlib.nullcontext(),
    }
    for name, answer in answers.items():
        setattr(cuda, name, _unless_honest(getattr(cuda, name), answer))
    cuda.Stream, cuda.Event = Stream, Event
    for name in _TENSOR_TYPES:
        setattr(cuda, name, getattr(torch, name))
    cuda.default_generators = (generator,)
    cuda.device.__init__ = _nothing
    cuda.device.__enter__ = _nothing
    cuda.device.__exit__ = lambda *args: False


def _unless_honest(original: Callable[..., Any], answer: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def ask(*args: Any, **kwargs: Any) -> Any:
        return original(*args, **kwargs) if is_honest() else answer(*args, **kwargs)

    return ask


def _nothing(*args: Any, **kwargs: Any) -> None: ...


def _zero(device: Any = None) -> int:
    return 0


def _restore(generator: Any, state: Any) -> None:
    generator.set_state(state)


def _seed(generator: Any, seed: int) -> None:
    generator.manual_seed(seed)


def _memory() -> tuple[int, int]:
    """Free and total bytes of the host."""
    import psutil

    memory = psutil.virtual_memory()
    return memory.available, memory.total
