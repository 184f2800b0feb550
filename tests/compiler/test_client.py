"""The compiler as a process, and its cache on disk."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aweigh.compiler import cache, client
from aweigh.compiler.child import Child
from aweigh.compiler.frames import LIMIT, read_frame, write_frame
from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import program_from_message
from aweigh.proto.convert_manifest import manifest_from_message
from aweigh.proto.errors import CheckpointInvalid, InvalidRequest, ModelNotFound, UnsupportedModel
from aweigh.proto.program import Tensor
from aweigh.proto.v1 import compiler_pb2 as pb
from aweigh.proto.verify import verify

CONFIG: dict[str, Any] = {
    "model_type": "llama",
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "vocab_size": 64,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of its own for this module."""
    before = os.environ.get("AWEIGH_CACHE")
    path = tmp_path_factory.mktemp("cache")
    os.environ["AWEIGH_CACHE"] = str(path)
    yield path
    if before is None:
        del os.environ["AWEIGH_CACHE"]
    else:
        os.environ["AWEIGH_CACHE"] = before


@pytest.fixture(scope="module")
def compiled(folder: Path) -> pb.Compiled:
    return client.compile_model(config=CONFIG, dtype="float32")


def request(**changes: Any) -> pb.CompileRequest:
    return pb.CompileRequest(config=json.dumps({**CONFIG, **changes}), dtype="float32")


def test_a_configuration_becomes_a_program(compiled: pb.Compiled) -> None:
    program = program_from_message(compiled.program)
    verify(program)
    assert compiled.fingerprint == fingerprint(program)
    assert len(compiled.names) == len(program.slots)
    assert compiled.names[0] == "model.embed_tokens.weight"
    assert compiled.limits.vocabulary_size == 64 and compiled.limits.context_length == 2048
    manifest = manifest_from_message(compiled.manifest)
    kinds = {name: type(slot) for name, slot in zip(compiled.names, manifest.slots, strict=True)}
    assert kinds.pop("model.rotary_emb.inv_freq") is Tensor
    assert set(kinds.values()) == {str}


def test_the_second_process_needs_neither_child_nor_torch(compiled: pb.Compiled, folder: Path) -> None:
    code = f"""
import sys
from aweigh.compiler import client
def refuse(): raise SystemExit("the child was started")
client._child = refuse
found = client.compile_model(config={CONFIG!r}, dtype="float32")
print(found.fingerprint.hex(), [name for name in ("torch", "transformers", "torch_mlir") if name in sys.modules])
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == [compiled.fingerprint.hex(), "[]"]


def test_scripts_that_start_together_compile_once(folder: Path) -> None:
    code = f"""
from aweigh.compiler import cache, client
from aweigh.proto.v1 import compiler_pb2 as pb
class Child:
    def ask(self, request, tell):
        print("compiled", flush=True)
        return pb.Compiled(fingerprint=b"once")
client._child = Child
print(client.compile_model(config={ {**CONFIG, "vocab_size": 65}!r}, dtype="float32").fingerprint)
"""
    together = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    printed = [process.communicate(timeout=60)[0].split() for process in together]
    assert sum("compiled" in words for words in printed) == 1
    assert all(words[-1] == "b'once'" for words in printed)


def test_a_damaged_file_is_a_miss(compiled: pb.Compiled, folder: Path) -> None:
    name = "damaged"
    cache.store(name, compiled)
    assert cache.load(name) == compiled
    path = folder / f"{name}.compiled"
    whole = path.read_bytes()
    for damage in (whole[:-1], whole[:40], b"", whole[:50] + bytes([whole[50] ^ 1]) + whole[51:]):
        path.write_bytes(damage)
        assert cache.load(name) is None
    assert [entry.name for entry in folder.iterdir() if entry.name.startswith(".writing")] == []


def test_a_folder_that_cannot_be_written_is_no_error(
    compiled: pb.Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")
    monkeypatch.setenv("AWEIGH_CACHE", str(file / "below"))
    cache.store("name", compiled)
    assert cache.load("name") is None


def test_the_key_follows_structure_not_history(tmp_path: Path) -> None:
    same = cache.key(request())
    assert cache.key(request(_name_or_path="/elsewhere", transformers_version="0")) == same
    assert cache.key(request(hidden_size=64)) != same
    assert cache.key(pb.CompileRequest(config=json.dumps(CONFIG), dtype="bfloat16")) != same
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    in_folder = pb.CompileRequest(directory=str(tmp_path), dtype="float32")
    before = cache.key(in_folder)
    (tmp_path / "model.safetensors").write_bytes(bytes(64))
    small = cache.key(in_folder)
    (tmp_path / "model.safetensors").write_bytes(bytes(65))
    assert len({before, small, cache.key(in_folder)}) == 3
    (tmp_path / "model.safetensors").unlink()
    os.mkfifo(tmp_path / "model.safetensors")  # opening it would wait for a writer: weight files are never opened here
    assert cache.key(in_folder) not in (before, small)


@pytest.mark.parametrize(
    ("arguments", "kind", "sentence"),
    [
        ({"config": {"model_type": "no_such_model"}, "dtype": "float32"}, UnsupportedModel, "no_such_model"),
        ({"config": {**CONFIG}, "dtype": "float13"}, InvalidRequest, "float13"),
        (
            {"config": {**CONFIG}, "dtype": "float32", "class_name": "LlamaForSequenceClassification"},
            UnsupportedModel,
            "Llama",
        ),
        ({"directory": "/no/such/directory"}, ModelNotFound, "/no/such/directory"),
        ({}, ModelNotFound, "directory or a configuration"),
    ],
)
def test_errors_are_typed(folder: Path, arguments: dict[str, Any], kind: type[Exception], sentence: str) -> None:
    with pytest.raises(kind, match=sentence):
        client.compile_model(**arguments)


def test_a_directory_without_configuration(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointInvalid, match=r"config\.json"):
        client.compile_model(tmp_path)


def test_a_child_that_dies_is_replaced(folder: Path) -> None:
    child = Child()
    bad = pb.CompileRequest(config="{", dtype="float32")
    try:
        with pytest.raises(CheckpointInvalid):
            child.ask(bad)
        process = child._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with pytest.raises(CheckpointInvalid):
            child.ask(bad)
        assert child._process is not process
    finally:
        child.close()


def test_an_interrupt_leaves_no_answer_for_the_next_request(folder: Path) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    child = Child()
    try:
        with pytest.raises(KeyboardInterrupt):
            child.ask(pb.CompileRequest(config=json.dumps(CONFIG), dtype="float13"), interrupt)
        with pytest.raises(CheckpointInvalid, match="not JSON"):
            child.ask(pb.CompileRequest(config="{", dtype="float32"))
    finally:
        child.close()


def test_a_child_without_work_goes_and_comes_back() -> None:
    child = Child(idle=0.05)
    try:
        for _ in range(2):
            with pytest.raises(CheckpointInvalid, match="not JSON"):
                child.ask(pb.CompileRequest(config="{", dtype="float32"))
            assert child._process is not None
            assert child._process.wait(60) == 0
    finally:
        child.close()


def test_a_fork_leaves_its_parents_child_alone() -> None:
    child = Child()
    bad = pb.CompileRequest(config="{", dtype="float32")
    try:
        with pytest.raises(CheckpointInvalid):
            child.ask(bad)
        process = child._process
        assert process is not None
        forked = os.fork()
        if forked == 0:
            child.close()
            os._exit(0 if child._process is None else 1)
        assert os.waitpid(forked, 0)[1] == 0
        assert process.poll() is None
        with pytest.raises(CheckpointInvalid):
            child.ask(bad)
        assert child._process is process
    finally:
        child.close()


def test_frames() -> None:
    stream = io.BytesIO()
    write_frame(stream, b"one")
    write_frame(stream, b"")
    stream.seek(0)
    assert [read_frame(stream), read_frame(stream), read_frame(stream)] == [b"one", b"", None]
    with pytest.raises(EOFError):
        read_frame(io.BytesIO(b"\x05\0\0\0abc"))
    with pytest.raises(ValueError, match="longer"):
        read_frame(io.BytesIO((LIMIT + 1).to_bytes(4, "little")))


def test_another_checkpoint_of_a_known_structure_needs_no_torch(folder: Path, tmp_path: Path) -> None:
    import torch
    import transformers

    config = transformers.LlamaConfig(**{key: value for key, value in CONFIG.items() if key != "model_type"})
    for name in ("first", "second"):
        transformers.LlamaForCausalLM(config).save_pretrained(tmp_path / name)
    first = client.compile_model(tmp_path / "first")
    transformers.LlamaForCausalLM(config).to(torch.float16).save_pretrained(tmp_path / "cast")
    code = f"""
import sys
from aweigh.compiler import known
from aweigh.proto.v1 import compiler_pb2 as pb
def found(name): return known.answer(pb.CompileRequest(directory={str(tmp_path)!r} + "/" + name, dtype="float32"))
second = found("second")
assert second.names and second.fingerprint == bytes.fromhex({first.fingerprint.hex()!r})
assert second.manifest.SerializeToString(deterministic=True) == bytes.fromhex({first.manifest.SerializeToString(deterministic=True).hex()!r})
assert found("cast") is None
assert not {{"torch", "transformers", "torch_mlir"}} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
