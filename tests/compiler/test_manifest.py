"""Manifests: evaluating them gives what transformers loads, and a checkpoint that does not fit is refused by name."""

import copy
import json
import struct
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tests.compiler.evaluate import evaluate
from transformers import CONFIG_MAPPING

from aweigh.compiler.capture.instantiate import modelling_class
from aweigh.compiler.capture.stand_in import stand_in
from aweigh.compiler.coverage.shrink import shrink
from aweigh.compiler.manifest.expressions import expressions
from aweigh.compiler.manifest.header import read_headers
from aweigh.compiler.manifest.manifest import build_manifest, literal
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import CheckpointInvalid, ModelNotFound
from aweigh.proto.program import Cast, Stack


def tiny(kind: str) -> Any:
    return CONFIG_MAPPING[kind].from_dict(shrink(CONFIG_MAPPING[kind]().to_dict()))


def saved(config: Any, directory: Path) -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    model = modelling_class(config)._from_config(copy.deepcopy(config), dtype=torch.float32)
    model.save_pretrained(directory)
    weights: dict[str, torch.Tensor] = load_file(directory / "model.safetensors")
    return weights


@pytest.mark.parametrize("kind", ["llama", "gpt2", "mixtral", "qwen3_moe", "gpt_oss", "bloom"])
def test_every_name_evaluates_to_what_transformers_loads(kind: str, tmp_path: Path) -> None:
    config = tiny(kind)
    tensors = saved(config, tmp_path)
    found = expressions(stand_in(config, torch.float32), read_headers(tmp_path))
    loaded = modelling_class(config).from_pretrained(tmp_path).state_dict()
    assert set(found) == set(loaded)
    for name, value in loaded.items():
        assert torch.equal(evaluate(found[name], tensors), value), name


def test_experts_are_stacked_and_dtypes_cast(tmp_path: Path) -> None:
    config = tiny("qwen3_moe")
    saved(config, tmp_path)
    found = expressions(stand_in(config, torch.bfloat16), read_headers(tmp_path))
    down = found["model.layers.0.mlp.experts.down_proj"]
    assert isinstance(down, Cast)
    assert down.dtype is DType.BFLOAT16
    assert isinstance(down.source, Stack)
    assert len(down.source.sources) == 4


def test_a_missing_tensor_is_named(tmp_path: Path) -> None:
    config = tiny("llama")
    tensors = saved(config, tmp_path)
    del tensors["model.norm.weight"]
    save_file(tensors, tmp_path / "model.safetensors")
    with pytest.raises(CheckpointInvalid, match=r"no tensor for 'model\.norm\.weight'"):
        build_manifest(stand_in(config, torch.float32), read_headers(tmp_path), ["model.norm.weight"], {})


def test_a_tensor_of_another_shape_is_named(tmp_path: Path) -> None:
    config = tiny("llama")
    tensors = saved(config, tmp_path)
    tensors["model.norm.weight"] = torch.zeros(7)
    save_file(tensors, tmp_path / "model.safetensors")
    with pytest.raises(CheckpointInvalid, match=r"'model\.norm\.weight' the shape \[7\]"):
        expressions(stand_in(config, torch.float32), read_headers(tmp_path))


def test_literals_stand_for_what_no_checkpoint_holds(tmp_path: Path) -> None:
    config = tiny("llama")
    saved(config, tmp_path)
    value = torch.tensor([1.0, -2.5])
    manifest = build_manifest(
        stand_in(config, torch.float32), read_headers(tmp_path), ["freq"], {"freq": literal(value)}
    )
    assert torch.equal(evaluate(manifest.slots[0], {}), value)


def test_no_safetensors_file(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="no safetensors file"):
        read_headers(tmp_path)


def _header(header: Any, tail: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + tail


@pytest.mark.parametrize(
    "data",
    [
        b"",
        struct.pack("<Q", 2**63),
        struct.pack("<Q", 1000) + b"{}",
        _header(b"[]"),
        _header(b"{"),
        _header(b"[" * 100_000),
        _header({"x": 3}),
        _header({"x": {"dtype": "F99", "shape": [1]}}),
        _header({"x": {"dtype": "F32", "shape": [2**63]}}),
        _header({"x": {"dtype": "F32", "shape": [-1]}}),
        _header({"x": {"dtype": "F32", "shape": "many"}}),
    ],
)
def test_damaged_headers_are_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(data)
    with pytest.raises(CheckpointInvalid):
        read_headers(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weight_map": {"x": "../../etc/passwd"}}', '{"weight_map": 3}'])
def test_damaged_indexes_are_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors.index.json").write_text(text)
    with pytest.raises(CheckpointInvalid):
        read_headers(tmp_path)
