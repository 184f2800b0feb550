"""Steps that are run again, one request at a time."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from aweigh.engine import execute
from aweigh.engine.core import ModelSpec, Sequence, tokens_of
from aweigh.engine.run.forward import StepResult
from aweigh.engine.schedule.instructions import PlanRow


def test_copies_of_blocks_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first request's rows have written behind what was copied by the time that the second one runs."""
    made: list[tuple[list[int], Any]] = []

    def forward(model: Any, rows: Any, copies: Any, outputs: Any, block_size: int) -> StepResult:
        made.append(([row.request for row in rows], copies))
        if len(rows) > 1:
            raise IndexError("somebody's position is outside of a table")
        return StepResult(torch.zeros(1, 3), {})

    monkeypatch.setattr(execute, "forward", forward)
    sequence = Sequence(ModelSpec("m", b"f", b"i", 4), tokens_of([1]))
    rows = [PlanRow(number, 0, sequence, 0, 1, ([number],), 1) for number in (1, 2)]
    plan: Any = SimpleNamespace(
        rows=rows, copies=("a copy",), outputs=(), samples=[], drafts=None, model=SimpleNamespace(block_size=4)
    )
    outcome = execute.Executor({}).run(SimpleNamespace(), plan)  # type: ignore[arg-type]
    assert not outcome.failed
    assert made == [([1, 2], ("a copy",)), ([1], ()), ([2], ())]
