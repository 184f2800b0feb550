"""The front door's process: ``python -m aweigh.serverless [--config FILE] [--private]``. Wires the ports, decides nothing.

Prints ``ready ADDRESS`` on stdout when the first worker serves. With --private it belongs to the process that started it, and ends
with it; else it announces itself for the scripts of this user. SIGTERM drains, a second one ends at once.
"""

import argparse
import asyncio
import contextlib
import ctypes
import importlib.metadata
import os
import signal
import sys
import tempfile
from pathlib import Path

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from aweigh.proto import logs
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.rendezvous import Rendezvous, announce, find, socket_parent, withdraw
from aweigh.proto.v1 import front_door_pb2, front_door_pb2_grpc
from aweigh.serverless.config import ClusterConfig, load
from aweigh.serverless.front_door import FrontDoor
from aweigh.serverless.http_door import NoHttp, open_http
from aweigh.serverless.launcher import Launcher

CONFIG_INVALID = 4  # exit code
_SERVICE = front_door_pb2.DESCRIPTOR.services_by_name["FrontDoor"].full_name
_PR_SET_PDEATHSIG = 1
# Programs of large models are megabytes; a client that is gone must be noticed although it sends nothing.
_OPTIONS = (
    ("grpc.max_receive_message_length", 1 << 30),
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    # Scripts look after us the same way while they compute; by default a server hangs up on whoever asks every ten seconds.
    ("grpc.http2.max_ping_strikes", 0),
    ("grpc.so_reuseport", 0),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m aweigh.serverless")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--private", action="store_true", help="end with the process that started this one")
    arguments = parser.parse_args()
    try:
        config = load(arguments.config)
    except InvalidRequest as error:
        print(f"aweigh: {error}", file=sys.stderr)
        return CONFIG_INVALID
    logs.configure("front-door", "warning" if arguments.private else config.log.level, config.log.format)
    if arguments.private:
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            return 0
    with tempfile.TemporaryDirectory(prefix="front-door-", dir=socket_parent()) as directory:
        return asyncio.run(_serve(config, Path(directory), private=arguments.private))


async def _serve(config: ClusterConfig, directory: Path, *, private: bool) -> int:
    version = importlib.metadata.version("aweigh")
    door = FrontDoor(config.front_door, version)
    try:
        http = NoHttp("private") if private else open_http(config, door)
    except InvalidRequest as error:
        print(f"aweigh: {error}", file=sys.stderr)
        return CONFIG_INVALID
    launcher = Launcher(config, door, directory)
    server = grpc.aio.server(options=_OPTIONS)
    front_door_pb2_grpc.add_FrontDoorServicer_to_server(door, server)
    healthy = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(healthy, server)
    reflection.enable_server_reflection((_SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
    wanted = config.front_door.listen or f"unix:{directory}/front-door.sock"
    try:
        port = server.add_insecure_port(wanted)
    except RuntimeError:  # gRPC has logged why
        print(f"aweigh: cannot listen on {wanted}: another process does, or the path cannot be made", file=sys.stderr)
        return 1
    address = wanted if wanted.startswith("unix") else f"{wanted.rpartition(':')[0]}:{port}"
    await server.start()

    leaving = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(
            number, lambda: launcher.kill() if leaving.is_set() else leaving.set()
        )
    serving = asyncio.create_task(http.run())
    serving.add_done_callback(lambda _: leaving.set())
    running = asyncio.create_task(launcher.run())
    stop = asyncio.create_task(leaving.wait())
    hopeless = asyncio.create_task(launcher.hopeless.wait())
    ready = asyncio.create_task(launcher.first_ready.wait())
    await asyncio.wait((ready, stop, hopeless), return_when=asyncio.FIRST_COMPLETED)
    if ready.done() and not leaving.is_set():
        await healthy.set("", health_pb2.HealthCheckResponse.SERVING)
        await healthy.set(_SERVICE, health_pb2.HealthCheckResponse.SERVING)
        if not private and find() is None:
            drain = config.workers.drain_timeout
            announce(Rendezvous(address, os.getpid(), version, drain, http.address, http.reason))
        print("ready", address, flush=True)
        await stop
    await healthy.enter_graceful_shutdown()
    http.leave()
    launcher.leave()
    await running
    with contextlib.suppress(asyncio.CancelledError):
        await serving
    await server.stop(0.5)
    if not private:
        withdraw(os.getpid())
    return 1 if launcher.hopeless.is_set() else 0


if __name__ == "__main__":
    sys.exit(main())
