"""`python -m aweigh.engine`: the one place where a worker's parts are put together."""

import asyncio
import logging
import os
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import torch

from aweigh.engine.config import Config, parse
from aweigh.engine.loading import Loader
from aweigh.engine.process import die_with_parent
from aweigh.engine.rpc.pages import PagesServer
from aweigh.engine.rpc.server import Server
from aweigh.engine.rpc.service import EngineService
from aweigh.engine.schedule.limits import Limits
from aweigh.engine.schedule.scheduler import Scheduler
from aweigh.engine.worker import Worker
from aweigh.kernels import fitting, load
from aweigh.memory.arena import Arena, arena_for
from aweigh.memory.heap import HEAP
from aweigh.memory.kv import KvStore, default_kv_bytes
from aweigh.memory.paging.arena import PagedArena
from aweigh.memory.paging.choice import host_bytes_of, pager_of, tiers_of, with_arena
from aweigh.memory.paging.giving import Giver
from aweigh.memory.paging.medium import medium_for
from aweigh.memory.paging.pager import Pager
from aweigh.memory.store.catalog import Store
from aweigh.memory.trust.trust import Trust, default_file
from aweigh.memory.tuner.policy_file import PolicyFile, read
from aweigh.proto import logs
from aweigh.proto.errors import AweighError

_log = logging.getLogger("aweigh.engine")


def assemble(config: Config) -> tuple[Worker, EngineService]:
    """The parts of a worker, started. Raises ValueError, MemoryError, RuntimeError where the device cannot be had."""
    device = torch.device(config.device)
    kernels = fitting(config.device) if config.kernels == "auto" else config.kernels
    if kernels == "cpu" and device.type != "cpu":
        raise ValueError("--kernels cpu compute on a CPU: give --device cpu, or --kernels auto")
    if kernels == "triton" and device.type == "cpu" and os.environ.get("TRITON_INTERPRET") != "1":
        raise ValueError("--kernels triton on a CPU runs in Triton's interpreter only: set TRITON_INTERPRET=1")
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(f"--device {config.device}: torch sees no CUDA device here")
    torch.set_num_threads(config.threads)
    file = read(Path(config.policy)) if config.policy else PolicyFile()
    arena = _arena(config, file, device)
    available = psutil.virtual_memory().available if device.type == "cpu" else torch.cuda.mem_get_info(device)[0]
    bounded = arena.pager.most_kv_bytes if isinstance(arena, PagedArena) else 0
    store = KvStore(arena, config.kv_bytes or bounded or default_kv_bytes(available))
    # On a GPU the vendor's products may round a row otherwise beside others, so that what is drafted could change an answer.
    drafts = config.draft_tokens if device.type == "cpu" else 0
    limits = Limits(token_budget=config.token_budget, draft_tokens=drafts)
    worker = Worker(Scheduler(limits), config.threads, config.call_tokens)
    if isinstance(arena, PagedArena):
        worker.page(arena.pager)
    trust = Trust(config.require_signature, Path(config.trusted_keys) if config.trusted_keys else default_file())
    weights = Store()
    origins = file.origins.of(config.name)
    tiers = tiers_of(origins, weights)
    loader = Loader(arena, store, load(kernels), device, config.block_size, tiers=tiers, trust=trust)
    giver = Giver(weights, arena if isinstance(arena, PagedArena) else None)
    worker.start()
    if device.index is not None and device.type == "cuda":
        worker.call(partial(torch.cuda.set_device, device))  # what launches kernels without tensors' help asks for it
    _log.info("%s: %d bytes for keys and values, kernels %s", device, store.size, kernels)
    service = EngineService(worker, loader, config.name, config.device)
    if origins.listen:
        service.pages = PagesServer(origins.listen, giver)
        service.pages.start()
    return worker, service


def _arena(config: Config, file: PolicyFile, device: torch.device) -> Arena:
    if not config.policy:
        return arena_for(device, config.arena_bytes, config.host_bytes)
    file = with_arena(file, config.arena_bytes)
    host_bytes = config.host_bytes or host_bytes_of(file)
    return PagedArena(pager_of(file, Path(config.policy).parent, medium_for(device, host_bytes)))


async def serve(config: Config) -> None:
    """Serves until told to leave."""
    worker, service = assemble(config)
    # Whoever started this worker sees it go, and starts another one.
    worker.on_death = lambda: os._exit(1)
    server = Server(config, worker, service)
    server.on_hangup = lambda: reread(config, worker)
    await server.start()
    if worker.pager is not None:
        threading.Thread(target=touch, args=(worker.pager,), name="touch", daemon=True).start()
    print(f"ready {server.address}", flush=True)
    try:
        await server.serve()
    finally:
        worker.stop()
        service.close()


def touch(pager: Pager) -> None:
    """Makes the arena resident beside everything else: a fresh frame costs more than reading into it."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
    try:
        pager.touch()
    except MemoryError as error:
        _log.warning("the arena is larger than the memory that is free: %s", error)


def reread(config: Config, worker: Worker) -> None:
    """Takes the policy of the file as it is now. What is resident stays; a file that is wrong changes nothing."""
    pager = worker.pager
    if pager is None or not config.policy:
        return
    path = Path(config.policy)
    try:
        file = read(path)
        pager.set_policy(file.policy.start(path.parent))
    except (AweighError, OSError) as error:
        _log.error("the policy stays as it was: %s", error)
        return
    _log.info("the policy is %s from now on", file.policy.name)


def main() -> None:
    config = parse()
    die_with_parent()
    if not config.device.startswith("cuda"):
        HEAP.hold()
    logs.configure(config.name, config.log_level, config.log_format)
    # Handlers are short and the step thread leaves the interpreter at every operator: a late switch costs a step its milliseconds.
    sys.setswitchinterval(0.001)
    try:
        asyncio.run(serve(config))
    except (AweighError, ValueError, MemoryError, RuntimeError) as error:
        _log.error("%s", error)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
