"""`torch.nn.Module.__call__`, patched in place once: the outermost call of an ordinary module is where the `module` rung begins.

The calls inside cost one look at a variable of the thread. torch keeps its own reference to the unpatched method where it must not be
patched (symbolic tracing of fx), and Dynamo, which is imported later, takes the patched one for torch's own and inlines `forward`; what
asks whether a call may leave is nothing for Dynamo to compile.
"""

import functools
from typing import Any

from torch.compiler import is_compiling
from wrapt import when_imported

from aweigh.compiler.offload.module.thread import THREAD

_MARK = "_aweigh_patched"
_ASKING = "aweigh.compiler.offload.module.candidate"


def install(kind: Any) -> None:
    """Patches Module in place; the second time does nothing."""
    original = kind.__call__
    if hasattr(original, _MARK):
        return

    @functools.wraps(original)
    def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:
        if THREAD.within or is_compiling():
            return original(self, *args, **kwargs)
        from aweigh.compiler.offload.module.candidate import outermost

        return outermost(original, self, args, kwargs)

    setattr(__call__, _MARK, original)
    kind.__call__ = __call__
    when_imported("torch._dynamo.trace_rules")(lambda rules: rules.add(_ASKING))
