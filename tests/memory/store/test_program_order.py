"""The order of use from the compiler's process, and from names where it has none."""

import shutil
import sys
from pathlib import Path

import pytest
from tests.memory.store.checkpoints import read_back, read_files, small, write

from aweigh.memory.store.catalog import Store
from aweigh.memory.store.listing import models
from aweigh.memory.store.program_order import NoProgram, ask
from aweigh.memory.store.publish import publish
from aweigh.memory.store.stored import Stored
from aweigh.proto.v1 import compiler_pb2 as pb
from house.tree import ROOT

MODEL = ROOT / "examples" / "model"


def pretend(directory: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Has a shell program stand for the interpreter that would run the compiler."""
    fake = directory / "python"
    fake.write_text(f"#!/bin/sh\n{program}\n")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))


def test_tensors_come_as_the_program_uses_them(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWEIGH_CACHE", str(tmp_path / "cache"))
    directory = tmp_path / "model"
    shutil.copytree(MODEL, directory)
    done = publish(directory, "m", store)
    assert (done.used_as, done.reason) == ("program", "")
    (listed,) = models(store)
    assert len(listed.fingerprint) == 64
    assert read_back(store, "m") == read_files(directory)
    with Stored(store, "m") as stored:
        names = [name for name, tensor in stored.tensors.items() if tensor.extent is not None]
        assert stored.fingerprint is not None and stored.fingerprint.hex() == listed.fingerprint
    layer = [name.removeprefix("model.layers.1.") for name in names if name.startswith("model.layers.1.")]
    assert names[0] == "model.embed_tokens.weight"
    assert layer.index("self_attn.q_proj.weight") < layer.index("self_attn.o_proj.weight")
    assert layer.index("self_attn.o_proj.weight") < layer.index("mlp.gate_proj.weight")
    assert layer.index("mlp.up_proj.weight") < layer.index("mlp.down_proj.weight")
    norms = [name for name in names if "norm" in name]
    assert norms[0] == "model.layers.0.input_layernorm.weight" and norms[-1] == "model.norm.weight"

    heard: list[str] = []
    again = ask(directory, heard.append)
    assert again.fingerprint.hex() == listed.fingerprint, "from the cache"
    assert not any("transformers" in stage for stage in heard)


def test_what_the_compiler_refuses_is_ordered_by_names(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = pb.CompileAnswer(failure=pb.CompileFailure(kind="UnsupportedModel", sentence="no Program for this"))
    progress = pb.CompileAnswer(progress=pb.CompileProgress(stage="looking"))
    frames = b"".join(
        len(data).to_bytes(4, "little") + data for data in (a.SerializeToString() for a in (progress, refusal))
    )
    (tmp_path / "frames").write_bytes(frames)
    pretend(tmp_path, monkeypatch, f"cat {tmp_path}/frames; cat > /dev/null")
    heard: list[str] = []
    done = publish(write(tmp_path / "model", small()), "m", store, tell=lambda stage, done, total: heard.append(stage))
    assert (done.used_as, done.reason) == ("names", "no Program for this")
    assert "compiler: looking" in heard
    assert read_back(store, "m") == small()


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("echo no compiler here >&2; exit 1", "no compiler here"),
        ("printf '\\377\\377\\377\\377'", "it said nothing"),
        ("printf '\\004\\000\\000\\000abcd'", "it said nothing"),
        ("printf '\\004\\000'", "it said nothing"),
        ("exit 0", "it said nothing"),
    ],
)
def test_a_process_that_is_no_compiler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, said: str
) -> None:
    pretend(tmp_path, monkeypatch, program)
    with pytest.raises(NoProgram, match=said):
        ask(write(tmp_path / "model", small()), lambda stage: None)


@pytest.mark.parametrize("config", [None, "[]", "{", "\xff"])
def test_no_configuration(tmp_path: Path, config: str | None) -> None:
    if config is not None:
        (tmp_path / "config.json").write_text(config, encoding="latin-1")
    with pytest.raises(NoProgram, match=r"config\.json"):
        ask(tmp_path, lambda stage: None)
