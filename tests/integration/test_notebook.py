"""A notebook's cells, in a real kernel as Jupyter starts it: they print what plain Python prints, on the engine."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager
from tests.integration.house import House

MODEL = Path(__file__).resolve().parents[2] / "examples" / "model"
CELLS = (
    f"""
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, TextStreamer
tokenizer = AutoTokenizer.from_pretrained({str(MODEL)!r})
model = AutoModelForCausalLM.from_pretrained({str(MODEL)!r}, dtype=torch.float32).to("cpu")
prompt = tokenizer("def send(self, data):", return_tensors="pt")
""",
    "answer = model.generate(**prompt, max_new_tokens=12, do_sample=False, streamer=TextStreamer(tokenizer))",
    "torch.manual_seed(5); print(tokenizer.decode(model.generate(**prompt, max_new_tokens=8, do_sample=True)[0]))",
    "print(type(model).__name__, answer.shape, model(**prompt).logits.shape)\nanswer[0, :4]",
)
WHERE = "import json; print(json.dumps('_aweigh_stub' in vars(model)))"


class Notebook:
    """A kernel and its cells."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def cell(self, code: str) -> tuple[str, str]:
        """What a cell prints and shows, and what it writes to stderr. An exception in it is a failure here."""
        out: list[str] = []
        err: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                (out if content["name"] == "stdout" else err).append(content["text"])
            elif message["msg_type"] == "execute_result":
                out.append(content["data"]["text/plain"])

        reply = self._client.execute_interactive(code, output_hook=hear, timeout=120, allow_stdin=False)
        assert reply["content"]["status"] == "ok", reply["content"]
        return "".join(out), "".join(err)


@contextmanager
def notebook(environment: dict[str, str]) -> Iterator[Notebook]:
    home = tempfile.mkdtemp(prefix="kernel-")
    manager = KernelManager(connection_file=f"{home}/kernel.json")
    manager.start_kernel(env=environment | {"IPYTHONDIR": home})
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield Notebook(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
        shutil.rmtree(home)


@pytest.fixture(scope="module")
def plain(house: House) -> list[str]:
    """What the cells show without us."""
    with notebook(house.environment) as kernel:
        return [kernel.cell(code)[0] for code in CELLS]


@pytest.mark.parametrize(
    "first",
    ["import aweigh.auto", pytest.param("import torch, transformers\n%load_ext aweigh", marks=pytest.mark.slow)],
)
def test_cells_show_the_same_on_an_engine(first: str, house: House, plain: list[str]) -> None:
    before = sum(worker.stats.generated_tokens for worker in house.status().workers)
    with notebook(house.environment | {"AWEIGH_ENGINE": house.address}) as kernel:
        assert kernel.cell(first)[0] == ""
        shown = [kernel.cell(code) for code in CELLS]
        assert kernel.cell(WHERE)[0] == "true\n"
        assert [out for out, _ in shown] == plain
        assert not any("\r" in err or "\x1b" in err for _, err in shown), "no bar where there is no terminal"
        again, _ = kernel.cell("%reload_ext aweigh\nprint(model.generate(**prompt, max_new_tokens=2).shape)")
        assert again.startswith("torch.Size")
        here, _ = kernel.cell("import aweigh\nwith aweigh.local():\n    print(model(**prompt).logits.shape)")
        assert here.startswith("torch.Size")
    after = sum(worker.stats.generated_tokens for worker in house.status().workers)
    assert after - before >= 20, "the engine made the tokens"


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A directory whose path is short enough for sockets below it, wherever pytest keeps its own."""
    with tempfile.TemporaryDirectory(prefix="aweigh-") as directory:
        yield Path(directory)


@pytest.mark.slow
def test_a_notebook_starts_an_engine_of_its_own(house: House, plain: list[str], runtime: Path) -> None:
    """Nobody said where an engine is: the first cell that needs one starts it, and it ends with the kernel."""
    with notebook(house.environment | {"AWEIGH_RUNTIME": str(runtime)}) as kernel:
        kernel.cell("%load_ext aweigh")
        assert [kernel.cell(code)[0] for code in CELLS[:2]] == plain[:2]
        assert kernel.cell(WHERE)[0] == "true\n"
        assert list(runtime.glob("*/*.sock"))
    deadline = time.monotonic() + 20
    while list(runtime.glob("*/*.sock")) and time.monotonic() < deadline:
        house.status()
    assert not list(runtime.glob("*/*.sock"))
