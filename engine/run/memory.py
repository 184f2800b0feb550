"""Memories: what a model's encoder made of a sequence's input, as keys and values in blocks, before the sequence's first token.

Legend: S tokens of a memory, C hidden, K KV heads, D key head size, E value head size.
"""

from collections.abc import Sequence as Items

from torch import Tensor

from aweigh.engine.run.model import Model
from aweigh.engine.schedule.instructions import PlanRow
from aweigh.kernels.base import Ragged

MASK = "attention_mask"


def memorise(model: Model, rows: Items[PlanRow], block_size: int) -> None:
    """Computes the memories that rows of a step lack. Rows that share blocks share the work."""
    done: set[tuple[int, ...]] = set()
    for row in rows:
        memory, source = row.memory, row.sequence.memory
        if memory is None or source is None or memory.written or memory.blocks in done:
            continue
        done.add(memory.blocks)
        _write(model, source.inputs, memory.blocks, block_size)


def _write(model: Model, inputs: dict[str, Tensor], blocks: tuple[int, ...], block_size: int) -> None:
    structure = model.structure
    encode = model.function("encode")
    (encoded_1SC,) = encode.run([inputs[name] for name in encode.names]).values()
    encoded_1SC = kept(encoded_1SC, inputs.get(MASK))
    parts = model.function("memorise").run([encoded_1SC])
    length = encoded_1SC.shape[1]
    ragged = Ragged.of([length], [length], [blocks], block_size, structure.device)
    for state in structure.memories:
        key_SKD, value_SKE = (parts[f"{name}.{state}"].squeeze(0).transpose(0, 1) for name in ("key", "value"))
        structure.kernels.write_kv(key_SKD, value_SKE, structure.layers[state], ragged)  # type: ignore[arg-type]


def kept(encoded_1SC: Tensor, mask_1S: Tensor | None) -> Tensor:
    """The tokens that the decoder may see: all, or those that a mask of the same length does not hide."""
    if mask_1S is None or mask_1S.shape[1] != encoded_1SC.shape[1] or bool(mask_1S.all()):
        return encoded_1SC
    return encoded_1SC[:, mask_1S[0] != 0]
