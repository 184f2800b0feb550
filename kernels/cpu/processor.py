"""What this processor has."""

from functools import cache
from pathlib import Path


@cache
def multiplies_pairs() -> bool:
    """Whether the processor has AVX512-BF16."""
    try:
        return "avx512_bf16" in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return False
