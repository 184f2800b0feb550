"""`aweigh compile` in this process."""

import json
import re
from pathlib import Path

import pytest

from aweigh.compiler.command import main
from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import program_from_message
from aweigh.proto.v1 import program_pb2

CONFIG = {
    "model_type": "qwen3",
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 16,
    "vocab_size": 64,
    "dtype": "bfloat16",
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(CONFIG))
    return path


def test_writes_prints_and_counts(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "model.program"
    assert main([str(config), "-o", str(output), "--stats", "--print-ir-after=roll"]) == 0
    printed = capsys.readouterr().out
    program = program_from_message(program_pb2.Program.FromString(output.read_bytes()))
    assert f"fingerprint {fingerprint(program).hex()}" in printed
    assert "// ----- after roll -----" in printed and '"aweigh.repeat"' in printed and "bf16" in printed
    assert "after split" not in printed
    assert re.search(r"^operations imported +\d{3}$", printed, re.MULTILINE)
    assert re.search(r"^activations +body: .*\* T bytes at once, .*\* T without reuse$", printed, re.MULTILINE)
    assert re.search(r"^passes +\d+\.\d\d s$", printed, re.MULTILINE)
    assert re.search(r"^loop +2 iterations of \d+ ops, \d+ launches each$", printed, re.MULTILINE)
    assert re.search(r"^native steps +body: \d+ of \d+, on 1 tape$", printed, re.MULTILINE)
    assert re.search(r"^ +1  linear, called by itself$", printed, re.MULTILINE), "the head alone is not worth a tape"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["/no/such/model"], 1, "no file or directory '/no/such/model'"),
        (["CONFIG", "--print-ir-after=magic"], 2, "no pass 'magic'"),
        (["CONFIG", "--dtype", "float13"], 2, "float13"),
        ([], 2, "Missing argument"),
    ],
)
def test_mistakes_are_one_sentence(
    config: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, sentence: str
) -> None:
    assert main([str(config) if argument == "CONFIG" else argument for argument in arguments]) == code
    assert sentence in capsys.readouterr().err
