"""Many at once: models of different structures, and sessions by the thousand."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from tests.engine.llama import Shape, manifest, names, program
from tests.engine.rpc.conftest import Door, Process, load_request

from aweigh.proto.program import Manifest, Program
from aweigh.proto.v1 import engine_pb2, generation_pb2

SESSIONS = 1000


@dataclass(frozen=True)
class Other:
    """Three narrower layers with random weights."""

    directory: Path
    program: Program
    manifest: Manifest


def other(directory: Path) -> Other:
    shape = Shape(layers=3, hidden=32, inner=48, heads=2, kv_heads=1)
    torch.manual_seed(5)
    made = program(shape)
    named = zip(names(shape), made.slots, strict=True)
    tensors = {name: torch.randn(tuple(slot.shape)) * 0.3 for name, slot in named if name != "inv_freq"}
    save_file(tensors, directory / "model.safetensors")
    frequencies = shape.theta ** -(torch.arange(0, shape.head, 2).float() / shape.head)
    return Other(directory, made, manifest(shape, frequencies.numpy().tobytes()))


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[tuple[Process, Door]]:
    """A worker of its own, so that what is free can be counted."""
    process = Process(tmp_path, "--token-budget", "256")
    door = Door(process.engine)
    yield process, door
    door.close()
    process.stop()


def ask(model: str, prompt: list[int], count: int) -> generation_pb2.GenerateRequest:
    return generation_pb2.GenerateRequest(
        model=model,
        prompts=[generation_pb2.Prompt(tokens=prompt)],
        sampling=generation_pb2.SamplingSettings(max_new_tokens=count),
    )


def stats(process: Process) -> engine_pb2.StatsResponse:
    found: engine_pb2.StatsResponse = process.engine.Stats(engine_pb2.StatsRequest())
    return found


def test_two_structures_decode_at_once_as_each_does_alone(alone: Any, tiny: Any, tmp_path: Path) -> None:
    process, door = alone
    (tmp_path / "other").mkdir()
    second = other(tmp_path / "other")
    process.engine.LoadModel(load_request(tiny))
    process.engine.LoadModel(load_request(second, model="other"))
    lease = door.lease("a")
    prompts = [[number, 3 * number, 7] for number in range(1, 5)]
    single = {}
    for number, prompt in enumerate(prompts):
        single[number] = door.generate(100 + number, lease, ask("other", prompt, 40)).rows[0]
    assert len({tuple(tokens) for tokens in single.values()}) > 1, "the prompt matters"
    for number, prompt in enumerate(prompts):
        door.submit(200 + number, lease, ask("tiny", prompt, 40))
        door.submit(300 + number, lease, ask("other", prompt, 40))
    door.wait(lambda: {200, 300} <= door.events.keys())
    for number, prompt in enumerate(prompts):
        assert door.result(200 + number).rows[0] == tiny.greedy(prompt, 40)
        assert door.result(300 + number).rows[0] == single[number]
    assert {model.model: model.requests for model in stats(process).models} == {"tiny": 4, "other": 8}


def test_a_thousand_sessions_end_with_their_lease(alone: Any, tiny: Any) -> None:
    process, door = alone
    process.engine.LoadModel(load_request(tiny))
    lease = door.lease("many")
    rows = [engine_pb2.StepRow(session=1 + i, tokens=[i % 90, i // 90, 5, 6, 7], logits=0) for i in range(SESSIONS)]
    process.engine.Step(engine_pb2.StepRequest(lease=lease, model="tiny", rows=rows))
    process.engine.OpenSession(engine_pb2.OpenSessionRequest(lease=lease, model="tiny"))
    held = stats(process)
    assert held.sessions == SESSIONS + 1 and held.blocks_total - held.blocks_free >= SESSIONS
    door.submit(1, lease, ask("tiny", [1, 2, 3], 400))
    door.wait(lambda: 1 in door.events)
    door.end(lease)
    assert door.result(1).failure == "LeaseEnded"
    after = stats(process)
    assert (after.sessions, after.leases, after.running, after.waiting) == (0, 0, 0, 0)
    assert after.blocks_free == after.blocks_total > 0
    again = door.lease("next")
    assert door.generate(2, again, ask("tiny", [5, 17, 3], 8)).rows[0] == tiny.greedy([5, 17, 3], 8)
