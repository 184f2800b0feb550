"""What cannot be is refused with one sentence, as transformers words it where it does, and disturbs nobody."""

import subprocess
from pathlib import Path

import pytest
from tests.integration.families import make
from tests.integration.house import House

SCRIPTS = Path(__file__).parent / "scripts"
SCRIPT = str(SCRIPTS / "bad_generate.py")

# Where transformers crashes inside of torch or never ends, a typed error of ours stands; 10^9 rows do not fit into the script's
# own memory, in which transformers itself makes the batch.
OURS = {
    "max_new_tokens 2^40": {"InvalidRequest"},
    "empty prompt": {"UnsupportedModel"},
    "id out of range": {"InvalidRequest"},
    "negative id": {"InvalidRequest"},
    "too long": {"PromptTooLong"},
    "rows 10^9": {"RuntimeError"},
    "float ids": {"InvalidRequest"},
}
AS_TRANSFORMERS = (
    "max_new_tokens 0",
    "max_new_tokens -1",
    "temperature NaN",
    "temperature 0",
    "temperature -1",
    "top_p 2",
    "top_k -3",
    "repetition_penalty 0",
    "eos out of range",
    "3-D ids",
)


def rows(answer: subprocess.CompletedProcess[str]) -> dict[str, list[str]]:
    assert answer.returncode == 0, answer.stderr[-4000:]
    return {row[0]: row[1:] for row in (line.split("\t") for line in answer.stdout.splitlines())}


def test_every_case(house: House, checkpoints: Path) -> None:
    model = str(make("llama", checkpoints))
    ours = rows(house.offloaded(SCRIPT, model))
    plain = rows(house.plain(SCRIPT, model, *AS_TRANSFORMERS))
    assert set(ours) == set(OURS) | set(AS_TRANSFORMERS)
    assert {name: ours[name] for name in AS_TRANSFORMERS} == plain
    for name, kinds in OURS.items():
        kind, sentence = ours[name]
        assert kind in kinds, (name, kind, sentence)
        assert len(sentence) > 20, (name, sentence)


@pytest.mark.slow
def test_learned_positions_end_with_a_typed_error(house: House, checkpoints: Path) -> None:
    assert rows(house.offloaded(SCRIPT, str(make("gpt2", checkpoints)), "too long"))["too long"][0] == "PromptTooLong"


WORDS = {
    "truncated": "outside the file",
    "offset": "'lm_head.weight' of model.safetensors lies outside the file",
    "overlap": "'lm_head.weight'",
    "dtype": "'lm_head.weight'",
    "dims": "'lm_head.weight'",
    "header": "header",
    "fifo": "no file named model.safetensors",  # as transformers sees it, before us
    "pickle": "safetensors",
}


@pytest.mark.slow
def test_broken_checkpoints_are_named(house: House, checkpoints: Path, tmp_path: Path) -> None:
    healthy = make("llama", checkpoints)
    damaged = [str(broken(healthy, tmp_path / damage, damage)) for damage in WORDS]
    answer = house.offloaded(str(SCRIPTS / "broken_checkpoints.py"), str(healthy), *damaged)
    said = rows(answer)
    assert said.keys() == WORDS.keys()
    for damage, (kind, sentence, others) in said.items():
        assert kind == "OSError" or (kind == "UnsupportedModel" and sentence.startswith("LlamaForCausalLM")), said
        assert WORDS[damage] in sentence, (damage, sentence)
        assert others == "True", "the healthy model answers as before"


def broken(source: Path, target: Path, damage: str) -> Path:
    """A copy of a checkpoint with one lie in it."""
    import json
    import os
    import shutil

    shutil.copytree(source, target)
    file = target / "model.safetensors"
    data = file.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    entry = header["lm_head.weight"]
    match damage:
        case "truncated":
            file.write_bytes(data[: len(data) // 2])
            return target
        case "header":
            file.write_bytes((2**62).to_bytes(8, "little") + data[8:])
            return target
        case "fifo":
            file.unlink()
            os.mkfifo(file)
            return target
        case "pickle":
            file.rename(target / "pytorch_model.bin")
            return target
        case "offset":
            entry["data_offsets"][1] += 2**40
        case "overlap":
            entry["data_offsets"] = header["model.norm.weight"]["data_offsets"]
        case "dtype":
            entry["dtype"] = "F64"
        case "dims":
            entry["shape"] = [2**63, 2**63]
    changed = json.dumps(header).encode()
    file.write_bytes(len(changed).to_bytes(8, "little") + changed + data[8 + size :])
    return target
