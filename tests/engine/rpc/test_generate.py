"""`generate` over the work stream of a worker process, against transformers."""

from typing import Any

import pytest

from aweigh.proto.v1 import engine_pb2, generation_pb2


def ask(prompts: list[list[int]], count: int, **sampling: Any) -> generation_pb2.GenerateRequest:
    return generation_pb2.GenerateRequest(
        model="tiny",
        prompts=[generation_pb2.Prompt(tokens=prompt) for prompt in prompts],
        sampling=generation_pb2.SamplingSettings(max_new_tokens=count, **sampling),
    )


def test_greedy_tokens_are_transformers(worker: Any, door: Any, loaded: Any, tiny: Any) -> None:
    lease = door.lease("a")
    prompt = [5, 17, 3, 60]
    result = door.generate(1, lease, ask([prompt], 24))
    assert result.rows[0] == tiny.greedy(prompt, 24)
    assert list(result.last.finished.reasons) == [generation_pb2.FINISH_REASON_LENGTH]
    assert result.last.finished.usage.generated_tokens == 24


def test_requests_in_one_batch_do_not_disturb_each_other(worker: Any, door: Any, loaded: Any, tiny: Any) -> None:
    lease = door.lease("b")
    prompts = {number: [number, 2 * number, 7] for number in range(1, 9)}
    for number, prompt in prompts.items():
        door.submit(number, lease, ask([prompt], 12))
    for number, prompt in prompts.items():
        assert door.result(number).rows[0] == tiny.greedy(prompt, 12)


def test_prompts_longer_than_a_step_are_chunked(worker: Any, door: Any, loaded: Any, tiny: Any) -> None:
    lease = door.lease("c")
    prompt = [(7 * i) % 90 for i in range(150)]
    assert door.generate(1, lease, ask([prompt], 8)).rows[0] == tiny.greedy(prompt, 8)


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (ask([], 4), "InvalidRequest"),
        (ask([[]], 4), "InvalidRequest"),
        (ask([[96]], 4), "InvalidRequest"),
        (ask([[-1]], 4), "InvalidRequest"),
        (ask([[1]], 4, do_sample=True, temperature=float("nan")), "InvalidRequest"),
        (ask([[1] * 600], 4), "PromptTooLong"),
        (
            generation_pb2.GenerateRequest(model="tiny", prompts=[{"tokens": [1]}] * 1024, logprobs=1024),
            "InvalidRequest",
        ),
        (generation_pb2.GenerateRequest(model="nobody"), "ModelNotFound"),
    ],
)
def test_what_is_wrong_with_a_request_is_told(worker: Any, door: Any, loaded: Any, request_: Any, kind: str) -> None:
    assert door.generate(1, door.lease("d"), request_).failure == kind


def test_a_strange_path_fails_its_own_request(worker: Any, door: Any, loaded: Any, tiny: Any) -> None:
    lease = door.lease("p")
    door.submit(1, lease, ask([[1, 2]], 20))
    strange = ask([[1]], 4, stop_strings=["x"])
    strange.tokenizer_directory = "/\0"
    assert door.generate(2, lease, strange).failure == "InvalidRequest"
    assert door.result(1).rows[0] == tiny.greedy([1, 2], 20)


def test_an_unknown_lease_is_refused(worker: Any, door: Any, loaded: Any) -> None:
    assert door.generate(1, "nobody's", ask([[1]], 4)).failure == "InvalidRequest"


def test_cancelling_frees_everything(worker: Any, door: Any, loaded: Any) -> None:
    lease = door.lease("e")
    before = worker.engine.Stats(engine_pb2.StatsRequest())
    door.submit(1, lease, ask([[1, 2, 3]], 400))
    door.wait(lambda: 1 in door.events)
    door.send(cancel=engine_pb2.WorkCommand.Cancel(request=1))
    result = door.result(1)
    assert list(result.last.finished.reasons) == [generation_pb2.FINISH_REASON_CANCELLED]
    after = worker.engine.Stats(engine_pb2.StatsRequest())
    assert after.running == after.waiting == 0
    assert after.blocks_total - after.blocks_free <= before.blocks_total - before.blocks_free


def test_statistics_name_every_extent(worker: Any, door: Any, loaded: Any) -> None:
    door.generate(1, door.lease("f"), ask([[1]], 2))
    stats = worker.engine.Stats(engine_pb2.StatsRequest(access_records=True))
    assert stats.access_source == "runner"
    assert len(stats.records) >= 22 and all(record.uses > 0 and record.pages > 0 for record in stats.records)
    assert [model.model for model in stats.models] == ["tiny"]
