"""Low-bit projections alone: bytes of packed weights per second, beside what this machine reads.

    python -m bench.low_bit [--threads N] [--rows 1 4 16 128]

The weights of many layers of a 0.5 B shape go by one after another in one call per size of x, more of them than caches hold. The limit is a sum over as many bytes (int64, torch), the
fastest of several, taken in turns with the kernels, of which the fastest counts, too: other tenants of the machine come and go.
"""

import argparse
import time

import torch

from aweigh.kernels.cpu import low_bit_linear
from aweigh.kernels.low_bit import BITS
from aweigh.kernels.weight import LowBit, tensor_of

_SHAPES = ((896, 896), (4864, 896), (4864, 896), (896, 4864))
_BYTES = 600_000_000
_CASES = (("int8", 896), ("int8", 128), ("int8", 32), ("fp8", 128), ("int4", 128), ("int4", 64), ("int4", 32))


def weight(kind: str, outputs: int, columns: int, group: int, *, zeros: bool = False) -> LowBit:
    """A weight of random codes, in bfloat16."""
    panels = -(-outputs // 64)
    packed = torch.randint(0, 120, (panels, columns // 8, 64 * BITS[kind]), dtype=torch.uint8)
    group = min(group, columns)
    scales = torch.rand(panels, columns // group, 64).mul_(0.01).to(torch.bfloat16)
    return LowBit(packed, scales, torch.ones_like(scales) if zeros else None, kind, outputs, torch.bfloat16)


def size_of(weights: list[LowBit]) -> int:
    """Bytes that a step over all of them reads."""
    parts = [part for w in weights for part in (w.packed, w.scales, w.zeros) if part is not None]
    return sum(tensor_of(part).nbytes for part in parts)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--rows", type=int, nargs="+", default=[1, 4, 16, 128])
    parser.add_argument("--repeats", type=int, default=7)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    bulk = torch.ones(_BYTES // 8, dtype=torch.int64)
    for kind, group in _CASES:
        layer = [weight(kind, o, c, group) for o, c in _SHAPES]
        layers = [weight(kind, o, c, group) for _ in range(_BYTES // size_of(layer)) for o, c in _SHAPES]
        total, multiplications = size_of(layers), sum(w.outputs * w.columns for w in layers)
        by_columns = {c: [w for w in layers if w.columns == c] for _, c in _SHAPES}
        for rows in arguments.rows:
            xs = {c: torch.randn(rows, c, dtype=torch.bfloat16) for _, c in _SHAPES}
            variant = low_bit_linear.variant_of(xs[896], layers[0], None)
            assert variant is not None
            seconds, limits = [], []
            for _ in range(arguments.repeats if rows < 16 else 2):
                begin = time.perf_counter()
                bulk.sum()
                limits.append(bulk.nbytes / (time.perf_counter() - begin))
                begin = time.perf_counter()
                for columns, same in by_columns.items():
                    low_bit_linear.merged_linear(xs[columns], same, [None] * len(same), variant)
                seconds.append(time.perf_counter() - begin)
            speed, limit = total / min(seconds), max(limits)
            print(
                f"{kind} group {group:3} rows {rows:3}: {speed / 1e9:5.1f} GB/s, {speed / limit:4.0%} of {limit / 1e9:.1f}; "
                f"{2 * rows * multiplications / min(seconds) / 1e9:6.0f} GFLOP/s",
                flush=True,
            )


if __name__ == "__main__":
    main()
