"""What a compiled kernel needs of a device, read from what the compiler left behind."""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import triton


class Resources(NamedTuple):
    """Per thread: `registers` and bytes of `stack` (spilled registers), None where no tool tells. Per program: `shared` bytes, `warps`. `code` bytes."""

    registers: int | None
    stack: int | None
    shared: int
    warps: int
    code: int


def _nvidia(cubin: bytes) -> tuple[int | None, int | None]:
    """Asks cuobjdump, which comes with Triton."""
    tool = triton.knobs.nvidia.cuobjdump
    if tool is None:
        return None, None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kernel.cubin"
        path.write_bytes(cubin)
        text = subprocess.run([tool.path, "-res-usage", str(path)], capture_output=True, text=True, check=True).stdout
    registers, stack = re.search(r"REG:(\d+)", text), re.search(r"STACK:(\d+)", text)
    return (int(registers[1]) if registers else None), (int(stack[1]) if stack else None)


def _amd(assembly: str) -> tuple[int | None, int | None]:
    """Reads the metadata notes at the end of the assembly."""
    registers, scratch = (
        re.search(rf"\.{name}:\s+(\d+)", assembly) for name in ("vgpr_count", "private_segment_fixed_size")
    )
    return (int(registers[1]) if registers else None), (int(scratch[1]) if scratch else None)


def resources_of(compiled: Any) -> Resources:
    """Returns the resources of what `triton.compile` returned for an NVIDIA or AMD target."""
    if "cubin" in compiled.asm:
        code = compiled.asm["cubin"]
        registers, stack = _nvidia(code)
    else:
        code = compiled.asm["hsaco"]
        registers, stack = _amd(compiled.asm["amdgcn"])
    return Resources(registers, stack, compiled.metadata.shared, compiled.metadata.num_warps, len(code))
