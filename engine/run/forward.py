"""One step: a plan's rows as a ragged batch, through embed, body and head.

Legend: T tokens in batch, R rows whose logits are wanted, C hidden, V vocabulary, S sequences in batch.
"""

from array import array
from collections.abc import Sequence as Items
from dataclasses import dataclass

import torch
from torch import Tensor

from aweigh.engine.run.memory import memorise
from aweigh.engine.run.model import Model
from aweigh.engine.schedule.instructions import CopyBlock, PlanRow
from aweigh.kernels.base import Ragged


@dataclass(frozen=True, slots=True)
class StepResult:
    """`logits_RV` of the wanted rows, in the order of the plan's rows; `outputs` are optional outputs for all T tokens."""

    logits_RV: Tensor
    outputs: dict[str, Tensor]


def forward(
    model: Model,
    rows: Items[PlanRow],
    copies: Items[CopyBlock] = (),
    outputs: tuple[str, ...] = (),
    block_size: int = 16,
) -> StepResult:
    """Runs a step. Writes the KV of the rows' tokens and the recurrent state behind them; call in inference mode, on the step thread.

    Raises whatever torch raises for values that no shape check can foresee (a position beyond a table of positions).
    """
    structure = model.structure
    device = structure.device
    if copies:
        assert structure.pool is not None
        for copy in copies:
            structure.pool.copy(copy.source, copy.target)
    inputs = {"token_ids": _tokens(rows), "positions": _positions(rows)}
    if device.type != "cpu":
        inputs = {name: tensor.to(device) for name, tensor in inputs.items()}
    ragged = memory = None
    if structure.memory_pool is not None:
        memorise(model, rows, block_size)
        memory = Ragged.of(
            [row.count for row in rows],
            [row.memory.length for row in rows if row.memory is not None],
            [row.memory.blocks for row in rows if row.memory is not None],
            block_size,
            device,
            writes=False,
        )
    if structure.pool is not None or structure.state_pool is not None:
        ragged = Ragged.of(
            [row.count for row in rows],
            [row.start + row.count for row in rows],
            [row.blocks[0] for row in rows] if structure.pool is not None else [],
            block_size,
            device,
            [row.states for row in rows] if structure.state_pool is not None else [],
            memory,
        )
    if structure.has("embed"):
        embed = model.function("embed")
        (embeddings_1TC,) = embed.run([inputs[name] for name in embed.names]).values()
        inputs["embeddings"] = _with_segments(embeddings_1TC, rows)
    body = model.function("body", outputs)
    results = body.run([inputs[name] for name in body.names], ragged)
    hidden_1TC = results.pop("hidden")
    wanted = _wanted(rows)
    if wanted is not None:
        if not wanted:
            return StepResult(hidden_1TC.new_empty((0, 0)), results)
        hidden_1TC = hidden_1TC.index_select(1, torch.tensor(wanted, device=device))
    (logits_1RV,) = model.function("head").run([hidden_1TC]).values()
    return StepResult(logits_1RV.squeeze(0), results)


def _tokens(rows: Items[PlanRow]) -> Tensor:
    if len(rows) == 1 and rows[0].count == 1 and not rows[0].draft:
        return torch.tensor([[max(rows[0].sequence.tokens[rows[0].start], 0)]])
    joined = array("q")
    for row in rows:
        joined.extend(row.tokens)
    tokens_1T = torch.tensor(joined, dtype=torch.int64).unsqueeze(0)
    # -1 stands where an embedding row was given.
    return tokens_1T.clamp_(min=0) if any(row.sequence.segments for row in rows) else tokens_1T


def _positions(rows: Items[PlanRow]) -> Tensor:
    if len(rows) == 1 and rows[0].sequence.positions is None:
        if rows[0].count == 1:
            return torch.tensor([[rows[0].start]])
        return torch.arange(rows[0].start, rows[0].start + rows[0].count).unsqueeze(0)
    joined = array("q")
    for row in rows:
        positions = row.sequence.positions
        span = range(row.start, row.start + row.count)
        joined.extend(span if positions is None else positions[span.start : span.stop])
    return torch.tensor(joined, dtype=torch.int64).unsqueeze(0)


def _with_segments(embeddings_1TC: Tensor, rows: Items[PlanRow]) -> Tensor:
    """Puts the embedding rows that sessions were given in the place of looked-up ones."""
    if not any(row.sequence.segments for row in rows):
        return embeddings_1TC
    result_1TC = embeddings_1TC.clone()
    begin = 0
    for row in rows:
        for segment in row.sequence.segments:
            first = max(segment.start, row.start)
            last = min(segment.start + segment.length, row.start + row.count)
            if first < last:
                part = segment.rows[first - segment.start : last - segment.start]
                result_1TC[0, begin + first - row.start : begin + last - row.start] = part
        begin += row.count
    return result_1TC


def _wanted(rows: Items[PlanRow]) -> list[int] | None:
    """Indices in the batch of the tokens whose logits are wanted; None for all of them."""
    wanted: list[int] = []
    end = 0
    for row in rows:
        end += row.count
        wanted.extend(range(end - row.logits, end))
    return None if len(wanted) == end else wanted
