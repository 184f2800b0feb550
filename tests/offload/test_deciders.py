"""What decides without I/O: rows and sessions, columns of tokens, settings of a loop, options of a command line."""

from types import SimpleNamespace

import pytest
import torch
from transformers import LogitsProcessor, LogitsProcessorList, StoppingCriteriaList
from transformers.generation import logits_process as lp
from transformers.generation import stopping_criteria as sc

from aweigh.compiler.offload import sampling
from aweigh.compiler.offload.cache import RemoteCache, adopt, new_cache
from aweigh.compiler.offload.command import UsageError, parse
from aweigh.compiler.offload.generate import Rows, left_padding
from aweigh.compiler.offload.own_state import own_state, rows_apart
from aweigh.compiler.offload.session import Row, Session, log_of, reorder
from aweigh.compiler.offload.settings import Settings
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.v1 import generation_pb2


def _row(garbage: list[int], tokens: list[int]) -> Row:
    return Row(log_of(tokens), log_of(range(len(tokens))), Session(garbage, "lease"), len(tokens))


def test_the_first_child_of_a_row_takes_its_session_over_and_further_ones_fork_it() -> None:
    garbage: list[int] = []
    rows = [_row(garbage, [1, 2]), _row(garbage, [3, 4])]
    sessions = [row.session for row in rows]
    made = reorder(rows, [0, 0])
    assert made[0].session is sessions[0]
    assert made[1].session is None
    assert made[1].parent is sessions[0]
    assert made[1].tokens.tolist() == [1, 2]
    assert garbage == []
    number = sessions[1].number if sessions[1] else 0
    del rows, sessions
    assert garbage == [number]


def test_a_fork_is_not_made_from_a_session_that_lost_tokens_since() -> None:
    row = _row([], [1, 2, 3])
    fork = row.fork()
    assert row.session is not None
    row.session.crops += 1
    assert fork.parent is row.session
    assert fork.known("lease", row.session.garbage).parent is None


def test_a_row_forgets_sessions_of_another_lease_and_those_in_doubt() -> None:
    garbage: list[int] = []
    row = _row(garbage, [1])
    assert row.known("lease", garbage) is row
    assert row.known("other", garbage).session is None
    assert row.known("lease", []).session is None
    assert row.known("other", garbage).tokens.tolist() == [1]
    fork = row.fork()
    assert fork.known("lease", garbage) is fork
    assert row.session is not None
    row.session.unsure = True
    assert row.known("lease", garbage).session is None
    assert fork.known("lease", garbage).parent is None


def test_a_remote_cache_counts_crops_and_selects_like_one_with_bytes() -> None:
    cache = new_cache(depth=2)
    valid = torch.tensor([[False, True, True], [True, True, True]])
    cache._aweigh_append([_row([], [1, 2]), _row([], [3, 4, 5])], valid, 3)
    assert cache.get_seq_length() == 3
    cache.crop(-2)
    assert [row.tokens.tolist() for row in cache._aweigh_rows] == [[], [3]]
    assert cache.get_seq_length() == 1
    cache.batch_select_indices(torch.tensor([1]))
    cache.batch_repeat_interleave(3)
    assert [row.tokens.tolist() for row in cache._aweigh_rows] == [[3], [3], [3]]
    with pytest.raises(UnsupportedModel, match=r"aweigh\.local"):
        _ = cache.layers[0].keys
    with pytest.raises(ValueError, match="negative"):
        cache.crop(2)
    cache.reset()
    assert (cache.get_seq_length(), len(cache)) == (0, 0)


def test_a_cache_with_keys_of_its_own_is_not_adopted() -> None:
    from transformers import DynamicCache

    cache = DynamicCache()
    cache.update(torch.zeros(1, 1, 2, 4), torch.zeros(1, 1, 2, 4), 0)
    assert adopt(cache, 1) is None
    empty = DynamicCache()
    assert adopt(empty, 1) is empty
    assert isinstance(empty, RemoteCache)
    assert isinstance(empty, DynamicCache)


def test_a_model_with_a_state_of_its_own_kind_is_known_by_its_module_and_its_annotations() -> None:
    from transformers import LlamaForCausalLM, MiniMaxForCausalLM, RwkvForCausalLM, xLSTMForCausalLM

    assert own_state(MiniMaxForCausalLM) == "the model keeps its keys and values in a MiniMaxCache"
    assert own_state(xLSTMForCausalLM) == "the model keeps its keys and values in a xLSTMCache"
    assert own_state(RwkvForCausalLM) == "the model hands on its state in the argument state"
    assert own_state(LlamaForCausalLM) == ""


def test_a_state_that_mixes_rows_is_found_by_a_rehearsal() -> None:
    from transformers import RwkvConfig, RwkvForCausalLM, xLSTMConfig, xLSTMForCausalLM

    sizes = {"vocab_size": 32, "hidden_size": 128, "num_hidden_layers": 2}
    assert not rows_apart(RwkvForCausalLM, RwkvConfig(**sizes))
    assert rows_apart(xLSTMForCausalLM, xLSTMConfig(**sizes, num_heads=4))


def test_columns_wait_for_the_slowest_row_and_pad_the_ended_ones() -> None:
    rows = Rows(2, frozenset({9}), pad=0)
    rows.put(0, [1, 9])
    assert list(rows.columns()) == []
    rows.put(1, [5])
    assert list(rows.columns()) == [[1, 5]]
    rows.put(1, [6, 7])
    assert list(rows.columns()) == [[9, 6], [0, 7]]
    rows.finish()
    assert list(rows.columns()) == []


def _translate(processors: list[object], **more: object) -> object:
    eos = torch.tensor([7])
    criteria = StoppingCriteriaList([sc.MaxLengthCriteria(20), sc.EosTokenCriteria(eos)])
    config = SimpleNamespace(do_sample=more.get("do_sample", False), _pad_token_tensor=torch.tensor(0))
    return sampling.translate(LogitsProcessorList(processors), criteria, config, 5, [0, 2])


class Custom(LogitsProcessor):  # type: ignore[misc]
    """A script's own."""


class Derived(lp.TopKLogitsWarper):  # type: ignore[misc]
    """A script's own that is no longer what it derives from."""


@pytest.mark.parametrize(
    ("processors", "sample", "why"),
    [
        ([Custom()], False, "custom Custom"),
        ([Derived(3)], True, "Derived"),
        ([lp.TopKLogitsWarper(3)], False, "without sampling"),
        ([lp.TopPLogitsWarper(0.5), lp.TopKLogitsWarper(3)], True, "order"),
        ([lp.TopKLogitsWarper(3, min_tokens_to_keep=2)], True, "settings of its own"),
        ([lp.MinLengthLogitsProcessor(4, 8)], False, "tokens of its own"),
        ([lp.RepetitionPenaltyLogitsProcessor(1.5)], False, "ignores"),
    ],
)
def test_what_the_engine_does_not_know_is_named(processors: list[object], sample: bool, why: str) -> None:
    with pytest.raises(sampling.Unknown, match=why):
        _translate(processors, do_sample=sample)


def test_known_processors_become_settings() -> None:
    penalty = lp.RepetitionPenaltyLogitsProcessor(1.5, prompt_ignore_length=torch.tensor([0, 2]))
    processors = [penalty, lp.MinLengthLogitsProcessor(4, 7), lp.TemperatureLogitsWarper(0.5), lp.TopKLogitsWarper(3)]
    settings = _translate(processors, do_sample=True)
    assert isinstance(settings, generation_pb2.SamplingSettings)
    assert (settings.repetition_penalty, settings.min_length, settings.temperature, settings.top_k) == (1.5, 4, 0.5, 3)
    assert (settings.max_new_tokens, list(settings.eos_tokens), settings.pad_token) == (15, [7], 0)
    assert not settings.HasField("top_p")


def test_a_first_token_is_forced_where_there_is_one() -> None:
    """Of a longer text transformers forces nothing, and does not look at the value."""
    settings = _translate([lp.ForcedBOSTokenLogitsProcessor(10**6)])
    assert isinstance(settings, generation_pb2.SamplingSettings)
    assert not settings.HasField("forced_bos_token")


def test_only_a_prefix_may_be_masked() -> None:
    ids = torch.zeros(2, 3, dtype=torch.long)
    assert left_padding(ids, None) == [0, 0]
    assert left_padding(ids, torch.tensor([[0, 0, 1], [1, 1, 1]])) == [2, 0]
    for mask in ([[1, 1, 0], [1, 1, 1]], [[1, 0, 1], [1, 1, 1]], [[0, 0, 0], [1, 1, 1]]):
        with pytest.raises(sampling.Unknown):
            left_padding(ids, torch.tensor(mask))


def test_our_options_end_where_the_interpreters_begin() -> None:
    given = parse(["--engine", "unix:/x", "--only=A", "--only", "B", "--strict", "s.py", "--engine", "mine", "-m"])
    assert (given.engine, given.only, given.fallback) == ("unix:/x", ("A", "B"), "never")
    assert given.command[1:] == ("s.py", "--engine", "mine", "-m")
    assert parse(["--explain", "s.py"]).explain
    assert not parse(["s.py", "--explain"]).explain
    assert parse(["--stats", "s.py"]).stats and not parse(["s.py", "--stats"]).stats
    assert parse(["-m", "pkg", "-x"]).command[1:] == ("-m", "pkg", "-x")
    assert parse(["--", "bash", "-c", "x"]).command == ("bash", "-c", "x")
    with pytest.raises(UsageError):
        parse(["--fallback", "sometimes", "x.py"])


def test_settings_travel_through_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    from aweigh.compiler.offload.settings import from_environment

    settings = Settings(
        active=True,
        address="unix:/x",
        fallback="never",
        quiet=True,
        report="/r",
        explain=True,
        only=("A",),
        skip=("b", "c"),
        draft=("large=/small",),
        root=5,
    )
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    assert from_environment() == settings
    assert settings.covers("A", "/models/a")
    assert not settings.covers("A", "/models/b")
    assert settings.draft_for("/models/large-1") == "/small" and not settings.draft_for("/models/a")
    assert not settings.covers("Other", "/models/a")
