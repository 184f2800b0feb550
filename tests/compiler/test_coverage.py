"""Coverage: tiny configurations, isolation of children, results on disk, the page."""

import os
import signal
import time
from pathlib import Path

import pytest
from transformers import CONFIG_MAPPING

from aweigh.compiler.coverage import report, store
from aweigh.compiler.coverage.command import main
from aweigh.compiler.coverage.isolate import start
from aweigh.compiler.coverage.shrink import shrink
from aweigh.compiler.coverage.verdict import Verdict


@pytest.mark.parametrize(
    "kind", ["llama", "gemma3_text", "qwen3_moe", "deepseek_v3", "gemma3n_text", "hrm_text", "opt"]
)
def test_tiny_configurations_are_tiny_and_whole(kind: str) -> None:
    values = shrink(CONFIG_MAPPING[kind]().to_dict())
    config = CONFIG_MAPPING[kind].from_dict(values)
    assert config.vocab_size <= 256
    assert config.hidden_size <= 64
    kinds = getattr(CONFIG_MAPPING[kind](), "layer_types", None)
    if kinds:
        assert set(config.layer_types) == set(kinds)
        assert len(config.layer_types) == config.num_hidden_layers


def test_equal_heads_stay_equal_and_grouped_heads_grouped() -> None:
    plain = {"num_attention_heads": 32, "num_key_value_heads": 32}
    grouped = {"num_attention_heads": 32, "num_key_value_heads": 8}
    assert shrink(plain)["num_key_value_heads"] == shrink(plain)["num_attention_heads"]
    assert shrink(grouped)["num_key_value_heads"] < shrink(grouped)["num_attention_heads"]


def test_a_window_as_long_as_the_context_stays_as_long() -> None:
    always = shrink({"sliding_window": 3000, "max_position_embeddings": 3000})
    assert always["sliding_window"] == always["max_position_embeddings"]
    closing = shrink({"sliding_window": 3000, "max_position_embeddings": 4000})
    assert closing["sliding_window"] < 32


def test_a_head_stays_the_sum_of_its_parts() -> None:
    values = shrink({"head_dim": 256, "qk_rope_head_dim": 64, "qk_nope_head_dim": 192})
    assert values["head_dim"] == values["qk_rope_head_dim"] + values["qk_nope_head_dim"]


def test_parts_of_the_hidden_size_still_sum_to_it() -> None:
    values = shrink({"hidden_size": 256, "axes": [64, 192], "other": [64, 191]})
    assert values["axes"] == [values["hidden_size"] // 4, values["hidden_size"] * 3 // 4]
    assert values["other"] == [64, 191]


def test_a_child_answers() -> None:
    assert start(lambda: {"pid": os.getppid()}, 30, 1 << 33).collect() == ({"pid": os.getpid()}, "")


def test_a_child_that_dies_is_said_so() -> None:
    child = start(lambda: os.kill(os.getpid(), signal.SIGKILL), 30, 1 << 33)
    assert child.collect() == (None, "died (-9)")


def test_a_child_that_takes_too_long_is_killed() -> None:
    child = start(signal.pause, 0.2, 1 << 33)
    begin = time.monotonic()
    assert child.collect() == (None, "took longer than it may")
    assert time.monotonic() - begin < 10


def test_a_child_cannot_take_more_memory_than_it_may() -> None:
    child = start(lambda: len(bytearray(1 << 30)), 30, 1 << 28)
    assert child.collect()[0] is None


def test_results_survive_a_round_trip_and_are_sorted(tmp_path: Path) -> None:
    verdicts = {"b": Verdict(equal=True, captured=True, max_logit_error=1e-6), "a": Verdict(reason="no")}
    store.write(tmp_path / "results" / "coverage.json", verdicts)
    assert store.read(tmp_path / "results" / "coverage.json") == verdicts
    assert list(store.read(tmp_path / "results" / "coverage.json")) == ["a", "b"]
    assert store.read(tmp_path / "nothing.json") == {}


def test_the_page_says_how_many() -> None:
    page = report.markdown({"x": Verdict(equal=True, captured=True, excused=1), "y": Verdict(reason="a | b")})
    assert "**1 of 2 types are equal**, 1 become a Program, 1 divergences are excused." in page
    assert "| y | no |  |  | a \\| b |" in page


def test_a_type_that_transformers_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no causal language model of type 'nope'"):
        main(["--coverage", "--only", "nope", "--root", str(tmp_path)])


@pytest.mark.slow
def test_one_type_through_everything(tmp_path: Path) -> None:
    assert main(["--only", "llama", "--root", str(tmp_path)]) == 0
    verdict = store.read(tmp_path / "bench" / "results" / "coverage.json")["llama"]
    assert verdict.equal
    assert verdict.raised_share is not None
    assert "| llama | yes |" in (tmp_path / "docs" / "coverage.md").read_text()
