"""What holds of attention over a memory, whoever computes it. Legend of shapes: see `kernels/base.py`."""

import torch

from aweigh.kernels.base import Kernels, KvLayer, Ragged


def check_a_memory_is_read_whole(kernels: Kernels) -> None:
    """Contexts shorter and longer than the queries over them, in other blocks than the sequence's own."""
    lengths, queries, size = [3, 9, 1], [4, 1, 2], 4
    generator = torch.Generator().manual_seed(5)
    key, value = (torch.randn(sum(lengths), 2, 8, generator=generator) for _ in range(2))
    layer = KvLayer.of(*(torch.full((8, size, 2, 8), float("nan")) for _ in range(2)))
    blocks = [[6], [0, 3, 5], [2]]
    for index, length in enumerate(lengths):
        part = slice(sum(lengths[:index]), sum(lengths[: index + 1]))
        kernels.write_kv(key[part], value[part], layer, Ragged.of([length], [length], [blocks[index]], size))
    query = torch.randn(sum(queries), 4, 8, generator=generator)
    memory = Ragged.of(queries, lengths, blocks, size, writes=False)
    out = kernels.attend(query, layer, memory, scale=0.3, causal=False)
    token = 0
    for index, count in enumerate(queries):
        part = slice(sum(lengths[:index]), sum(lengths[: index + 1]))
        for row in range(token, token + count):
            for head in range(4):
                scores = key[part, head // 2].double() @ query[row, head].double() * 0.3
                expected = torch.softmax(scores, 0) @ value[part, head // 2].double()
                torch.testing.assert_close(out[row, head].double(), expected, atol=1e-5, rtol=1e-5)
        token += count
