"""Text encoders share steps: what several callers of different lengths get is what transformers gives each of them.

Legend: B rows, S tokens of a row.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.integration.house import House
from tests.integration.text_encoders import NARROW, Encoder, Engine, engine, made, program_of, request, tensors_of
from torch import Tensor

from aweigh.compiler.compilation import answer
from aweigh.compiler.offload.pretrained.tree import Call
from aweigh.engine.run.texts import checked
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import InvalidRequest, Overloaded
from aweigh.proto.ops import RAGGED
from aweigh.proto.v1 import engine_pb2

SCRIPT = str(Path(__file__).parent / "scripts" / "embed.py")
MODELS: dict[str, dict[str, Any]] = {
    "BertModel": {},
    "RobertaModel": {},
    "ModernBertModel": NARROW,
    "BertForSequenceClassification": {"num_labels": 3},
    "RobertaForSequenceClassification": {"num_labels": 3},
    "ModernBertForSequenceClassification": {"num_labels": 3, **NARROW},
    "ModernBertForTokenClassification": {"num_labels": 4, **NARROW},
    "BertForQuestionAnswering": {},
    "BertForMaskedLM": {},
    "ElectraForTokenClassification": {"num_labels": 4},
}


@pytest.fixture(scope="module")
def worker() -> Iterator[Engine]:
    with engine() as started:
        yield started


def texts(seed: int, *lengths: int, padding: str = "right", pad: int = 1) -> dict[str, Tensor]:
    """One call: a row per length, padded to the longest."""
    generator = torch.Generator().manual_seed(seed)
    longest = max(lengths)
    ids = torch.full((len(lengths), longest), pad)
    mask = torch.zeros_like(ids)
    for row, length in enumerate(lengths):
        own = slice(0, length) if padding == "right" else slice(longest - length, longest)
        ids[row, own] = torch.randint(3, 99, (length,), generator=generator)
        mask[row, own] = 1
    return {"input_ids": ids, "attention_mask": mask}


CALLS = (
    texts(0, 7),
    texts(1, 5, 19, 2),
    texts(2, 40, 3),
    texts(3, 9, 4, padding="left"),
    texts(4, 2, 2, 2, 2),
)


def expected(model: Any, given: dict[str, Any]) -> list[Tensor]:
    with torch.no_grad():
        return [value for value in model(**given).values() if isinstance(value, Tensor)]


def flat(output: Any) -> list[Tensor]:
    """Tensors of an output, each once, in order."""
    found: dict[int, Tensor] = {}
    for value in output.values():
        for tensor in value if isinstance(value, tuple) else (value,):
            found.setdefault(id(tensor), tensor)
    return list(found.values())


def assert_close(found: Any, wanted: list[Tensor]) -> None:
    assert not isinstance(found, Exception), found
    assert [each.shape for each in found] == [each.shape for each in wanted]
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other, atol=1e-4 * float(other.abs().max()), rtol=0)


@pytest.mark.parametrize(
    ("name", "attention"), [*((name, "sdpa") for name in MODELS), ("BertModel", "eager"), ("ModernBertModel", "eager")]
)
def test_callers_get_what_transformers_gives(name: str, attention: str, worker: Engine, tmp_path: Path) -> None:
    model = made(name, tmp_path, **MODELS[name])
    model.set_attn_implementation(attention)
    encoder = Encoder(worker, model, tmp_path, CALLS[0])
    together = encoder.ask(*CALLS)
    assert worker.together == [len(CALLS)] * len(CALLS), "they ran as one"
    for given, found in zip(CALLS, together, strict=True):
        assert_close(found, expected(model, given))
        (alone,) = encoder.ask(given)
        assert worker.together == [1]
        assert isinstance(found, list) and isinstance(alone, list)
        assert all(map(torch.equal, found, alone)), "nobody's mates show in a bit"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("BertModel", {}),
        ("BertModel", {"token_type_ids": True, "position_ids": True}),
        ("RobertaModel", {"token_type_ids": False}),
        ("BertModel", {"output_hidden_states": True, "return_dict": True}),
    ],
)
def test_other_arguments(name: str, arguments: dict[str, Any], worker: Engine, tmp_path: Path) -> None:
    model = made(name, tmp_path)
    calls = []
    for seed, size in ((0, (2, 9)), (1, (1, 30)), (2, (5, 3))):
        generator = torch.Generator().manual_seed(seed)
        given: dict[str, Any] = {"input_ids": torch.randint(3, 99, size, generator=generator)}
        for argument, said in arguments.items():
            if not argument.endswith("_ids"):
                given[argument] = said
            elif argument == "token_type_ids":
                given[argument] = torch.randint(0, 2, size, generator=generator) * int(said)
            else:
                given[argument] = torch.randint(0, 64, size, generator=generator)
        calls.append(given)
    encoder = Encoder(worker, model, tmp_path, calls[0])
    for given, found in zip(calls, encoder.ask(*calls), strict=True):
        with torch.no_grad():
            wanted = flat(model(**given))
        assert_close(found, wanted)
    assert worker.together == [3] * 3


def test_a_mean_over_the_mask_is_taken_within_each_text(worker: Engine, tmp_path: Path) -> None:
    model = made("ModernBertForSequenceClassification", tmp_path, classifier_pooling="mean", **NARROW)
    encoder = Encoder(worker, model, tmp_path, CALLS[0])
    together = encoder.ask(*CALLS)
    for given, found in zip(CALLS, together, strict=True):
        assert_close(found, expected(model, given))
        (alone,) = encoder.ask(given)
        assert isinstance(found, list) and isinstance(alone, list)
        assert all(map(torch.equal, found, alone))


@pytest.mark.parametrize(
    ("length", "token", "words"), [(6, 4711, "index 4711"), (6, -1, "index -1"), (70, 5, "index 69")]
)
def test_who_calls_badly_fails_alone(length: int, token: int, words: str, worker: Engine, tmp_path: Path) -> None:
    """An id beyond the vocabulary, one below it, and more tokens than there are positions."""
    model = made("BertModel", tmp_path)
    encoder = Encoder(worker, model, tmp_path, CALLS[0])
    bad = texts(9, length, 4)
    bad["input_ids"][1, 2] = token
    requests = [encoder.request(given, f"l{number}") for number, given in enumerate((CALLS[1], bad, CALLS[2]))]
    good, failed, also = map(tensors_of, worker.at_once(requests))
    assert isinstance(failed, InvalidRequest) and words in str(failed)
    assert_close(good, expected(model, CALLS[1]))
    assert_close(also, expected(model, CALLS[2]))
    assert worker.together == [1, 1], "after a step that failed, each ran alone"


def _change(request: engine_pb2.CallRequest, what: str) -> None:
    first = request.inputs[0]
    if what == "name":
        first.name = "7"
    elif what == "lacking":
        del request.inputs[0]
    elif what == "twice":
        request.inputs.add().CopyFrom(first)
    elif what == "dtype":
        first.tensor.dtype = DType.INT32  # type: ignore[assignment]
        first.tensor.data = first.tensor.data[::2]
    elif what == "sizes":
        first.tensor.shape[:] = [2, 3]
    elif what == "rank":
        first.tensor.shape[:] = [6]
    else:
        for entry in request.inputs:
            entry.tensor.shape[:] = [0, 6]
            entry.tensor.data = b""


@pytest.mark.parametrize("what", ["name", "lacking", "twice", "dtype", "sizes", "rank", "empty"])
def test_a_call_that_is_no_text_is_refused(what: str, worker: Engine, tmp_path: Path) -> None:
    encoder = Encoder(worker, made("BertModel", tmp_path), tmp_path, CALLS[0])
    bad, good = encoder.request(texts(0, 6), "bad"), encoder.request(CALLS[1], "good")
    _change(bad, what)
    failed, answered = worker.at_once([bad, good])
    assert isinstance(failed, InvalidRequest)
    assert not isinstance(answered, Exception)


def test_a_text_too_long_for_memory_is_refused(worker: Engine, tmp_path: Path) -> None:
    encoder = Encoder(worker, made("BertModel", tmp_path), tmp_path, CALLS[0])
    plan = worker.service._model(encoder.name).model.structure.plan(RAGGED)
    given = {name: torch.zeros(1, 1, dtype=torch.int64).expand(1, 1 << 17) for name in ("0", "1")}
    with pytest.raises(Overloaded, match="more than"):
        checked(plan, given, torch.device("cpu"), 1 << 32)


def test_an_engine_without_a_budget_shares_nothing(tmp_path: Path) -> None:
    model = made("BertModel", tmp_path)
    with engine(call_tokens=0) as alone:
        found = Encoder(alone, model, tmp_path, CALLS[0]).ask(*CALLS)
        assert alone.together == [1] * len(CALLS)
        for given, each in zip(CALLS, found, strict=True):
            assert_close(each, expected(model, given))


def test_calls_of_all_sizes_are_one_program(tmp_path: Path) -> None:
    model = made("BertModel", tmp_path)
    messages = [
        request(model, None, Call(given)) for given in (texts(0, 7), texts(1, 3, 3), texts(2, 2), texts(3, 30, 1))
    ]
    assert all(message == messages[0] for message in messages)
    compiled = answer(messages[0])
    (function,) = program_of(compiled).functions
    assert function.name == "ragged"
    assert sorted(entry.name for entry in function.inputs) == ["0", "1", "positions", "rows"]
    assert (compiled.ranges[0].least, compiled.ranges[0].most) == (2, 64)


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [
        ("DebertaV2Model", {}, "mixes tokens"),
        ("T5EncoderModel", {"d_model": 32, "num_heads": 4, "d_kv": 8, "d_ff": 48, "num_layers": 1}, "Attention"),
        ("BertLMHeadModel", {"is_decoder": True, "use_cache": False}, "causal"),
    ],
)
def test_what_cannot_share_says_why(name: str, more: dict[str, Any], words: str, tmp_path: Path) -> None:
    model = made(name, tmp_path, **more)
    compiled = answer(request(model, None, Call(CALLS[1]), model.config._attn_implementation))
    assert words in compiled.refusal and not compiled.program.functions
    assert answer(request(model, None, Call(CALLS[1]), model.config._attn_implementation)) == compiled, "it is kept"


@pytest.mark.slow
def test_scripts_at_once_print_what_they_print_alone(house: House, tmp_path: Path) -> None:
    """Three processes of three threads each: every text of another size, every answer its own."""
    made("RobertaForSequenceClassification", tmp_path, num_labels=3)
    with ThreadPoolExecutor() as pool:
        ours = [pool.submit(house.offloaded, SCRIPT, str(tmp_path), str(seed)) for seed in range(3)]
    for seed, future in enumerate(ours):
        done, plain = future.result(), house.plain(SCRIPT, str(tmp_path), str(seed))
        assert done.returncode == 0 and plain.returncode == 0, done.stderr + plain.stderr
        for found, wanted in zip(json.loads(done.stdout), json.loads(plain.stdout), strict=True):
            assert_close([torch.tensor(found)], [torch.tensor(wanted)])


def test_a_loss_is_for_one_caller_alone(tmp_path: Path) -> None:
    model = made("BertForTokenClassification", tmp_path)
    given = {**CALLS[1], "labels": torch.zeros_like(CALLS[1]["input_ids"])}
    assert "mixes tokens" in answer(request(model, None, Call(given))).refusal
