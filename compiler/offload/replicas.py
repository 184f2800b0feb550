"""`DistributedDataParallel` over a stub. It takes hold of every parameter when it is made, where no later exchange would reach it: its
replicas are made equal by writes to them, and gradients are averaged by hooks on them. So the weights are here before that, for good.
"""

import functools
from typing import Any

from wrapt import when_imported

from aweigh.compiler.offload.stub import stub_of


def register() -> None:
    """Patches the wrapper in place, once torch has it."""
    when_imported("torch.nn.parallel.distributed")(_distributed)


def _distributed(module: Any) -> None:
    original = module.DistributedDataParallel.__init__

    @functools.wraps(original)
    def __init__(self: Any, module: Any, *args: Any, **kwargs: Any) -> None:
        for inner in module.modules():
            if (stub := stub_of(inner)) is not None:
                stub.come_home(inner, "its weights are kept equal over processes")
        original(self, module, *args, **kwargs)

    module.DistributedDataParallel.__init__ = __init__
