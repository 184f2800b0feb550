"""What NVIDIA's driver is asked for, through the real cuda-bindings: their driver library is one that we compile against the real header."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MISSING = """
import torch
from aweigh.memory.frames.cuda_driver import CudaDriver
try:
    CudaDriver(torch.device("cuda", 0))
except ValueError as error:
    print(error)
"""
ALL = """
import ctypes, torch
from aweigh.memory.frames.cuda_driver import CudaDriver
from aweigh.memory.frames.driver import Access
driver = CudaDriver(torch.device("cuda:1"))
assert (driver.granularity, driver.memory, str(driver.device)) == (2 << 20, (100, 200), "cuda:1")
address, handle = driver.reserve(4 << 20, 2 << 20), driver.create(2 << 20)
driver.map(address, 2 << 20, handle)
driver.allow(address, 2 << 20, Access.READ_WRITE)
source, stream, event = driver.pin(4096), driver.new_stream(), driver.new_event()
ctypes.memset(source, 7, 4096)
driver.copy(address, source, 4096, stream)
driver.record(event, stream)
driver.wait(event)
assert ctypes.string_at(address, 4096) == bytes([7]) * 4096
assert driver.has_passed(event) and not driver.has_passed(0xE1)
driver.allow(address, 2 << 20, Access.READ)
driver.unmap(address, 2 << 20)
driver.destroy(handle)
driver.unreserve(address, 4 << 20)
driver.unpin(source)
driver.unpin(driver.pin(4 << 20))
driver.end_event(event)
driver.end_stream(stream)
"""
SAID = """
cuInit 0
cuDeviceGet 1
cuDeviceGetAttribute 102 1
cuDevicePrimaryCtxRetain 1
cuMemGetAllocationGranularity 1 1 1 0
cuMemAddressReserve 4194304 2097152 0 0
cuMemCreate 2097152 1 0 1 1 0
cuMemMap 2097152 0 1000 0
cuMemSetAccess 2097152 1 1 3 1
cuMemHostRegister 2097152 1
cuStreamCreate 1
cuEventCreate 3
cuMemcpyHtoDAsync 4096 0x50
cuEventRecord 0xe0 0x50
cuEventSynchronize 0xe0
cuMemSetAccess 2097152 1 1 1 1
cuMemUnmap 2097152
cuMemRelease 1000
cuMemAddressFree 4194304
cuMemHostUnregister
cuMemHostAlloc 4194304 1
cuMemFreeHost
cuEventDestroy 0xe0
cuStreamDestroy 0x50
"""
WRONG = """
import torch
from aweigh.memory.frames.cuda_driver import CudaDriver
driver = CudaDriver(torch.device("cuda"))
for index in (3, 9):
    try:
        CudaDriver(torch.device("cuda", index))
    except ValueError as error:
        print(error)
for ask in (lambda: driver.pin(6 << 20), lambda: [driver.create(2 << 20) for _ in range(9)], lambda: driver.has_passed(5)):
    try:
        ask()
    except (MemoryError, OSError) as error:
        print(type(error).__name__, error)
"""
WAIT = """
import threading, time, torch
from aweigh.memory.frames.cuda_driver import CudaDriver
driver = CudaDriver(torch.device("cuda"))
waiting = threading.Thread(target=driver.wait, args=(0xE1,))
waiting.start()
turns = 0
while waiting.is_alive():
    turns += 1
    time.sleep(0)
print(turns > 100)
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a libcuda.so.1."""
    compiler, triton = shutil.which("cc"), importlib.util.find_spec("triton")
    if compiler is None or triton is None or not triton.origin or importlib.util.find_spec("cuda.bindings") is None:
        pytest.skip("needs cc, cuda.h (which Triton brings) and cuda-bindings")
    directory = tmp_path_factory.mktemp("driver")
    header = Path(triton.origin).parent / "backends/nvidia/include"
    flags = ["-shared", "-fPIC", "-Wall", "-Werror", f"-I{header}", "-Wl,-soname,libcuda.so.1"]
    subprocess.run([compiler, *flags, "-o", directory / "libcuda.so.1", HERE / "libcuda.c"], check=True)
    return directory


def ran(script: str, library: Path) -> tuple[str, str]:
    """What a script printed, and the calls that the driver got."""
    log = library / "log"
    log.write_text("")
    environment = {**os.environ, "LD_LIBRARY_PATH": str(library), "FAKE_CUDA_LOG": str(log)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, log.read_text()


def test_every_verb_reaches_the_driver_as_it_is_meant(library: Path) -> None:
    assert ran(ALL, library)[1].split("\n") == SAID[1:].split("\n")


def test_other_threads_run_while_one_waits_for_an_event(library: Path) -> None:
    assert ran(WAIT, library)[0] == "True\n"


def test_what_the_driver_refuses_is_a_sentence_with_its_reason(library: Path) -> None:
    assert ran(WRONG, library)[0].splitlines() == [
        "cuda:3 has no virtual memory management: leave --arena-bytes out",
        "an arena on cuda:9 needs NVIDIA's driver, which says: cuDeviceGet: CUDA_ERROR_INVALID_DEVICE (as the fake was told)",
        "MemoryError cuMemHostRegister: CUDA_ERROR_OUT_OF_MEMORY (as the fake was told)",
        "MemoryError cuMemCreate: CUDA_ERROR_OUT_OF_MEMORY (as the fake was told)",
        "DriverFailed cuEventQuery: CUDA_ERROR_ILLEGAL_ADDRESS (as the fake was told)",
    ]


@pytest.mark.parametrize("hidden", ["cuda.bindings", "cuda"])
def test_bindings_that_are_missing_are_one_sentence(hidden: str) -> None:
    script = f"import sys; sys.modules[{hidden!r}] = None" + MISSING
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "needs cuda-bindings" in done.stdout and done.stdout.endswith("pip install 'aweigh[gpu]'\n")
    assert done.stdout.count("\n") == 1


def test_a_driver_that_is_missing_is_one_sentence(library: Path) -> None:
    (library / "empty").mkdir()
    (library / "empty" / "libcuda.so.1").write_text("no library")
    environment = {**os.environ, "LD_LIBRARY_PATH": str(library / "empty")}
    done = subprocess.run([sys.executable, "-c", MISSING], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("an arena on cuda:0 needs NVIDIA's driver, which says:")
