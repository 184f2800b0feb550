"""Modules of the script's own process: what leaves, what stays and why, and what travels of the weights."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.offload.conftest import HERE, Run, environment

NETWORKS = HERE / "scripts" / "shape12_networks.py"
CORNERS = HERE / "scripts" / "shape12_corners.py"


def _report(aweigh_run: Run, report: Path, *arguments: object, **env: str) -> tuple[Any, Any]:
    done = aweigh_run("--report", report, *arguments, env=_with(**env))
    return done, json.loads(report.read_text())


def _with(**more: str) -> dict[str, str]:
    return {"AWEIGH_ROUND_TRIP": "0"} | more  # no call is too small to leave


def _calls(summary: Any, rung: str) -> int:
    return sum(model["calls"][rung] for model in summary["models"])


def _said(done: "subprocess.CompletedProcess[str]") -> list[str]:
    return [line.removeprefix("aweigh: ") for line in done.stderr.splitlines() if line.startswith("aweigh: ")]


def test_every_call_of_an_ordinary_network_leaves(aweigh_run: Run, plain: dict[str, str], tmp_path: Path) -> None:
    done, summary = _report(aweigh_run, tmp_path / "report.json", NETWORKS)
    assert done.returncode == 0, done.stderr
    assert done.stdout == plain[NETWORKS.name]
    assert _calls(summary, "module") == 29
    assert _calls(summary, "local") == 0
    assert all(model["bytes_sent"] and model["bytes_received"] and model["call_seconds"] for model in summary["models"])
    (line,) = _said(done)
    assert "29/29 calls offloaded (29 module)" in line
    assert "bytes sent" in line


def test_what_stays_says_why_once_and_where(aweigh_run: Run, plain: dict[str, str]) -> None:
    done = aweigh_run(CORNERS, env=_with())
    assert done.returncode == 0, done.stderr
    assert done.stdout == plain[CORNERS.name]
    said = _said(done)
    assert len(said) == len(set(said))
    reasons = "\n".join(said)
    for expected in (
        "Linear runs here: the model is in training mode",
        "aten.add_.Tensor writes to an input or a buffer at shape12_corners.py:",
        "aten.dropout.default draws random numbers at shape12_corners.py:",
        "Random runs here: aten.randn_like.default draws random numbers at shape12_corners.py:",
        "InPlace runs here: aten.mul_.Tensor writes to an input or a buffer at shape12_corners.py:",
        "Linear runs here: an input is a NestedTensor",
        "Linear runs here: autocast is on",
    ):
        assert expected in reasons
    assert "torch._dynamo" not in done.stderr
    assert "fake_tensor" not in done.stderr


SMALL = """
import sys, torch
from torch import nn
net = nn.Sequential(nn.Linear(8, 8), nn.Softplus(), nn.Linear(8, 8)).eval()
with torch.no_grad():
    for batch in (2, 3, 4, 5, 6):
        net(torch.ones(batch, 8))
print([name for name in ("torch._dynamo", "sympy", "grpc") if name in sys.modules])
"""


def test_an_operator_that_the_compiler_refuses_runs_here_and_is_named(aweigh_run: Run, tmp_path: Path) -> None:
    done, summary = _report(aweigh_run, tmp_path / "report.json", "-c", SMALL, FAKE_UNSUPPORTED="softplus")
    assert done.returncode == 0, done.stderr
    assert _calls(summary, "module") == 0
    assert _calls(summary, "local") == 5
    said = "Sequential runs here: The operator aten.softplus.default has no counterpart in a Program at <string>:7"
    assert _said(done)[0] == said


def test_strict_refuses_it(aweigh_run: Run) -> None:
    done = aweigh_run("--strict", "-c", SMALL, env=_with(FAKE_UNSUPPORTED="softplus"))
    assert done.returncode == 1
    assert "UnsupportedModel: Sequential would run here: The operator aten.softplus.default" in done.stderr


def test_what_costs_less_than_the_trip_stays_and_imports_nothing(aweigh_run: Run, tmp_path: Path) -> None:
    done, summary = _report(aweigh_run, tmp_path / "report.json", "-c", SMALL, AWEIGH_ROUND_TRIP="0.002")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[]\n"
    assert summary["models"][0]["local_reasons"] == {"a call costs less than a round trip": 5}
    assert len(_said(done)) == 1


def test_a_small_module_is_captured_once_its_calls_took_as_long_as_that_would(aweigh_run: Run, tmp_path: Path) -> None:
    code = """
import time, torch
from torch import nn
class Slow(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(2048, 2048)
    def forward(self, x):
        return self.inner(x)
net = Slow().eval().requires_grad_(False)
x = torch.ones(1024, 2048)
net(x)
from aweigh.compiler.offload.module import cost
cost.CAPTURE = 0.0
net(x)
"""
    done, summary = _report(aweigh_run, tmp_path / "report.json", "-c", code, AWEIGH_ROUND_TRIP="0.002")
    assert done.returncode == 0, done.stderr
    assert summary["models"][0]["local_reasons"] == {"its calls took less than a capture would": 1}
    assert _calls(summary, "module") == 1


ONE_CALL_HERE = """
import sys, torch
from transformers import AutoModelForCausalLM
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
tokens = torch.tensor([[1, 2, 3]])
with torch.no_grad():
    model(tokens, attention_mask=torch.ones(1, 1, 3, 3, dtype=torch.bool))
    model(tokens)
    model.generate(tokens, max_new_tokens=3)
print("torch._dynamo.eval_frame" in sys.modules and torch._dynamo.utils.counters["frames"]["total"])
"""


def test_a_call_of_a_stub_that_cannot_leave_does_not_leave_in_pieces_and_the_next_one_does(
    aweigh_run: Run, tmp_path: Path, checkpoints: tuple[Path, Path]
) -> None:
    """Dynamo takes the memory of weights, which would keep the model here for good."""
    done, summary = _report(aweigh_run, tmp_path / "report.json", "-c", ONE_CALL_HERE, checkpoints[0])
    assert done.returncode == 0, done.stderr
    assert done.stdout in ("0\n", "False\n")
    (model,) = summary["models"]
    assert model["calls"] == {"generate": 1, "step": 1, "module": 0, "local": 1}
    assert model["local_reasons"] == {"an attention mask that is not two-dimensional": 1}


def test_two_sizes_make_two_programs_and_any_further_ones_none(aweigh_run: Run, tmp_path: Path) -> None:
    graphs = tmp_path / "graphs"
    graphs.mkdir()
    _, summary = _report(aweigh_run, tmp_path / "report.json", "-c", SMALL, FAKE_GRAPHS=str(graphs))
    assert _calls(summary, "module") == 5
    assert len(list(graphs.iterdir())) == 2


def test_whoever_is_asked_to_stay_stays(aweigh_run: Run, tmp_path: Path) -> None:
    for option in ("--skip=Sequential", "--only=Nothing"):
        _, summary = _report(aweigh_run, tmp_path / "report.json", option, "-c", SMALL)
        assert summary["models"] == []
    script = "import aweigh\n" + SMALL.replace("with torch.no_grad():", "with torch.no_grad(), aweigh.local():")
    done, summary = _report(aweigh_run, tmp_path / "report.json", "-c", script)
    assert done.returncode == 0, done.stderr
    assert summary["models"][0]["local_reasons"] == {"asked for": 5}


FILES = """
import sys, torch
from pathlib import Path
from safetensors.torch import load_file, save_file
from torch import nn
torch.manual_seed(0)
folder = Path(sys.argv[1])
nets = [nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 4)).eval().requires_grad_(False) for _ in range(4)]
torch.save({"state": nets[0].state_dict()}, folder / "a.pt")
save_file(nets[0].state_dict(), folder / "a.safetensors")
nets[1].load_state_dict(torch.load(folder / "a.pt", weights_only=True)["state"])
nets[2].load_state_dict(load_file(folder / "a.safetensors"), assign=True)
state = load_file(folder / "a.safetensors")
other = nn.Parameter(state["0.weight"])
other.data.mul_(3)
del other
nets[3].load_state_dict(state)
for net in nets:
    print(net(torch.ones(2, 8)).sum().item())
from aweigh.compiler.offload.module.ledger import LEDGER
for net in nets:
    print([LEDGER.entry(tensor).digest is None for tensor in net.parameters()])
"""


def test_weights_from_files_are_named_by_their_place_unless_they_changed(aweigh_run: Run, tmp_path: Path) -> None:
    done = aweigh_run("-c", FILES, tmp_path, env=_with())
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == lines[1] == lines[2] != lines[3]
    assert lines[4:] == ["[False, False, False, False]", "[True, True, True, True]", "[True, True, True, True]", "[False, True, True, True]"]  # fmt: skip


CUDA = """
import torch
from torch import nn
torch.manual_seed(0)
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(5)).cuda().half().eval()
with torch.inference_mode():
    for batch in (2, 3, 4):
        print(net(torch.ones(batch, 3, 8, 8, device="cuda", dtype=torch.half)).float().sum().item())
print(torch.cuda.is_available(), next(net.parameters()).dtype)
"""


def test_a_script_that_names_cuda(aweigh_run: Run, tmp_path: Path) -> None:
    done, summary = _report(aweigh_run, tmp_path / "report.json", "-c", CUDA)
    assert done.returncode == 0, done.stderr
    plain = CUDA.replace(".cuda()", "").replace('device="cuda", ', "").replace("torch.cuda.is_available()", "True")
    expected = subprocess.run(
        [sys.executable, "-c", plain], check=True, capture_output=True, text=True, env=environment()
    )
    assert done.stdout == expected.stdout
    assert _calls(summary, "module") == 3  # the first call makes lazy weights: its convolution leaves alone


FORK = """
import os, torch
from torch import nn
torch.manual_seed(0)
net = nn.Linear(8, 8).eval().requires_grad_(False)
print(net(torch.ones(2, 8)).sum().item(), flush=True)
if (child := os.fork()) == 0:
    print(net(torch.ones(2, 8)).sum().item(), flush=True)
    os._exit(0)
print(os.waitpid(child, 0)[1])
print(net(torch.ones(2, 8)).sum().item())
"""


def test_a_forked_child_loads_for_itself(aweigh_run: Run) -> None:
    done = aweigh_run("-c", FORK, env=_with())
    assert done.returncode == 0, done.stderr
    first, child, status, again = done.stdout.split()
    assert first == child == again
    assert status == "0"


def test_a_weight_that_changes_with_every_call_stays_in_the_end(aweigh_run: Run, tmp_path: Path) -> None:
    code = """
import torch
from torch import nn
net = nn.Linear(8, 8).eval().requires_grad_(False)
for step in range(10):
    net.weight.fill_(100 + step)
    net.bias.zero_()
    print(net(torch.ones(2, 8)).sum().item() == 2 * 64 * (100 + step))
"""
    done, summary = _report(aweigh_run, tmp_path / "report.json", "-c", code)
    assert done.stdout.split() == ["True"] * 10
    assert summary["models"][0]["local_reasons"] == {"what it keeps in itself changes with every call": 6}
    assert _calls(summary, "module") == 4


def test_a_hook_that_comes_later_counts(aweigh_run: Run, tmp_path: Path) -> None:
    code = """
import torch
from torch import nn
net, x, seen = nn.Sequential(nn.Linear(8, 8)).eval().requires_grad_(False), torch.ones(2, 8), []
before = net(x)
net[0].register_forward_hook(lambda module, given, output: seen.append(1) or output * 2)
print(torch.allclose(net(x), before * 2), seen)
net.register_forward_pre_hook(lambda module, given: (given[0] * 0,))
print(torch.allclose(net(x), net[0].bias.expand(2, 8) * 2), seen)
"""
    done, summary = _report(aweigh_run, tmp_path / "report.json", "-c", code)
    assert done.stdout.splitlines() == ["True [1]", "True [1, 1]"]
    assert _calls(summary, "module") == 3


def test_a_call_of_which_torch_captures_nothing_is_counted_and_told(aweigh_run: Run, tmp_path: Path) -> None:
    code = """
import torch
from torch import nn
given = nn.utils.rnn.pack_padded_sequence(torch.ones(2, 4, 8), [4, 2], batch_first=True)
net = nn.LSTM(8, 8, batch_first=True).eval().requires_grad_(False)
for _ in range(2):
    net(given)
"""
    done, summary = _report(aweigh_run, tmp_path / "report.json", "-c", code)
    assert _calls(summary, "local") == 2
    assert _said(done)[0].startswith("LSTM runs here: nothing of it can be captured (")
    assert _said(done)[0].endswith(" at <string>:7")


def test_structures_share_no_knowledge_of_their_numbers(aweigh_run: Run, tmp_path: Path) -> None:
    """Dynamo takes a number for one that changes when it meets another in the same place of the same code."""
    code = """
import torch
from torch import nn
class Scaled(nn.Module):
    def __init__(self, size, scale):
        super().__init__()
        self.inner, self.scale = nn.Linear(size, size), scale
    def forward(self, x):
        return self.inner(x) * self.scale
for size, scale in ((8, 0.5), (16, 0.25), (24, 0.125)):
    net = Scaled(size, scale).eval().requires_grad_(False)
    print(torch.equal(net(torch.ones(2, size)), net.inner(torch.ones(2, size)) * scale))
"""
    done, summary = _report(aweigh_run, tmp_path / "report.json", "-c", code)
    assert done.stdout.split() == ["True"] * 3
    assert [reasons for model in summary["models"] for reasons in model["local_reasons"]] == []


def test_a_call_that_cannot_leave_keeps_no_other_kind_of_call_here(aweigh_run: Run, tmp_path: Path) -> None:
    code = """
import torch
from torch import nn
class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(8, 8)
    def forward(self, x, spectrum=False):
        return torch.linalg.svdvals(self.inner(x)) if spectrum else self.inner(x)
net, x = Two().eval().requires_grad_(False), torch.ones(2, 8)
for spectrum in (True, True, False, False, True):
    print(tuple(net(x, spectrum).shape))
"""
    done, summary = _report(aweigh_run, tmp_path / "report.json", "-c", code, FAKE_UNSUPPORTED="svd")
    assert done.stdout.split("\n") == ["(2,)", "(2,)", "(2, 8)", "(2, 8)", "(2,)", ""], done.stderr
    assert _calls(summary, "module") == 2
    assert _calls(summary, "local") == 3
