"""Makes a machine without an accelerator look like one with one, whose tensors and generators are the host's.

Results are then those of the script with `cuda` read as `cpu`, and so is what it prints: `torch.device("cuda")` is the CPU. On a machine
that has CUDA nothing is patched.
"""

from typing import Any


def install(torch: Any) -> None:
    """Patches torch in place, at the end of its own import."""
    if torch.cuda.is_available():
        return
    from aweigh.compiler.offload.devices import cuda, device, factories

    factories.install(torch)
    cuda.install(torch)
    device.install(torch)
