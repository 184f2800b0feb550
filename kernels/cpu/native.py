"""A task as native code: built, lowered to LLVM, compiled for this processor, started on torch's OpenMP threads.

A task is a function of (table, thread, threads) that takes parts of its work until none is left, and says how many it took and how many
there are. `compiled` wraps it into LLVM functions: `enter`, which the threads run, and `start`, which hands `enter` to `GOMP_parallel`.
That is the entry point behind `#pragma omp parallel` in GCC's runtime, and LLVM's exports it too. The library is the very file that torch
loaded: its threads are warm, and no second pool exists. `record` is what a tape calls (`walk.py`): the task, and then it adds the parts that
this thread took to a counter, behind everything that it wrote.
"""

import ctypes
import platform
import struct
from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from aweigh.kernels import mlir
from aweigh.kernels.cpu import code_cache
from aweigh.kernels.cpu.object_code import Object, Unloadable

Task = Callable[[Any, Any, Any], tuple[Any, Any] | None]
"""Parts that this thread took, and parts that there are; nothing where a tape never holds it."""

_VECTORS = "{enable-x86=true}" if platform.machine() in ("x86_64", "AMD64") else ""
_PIPELINE = (
    f"builtin.module(canonicalize,cse,convert-scf-to-cf,convert-vector-to-llvm{_VECTORS},"
    "convert-func-to-llvm,convert-math-to-llvm,convert-arith-to-llvm,convert-cf-to-llvm,convert-index-to-llvm,reconcile-unrealized-casts)"
)
_PACKED_START = "_mlir_start"
"""The name that the execution engine gives to what takes a packed call."""
_FRAME = """
module {
llvm.func @GOMP_parallel(!llvm.ptr, !llvm.ptr, i32, i32)
llvm.func @omp_get_thread_num() -> i32
llvm.func @omp_get_num_threads() -> i32
llvm.func @sched_yield() -> i32
llvm.func @start(%table: !llvm.ptr) {
  %threads_64 = llvm.load %table : !llvm.ptr -> i64
  %threads = llvm.trunc %threads_64 : i64 to i32
  %no_flags = llvm.mlir.constant(0 : i32) : i32
  %enter = llvm.mlir.addressof @enter : !llvm.ptr
  llvm.call @GOMP_parallel(%enter, %table, %threads, %no_flags) : (!llvm.ptr, !llvm.ptr, i32, i32) -> ()
  llvm.return
}
llvm.func @enter(%table: !llvm.ptr) {
  %thread_32 = llvm.call @omp_get_thread_num() : () -> i32
  %threads_32 = llvm.call @omp_get_num_threads() : () -> i32
  %thread = llvm.sext %thread_32 : i32 to i64
  %threads = llvm.sext %threads_32 : i32 to i64
  %counts:2 = func.call @task(%table, %thread, %threads) : (!llvm.ptr, i64, i64) -> (i64, i64)
  llvm.return
}
llvm.func @record(%table: !llvm.ptr, %thread: i64, %threads: i64, %done: !llvm.ptr) -> i64 {
  %counts:2 = func.call @task(%table, %thread, %threads) : (!llvm.ptr, i64, i64) -> (i64, i64)
  %before = llvm.atomicrmw add %done, %counts#0 release : !llvm.ptr, i64
  llvm.return %counts#1 : i64
}
llvm.func @address(%to: !llvm.ptr) {
  %record = llvm.mlir.addressof @record : !llvm.ptr
  llvm.store %record, %to : !llvm.ptr, !llvm.ptr
  llvm.return
}
func.func private @task(%table: !llvm.ptr, %thread: i64, %threads: i64) -> (i64, i64) {
  %none = arith.constant 0 : i64
  return %none, %none : i64, i64
}
}
"""
"""The frame around every task; its first table entry is the number of threads."""


@dataclass(frozen=True, eq=False)
class Native:
    """Compiled code. `start` runs without the GIL; `record` is the address of what a tape calls."""

    start: Callable[[int], None]
    record: int
    engine: Any

    def run(self, table: Sequence[int]) -> None:
        """Runs the task over a table whose first entry is the number of threads.

        The call is packed: the address of the arguments' addresses, the argument's address, then the table.
        """
        packed = array("q", (0, 0, *table))
        start = packed.buffer_info()[0]
        packed[0], packed[1] = start + 8, start + 16
        self.start(start)


def float_bits(value: float) -> int:
    """Returns what a table holds of a float32: its bits."""
    bits: int = struct.unpack("<I", struct.pack("<f", value))[0]
    return bits


def module_of(task: Task) -> Any:
    """Returns the module of a task, verified and not yet lowered. Called inside `with` of a context and a location."""
    module = mlir.ir.Module.parse(_FRAME)
    function = next(
        operation for operation in module.body.operations if operation.attributes["sym_name"].value == "task"
    )
    end = function.entry_block.operations[1]
    with mlir.ir.InsertionPoint(end):
        counts = task(*function.arguments)
    for place, count in enumerate(counts or ()):
        end.operands[place] = count
    module.operation.verify()
    return module


def compiled(task: Callable[[], Task], name: str = "") -> Native:
    """Lowers and compiles what `task` builds, in a context of its own: about 0.1 s.

    `name`: what distinguishes it from all else that our sources build. Code with a name is kept on disk, and loaded from there in a millisecond,
    without the bindings.

    Raises:
        ModuleNotFoundError: no MLIR bindings, or no OpenMP runtime beside torch.
    """
    library = openmp()
    key = code_cache.key(name) if name else None
    kept = None if key is None else _kept(key, library)
    if kept is not None:
        return kept
    with mlir.ir.Context(), mlir.ir.Location.unknown():
        module = module_of(task())
        mlir.passmanager.PassManager.parse(_PIPELINE).run(module.operation)
        engine = mlir.execution_engine.ExecutionEngine(module, opt_level=3, shared_libs=[str(library)])
    start = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(engine.raw_lookup("start"))
    found = array("q", (0, 0, 0))
    at = found.buffer_info()[0]
    found[0], found[1] = at + 8, at + 16  # the call is packed: see `run`
    ctypes.CFUNCTYPE(None, ctypes.c_void_p)(engine.raw_lookup("address"))(at)
    if key is not None:
        code_cache.store(key, engine.dump_to_object_file)
    return Native(start, found[2], engine)


def _kept(key: str, library: Path) -> Native | None:
    """Code from disk; None where there is none that this process can take."""
    data = code_cache.load(key)
    if data is None:
        return None
    libraries = (ctypes.CDLL(str(library)), ctypes.CDLL(None))

    def resolve(name: str) -> int | None:
        for one in libraries:
            with suppress(AttributeError):
                return ctypes.cast(getattr(one, name), ctypes.c_void_p).value
        return None

    try:
        loaded = Object(data, resolve)
        start = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(loaded.address(_PACKED_START))
        return Native(start, loaded.address("record"), loaded)
    except Unloadable:
        return None


def openmp() -> Path:
    """Returns the OpenMP runtime that torch computes with.

    Raises:
        ModuleNotFoundError: torch brought none.
    """
    found = sorted(
        path
        for folder in ("lib", "../torch.libs")
        for pattern in ("libgomp*", "libomp*", "libiomp*")
        for path in (Path(torch.__path__[0]) / folder).glob(pattern)
    )
    if not found:
        raise ModuleNotFoundError("torch came without its OpenMP runtime: take its wheel from the package index.")
    return found[0]
