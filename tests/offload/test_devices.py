"""`cuda` reads as `cpu`: the same script, once with one word and once with the other."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.offload.conftest import Run, environment

SCRIPT = """
import copy
import pickle
import typing
from dataclasses import dataclass

import torch
from torch import zeros


@dataclass
class Options:
    device: torch.device = torch.device("cuda")
    other: typing.Optional[torch.device] = None


device = torch.device("cuda:0")
x = torch.arange(6, device="cuda").float().to(device)
print(x, x.cuda(), x.to("cuda", torch.float64), x.to(device=device).device, zeros(2, device="cuda"))
print(torch.ones_like(x, device=device), torch.full((2,), 3, device="cuda"), torch.tensor([1, 2], device=device))
generator = torch.Generator(device="cuda").manual_seed(5)
print(torch.rand(3, generator=generator, device="cuda"), isinstance(generator, torch.Generator))
print(isinstance(torch.default_generator, torch.Generator), generator.device)
torch.manual_seed(3)
print(torch.randn(2, device="cuda"), torch.randint(0, 9, (3,), device="cuda"), x.new_zeros(2, device="cuda"))
with torch.autocast("cuda", dtype=torch.bfloat16):
    print((torch.ones(2, 2, device="cuda") @ torch.ones(2, 2)).dtype)
with torch.device("cuda"):
    print(torch.zeros(2).device, torch.nn.Linear(2, 2).weight.device)
with torch.device("meta"):
    print(torch.zeros(2).device, torch.nn.Linear(2, 2).weight.device)
torch.set_default_device("cuda")
print(torch.zeros(1).device)
torch.set_default_device("cpu")
print(device, str(device), device.type, device.index, f"{device!s:>6}|{device!r}", {device: 1}, [torch.device("cuda")])
print(device == x.device, x.device == torch.device("cuda"), x.device in (device,), {device: 1}.get(x.device), device != x.device)
print(isinstance(device, torch.device), isinstance("cuda", torch.device), torch.device(device))
print(issubclass(type(device), torch.device), torch.device.__name__, torch.device("meta"), torch.device(type="cuda"))
print(pickle.loads(pickle.dumps(device)), copy.deepcopy([device]), torch.device | None, typing.get_type_hints(Options))
print(Options(), Options(device))
torch.set_default_device(device)
print(torch.get_default_device(), torch.zeros(1).device, torch.nn.Linear(1, 1).weight.device)
torch.set_default_device(None)
with device:
    print(torch.ones(1).device)
with torch.autocast(device.type, dtype=torch.bfloat16), torch.autocast(device_type="cuda", dtype=torch.bfloat16):
    print((torch.ones(2, 2, device=device) @ torch.ones(2, 2, device=device)).dtype)
with torch.random.fork_rng():
    torch.rand(3)
with torch.random.fork_rng(devices=[]):
    torch.rand(3)
print(torch.rand(1), torch.Generator(device).device, torch.Generator("cuda").manual_seed(4).initial_seed())
print(torch.zeros(2, device=torch.device("cuda:0")), torch.as_tensor([1.0], device=device), torch.randperm(3, device=device))
try:
    torch.device("nonsense")
except RuntimeError as error:
    print(error)
layer = torch.nn.Linear(2, 2, device="cuda").to("cuda").half().to(device, torch.float32)
print(layer.weight.device, layer.weight.dtype, layer(torch.ones(2, device="cuda")).shape)

import sys
from transformers import AutoModelForCausalLM, pipeline

model = AutoModelForCausalLM.from_pretrained(sys.argv[1], device_map="cuda")
print(model.device, getattr(model, "hf_device_map", None))
model = AutoModelForCausalLM.from_pretrained(sys.argv[1]).to("cuda").eval()
ids = torch.tensor([[1, 2, 3]]).to(model.device)
print(model.device, model.generate(ids.to("cuda"), max_new_tokens=4))
print(pipeline("text-generation", model=sys.argv[1], device="cuda")("a", max_new_tokens=3))
"""
CUDA = """
import time, torch
print(torch.cuda.is_available(), torch.cuda.device_count(), torch.cuda.current_device(), torch.cuda.get_device_name(0))
torch.cuda.synchronize(); torch.cuda.empty_cache(); torch.cuda.set_device(0)
print(torch.cuda.memory_allocated(), torch.cuda.max_memory_allocated(), torch.cuda.is_bf16_supported())
free, total = torch.cuda.mem_get_info()
print(0 < free <= total, torch.cuda.get_device_properties(0).total_memory == total)
torch.cuda.manual_seed_all(4)
first = torch.rand(2, device="cuda")
state = torch.cuda.get_rng_state()
second = torch.rand(2, device="cuda")
torch.cuda.set_rng_state(state)
torch.manual_seed(4)
print(torch.equal(first, torch.rand(2)), torch.equal(second, torch.rand(2)))
start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
start.record(); end.record(); torch.cuda.current_stream().wait_event(end)
print(start.elapsed_time(end) >= 0)
with torch.cuda.device(0), torch.cuda.stream(torch.cuda.Stream()):
    print(torch.zeros(1, device=0).device if False else "inside")
torch.save({"x": torch.ones(2)}, FILE)
with torch.random.fork_rng(devices=[0]):
    torch.rand(1)
x = torch.ones(2, device="cuda:0")
x.record_stream(torch.cuda.current_stream())
print(torch.cuda.FloatTensor([1.0]), x.type(torch.cuda.DoubleTensor), x.type("torch.cuda.HalfTensor"), x.type(dtype="torch.cuda.HalfTensor"), isinstance(x, torch.cuda.FloatTensor))
print(torch.device(0), x.to(0).device, torch.cuda.can_device_access_peer(0, 0), x.cuda(0).device, x.get_device())
torch.save({"device": torch.device("cuda")}, FILE + "d")
print(torch.load(FILE + "d"))
torch.cuda.synchronize(torch.device("cuda")); torch.cuda.synchronize("cuda:0")
print(torch.load(FILE, map_location="cuda")["x"].device, torch.load(FILE, map_location=torch.device("cuda:0"))["x"].device)
"""


@pytest.mark.slow
def test_a_script_that_names_cuda_prints_what_it_prints_with_cpu(
    checkpoints: tuple[Path, Path], aweigh_run: Run
) -> None:
    plain = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("cuda:0", "cpu").replace("cuda", "cpu"), checkpoints[0]],
        check=False, capture_output=True, text=True, env=environment(), timeout=120,
    )  # fmt: skip
    assert plain.returncode == 0, plain.stderr
    ours = aweigh_run("-c", SCRIPT, checkpoints[0])
    assert ours.stdout == plain.stdout, ours.stderr


def test_the_one_device_answers_questions(aweigh_run: Run, tmp_path: Path) -> None:
    done = aweigh_run("-c", CUDA.replace("FILE", repr(str(tmp_path / "x.pt"))))
    assert done.stdout.splitlines() == [
        "True 1 0 Aweigh (remote engine)",
        "0 0 True",
        "True True",
        "True True",
        "True",
        "inside",
        "tensor([1.]) tensor([1., 1.], dtype=torch.float64) tensor([1., 1.], dtype=torch.float16) tensor([1., 1.], dtype=torch.float16) True",
        "cpu cpu False cpu -1",
        "{'device': device(type='cpu')}",
        "cpu cpu",
    ], done.stderr


TRACED = """
import typing, torch
class Adds(torch.nn.Module):
    def forward(self, x):
        return x + torch.arange(3, device=x.device) if isinstance(x.device, torch.device) else x
print(torch.compile(Adds(), backend="eager", fullgraph=True)(torch.ones(3)))
print(torch.export.export(Adds(), (torch.ones(3),)).module()(torch.ones(3, device="cuda")))
print(torch.compile(lambda x: x.to(torch.device("cuda")) + 1, backend="eager")(torch.ones(1)))
@torch.library.custom_op("mine::to", mutates_args=())
def to(x: torch.Tensor, device: torch.device, other: typing.Optional[torch.device] = None) -> torch.Tensor:
    return x.to(device).clone()
print(to(torch.ones(1), torch.device("cuda")))
"""


def test_tracers_know_the_device_type_under_either_name(aweigh_run: Run) -> None:
    plain = subprocess.run(
        [sys.executable, "-c", TRACED.replace("cuda", "cpu")],
        check=False, capture_output=True, text=True, env=environment(), timeout=120,
    )  # fmt: skip
    assert plain.returncode == 0, plain.stderr
    ours = aweigh_run("-c", TRACED)
    assert ours.stdout == plain.stdout, ours.stderr


def test_outside_of_aweigh_there_is_no_device(aweigh_run: Run) -> None:
    code = "import torch; print(torch.cuda.is_available(), torch.zeros.__module__)"
    done = aweigh_run("-c", code, env={"AWEIGH": "0"})
    assert done.stdout.startswith("False"), done.stderr
