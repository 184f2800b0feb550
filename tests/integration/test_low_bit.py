"""`aweigh publish --quantize`, and scripts on what it stored: the tokens are those of transformers over the same weights, restored."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tests.integration.families import SMALL
from tests.integration.house import House
from tests.integration.test_paging import answers, same

from aweigh.kernels.low_bit import dequantize
from aweigh.memory.store.foreign import AWQ_ORDER
from aweigh.proto.low_bit import BITS, PACKED, SCALES

SCRIPT = str(Path(__file__).parent / "scripts" / "family.py")
SIZES = {**SMALL, "hidden_size": 256, "intermediate_size": 416, "head_dim": 32}


def aweigh(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "aweigh.serverless.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=280, env=environment, check=False)


def checkpoint(directory: Path, **changed: Any) -> Path:
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.manual_seed(0)
    config = AutoConfig.for_model("qwen2", **{**SIZES, **changed}, initializer_range=0.1, tie_word_embeddings=False)
    AutoModelForCausalLM.from_config(config, dtype=torch.float32).save_pretrained(directory)
    return directory


def restored(exported: Path, original: Path, directory: Path) -> set[str]:
    """A checkpoint of the weights that the packed ones stand for. Returns the names of those."""
    tensors, plain = load_file(exported / "model.safetensors"), load_file(original / "model.safetensors")
    packed = {name: next((kind for kind in BITS if f"{name}.{PACKED}.{kind}" in tensors), None) for name in plain}
    for name, kind in packed.items():
        if kind is not None:
            data, scales = tensors.pop(f"{name}.{PACKED}.{kind}"), tensors.pop(f"{name}.{SCALES}")
            outputs = len(plain[name])
            tensors[name] = dequantize(data, scales, None, kind=kind, outputs=outputs, dtype=torch.float32)
            assert (tensors[name] - plain[name]).norm() < 0.12 * plain[name].norm()
    assert tensors.keys() == plain.keys()
    directory.mkdir()
    for path in exported.iterdir():
        if path.suffix != ".safetensors":
            (directory / path.name).write_bytes(path.read_bytes())
    save_file(tensors, directory / "model.safetensors", {"format": "pt"})
    return {name for name, kind in packed.items() if kind is not None}


@pytest.mark.parametrize(
    ("options", "head", "arena"),
    [
        (("int4",), False, 0),
        pytest.param(("int8", "--quantize-head"), True, 64 << 20, marks=pytest.mark.slow),
        pytest.param(("fp8", "--group", "32"), False, 0, marks=pytest.mark.slow),
    ],
)
def test_a_quantised_model_answers_as_its_weights_would(
    options: tuple[str, ...], head: bool, arena: int, house: House, tmp_path: Path
) -> None:
    original = checkpoint(tmp_path / "model")
    environment = {**house.environment, "AWEIGH_HOME": str(tmp_path / "home"), "AWEIGH_RUNTIME": str(tmp_path / "run")}
    if arena:
        environment |= {"AWEIGH_WORKERS__ARENA_BYTES": str(arena), "AWEIGH_WORKERS__KV_BYTES": str(8 << 20)}
    done = aweigh(environment, "publish", str(original), "--as", "few", "--quantize", *options)
    assert done.returncode == 0, done.stderr
    packed = Path(done.stdout.strip().rpartition("scripts find it in ")[2])
    assert aweigh(environment, "store", "verify").returncode == 0
    assert aweigh(environment, "store", "export", "few", str(tmp_path / "exported")).returncode == 0
    names = restored(tmp_path / "exported", original, tmp_path / "restored")
    assert len(names) == 3 * 7 + head
    expected = answers(house.plain(SCRIPT, str(tmp_path / "restored")))
    run = aweigh(environment, "run", "--strict", SCRIPT, str(packed))
    found = {str(tmp_path / "restored"): answers(run)[str(packed)]}
    assert same(found, expected)
    assert "0 bytes of weights read here" in run.stderr


@pytest.mark.slow
def test_what_cannot_be_quantised_is_said(house: House, tmp_path: Path) -> None:
    environment = {**house.environment, "AWEIGH_HOME": str(tmp_path / "home")}
    original = checkpoint(tmp_path / "model", hidden_size=60, intermediate_size=100, head_dim=10)
    for arguments, sentence in (
        (("--quantize", "int4"), "a quantised model is another one"),
        (("--quantize", "int4", "--as", "few"), "no weight that could be stored in fewer bits"),
    ):
        done = aweigh(environment, "publish", str(original), *arguments)
        assert done.returncode == 2 and sentence in done.stderr
    (original / "config.json").write_text(json.dumps({"model_type": "nobody knows"}))
    done = aweigh(environment, "publish", str(original), "--quantize", "int8", "--as", "few")
    assert done.returncode == 2 and "nobody knows which weights" in done.stderr


@pytest.mark.slow
def test_what_another_tool_has_quantised_runs_as_it_is(house: House, tmp_path: Path) -> None:
    """AWQ's layout, which has zeros, half scales and outputs out of order."""
    original, given, whole = checkpoint(tmp_path / "model"), tmp_path / "awq", tmp_path / "restored"
    tensors = load_file(original / "model.safetensors")
    generator = torch.Generator().manual_seed(0)
    restored_tensors, group = dict(tensors), 32
    for name in [name for name in tensors if name.endswith("_proj.weight")]:
        groups = tensors.pop(name).T.reshape(-1, group, len(restored_tensors[name]))
        scales = (groups.abs().amax(1, keepdim=True) / 6).half()
        zeros = torch.randint(7, 10, scales.shape, generator=generator)
        codes = (groups / scales.float() + zeros).round().clamp(0, 15).int()
        restored_tensors[name] = ((codes - zeros) * scales.float()).flatten(0, 1).T.contiguous()
        part = name.removesuffix("weight")
        tensors |= {f"{part}qweight": words(codes.flatten(0, 1)), f"{part}qzeros": words(zeros.squeeze(1))}
        tensors[f"{part}scales"] = scales.squeeze(1).contiguous()
    config = json.loads((original / "config.json").read_text())
    said = {"quant_method": "awq", "bits": 4, "group_size": group, "zero_point": True, "version": "gemm"}
    for directory, held, text in (
        (given, tensors, {**config, "quantization_config": said}),
        (whole, restored_tensors, config),
    ):
        directory.mkdir()
        (directory / "config.json").write_text(json.dumps(text))
        save_file(held, directory / "model.safetensors", {"format": "pt"})
    environment = {**house.environment, "AWEIGH_HOME": str(tmp_path / "home"), "AWEIGH_RUNTIME": str(tmp_path / "run")}
    done = aweigh(environment, "publish", str(given), "--as", "few", "--quantize", "as-is")
    assert done.returncode == 0, done.stderr
    packed = Path(done.stdout.strip().rpartition("scripts find it in ")[2])
    expected = answers(house.plain(SCRIPT, str(whole)))
    found = {str(whole): answers(aweigh(environment, "run", "--strict", SCRIPT, str(packed)))[str(packed)]}
    assert same(found, expected)


def words(codes: torch.Tensor) -> torch.Tensor:
    """Eight neighbours of a row in an int32, as AWQ has them."""
    split = codes.reshape(*codes.shape[:-1], -1, 8)
    placed = [split[..., at].int() << (4 * place) for place, at in enumerate(AWQ_ORDER)]
    return torch.stack(placed).sum(0, dtype=torch.int32)
