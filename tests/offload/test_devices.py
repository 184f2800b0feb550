"""`cuda` reads as `cpu`: the same script, once with one word and once with the other."""

import subprocess
import sys
from pathlib import Path

from tests.offload.conftest import Run, environment

SCRIPT = """
import torch
from torch import zeros

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
print(torch.load(FILE, map_location="cuda")["x"].device, torch.load(FILE, map_location=torch.device("cuda:0"))["x"].device)
"""


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
        "cpu cpu",
    ], done.stderr


def test_outside_of_aweigh_there_is_no_device(aweigh_run: Run) -> None:
    code = "import torch; print(torch.cuda.is_available(), torch.zeros.__module__)"
    done = aweigh_run("-c", code, env={"AWEIGH": "0"})
    assert done.stdout.startswith("False"), done.stderr
