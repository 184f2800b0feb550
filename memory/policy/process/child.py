"""The process of a user's policy: `python -m aweigh.memory.policy.process.child MODULE:CLASS DESCRIPTOR PARAMETERS [DIRECTORY]`.

Only here is the user's module imported. Before that the process takes limits upon itself: memory, no file that grows, no core dump, and
CPU seconds per message, so that it dies of an endless loop even if nobody is left to kill it. The limits guard against mistakes; they
are no prison: the policy runs as the user who named it.
"""

import importlib
import json
import os
import resource
import socket
import sys
from itertools import islice
from typing import Any

from aweigh.memory.policy.base import Item, Policy
from aweigh.memory.policy.process import wire

MEMORY_BYTES = 1 << 30  # of addresses
_CPU_SECONDS = 2  # for one message
_MORE, _GUESSES = 2, 64  # suggestions per frame that is needed, and beyond these: nobody uses more, and each costs time
_RECEIVE = 1 << 18
_PARENT_MOST = 1 << 30  # the parent's frames are believed


def main(name: str, descriptor: str, parameters: str, directory: str = "") -> None:
    """Serves until the parent goes away. What the policy raises is told to the parent and ends the process."""
    limit()
    if directory:
        sys.path.insert(0, directory)
    with socket.socket(fileno=int(descriptor)) as channel:
        try:
            policy = make(name, json.loads(parameters))
            channel.sendall(wire.frame(wire.READY, bytes([policy.guesses])))
            serve(channel, policy)
        except (BrokenPipeError, ConnectionResetError):
            return
        except BaseException as error:  # noqa: BLE001  whatever the user's code raises, SystemExit too
            text = f"{type(error).__name__}: {error}".splitlines()[0][:300]
            channel.sendall(wire.frame(wire.FAILED, text.encode()))


def limit() -> None:
    """Bounds what this process may take."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    more_time()


def more_time() -> None:
    """Grants CPU seconds for the next message; at their end the system ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + _CPU_SECONDS, hard))


def make(name: str, parameters: dict[str, Any]) -> Policy:
    """Imports the class and makes its one instance."""
    module, _, attribute = name.partition(":")
    kind = getattr(importlib.import_module(module), attribute)
    policy = kind(**parameters)
    if not isinstance(policy, Policy):
        raise TypeError(f"{name} is no policy: derive it from aweigh.memory.policy.base.Policy")
    return policy


def serve(channel: socket.socket, policy: Policy) -> None:
    """Reads batches, answers questions."""
    items: dict[int, Item] = {}
    frames = wire.Frames(_PARENT_MOST)
    while data := channel.recv(_RECEIVE):
        more_time()
        for kind, content in frames.add(data):
            if kind == wire.RECORDS:
                policy.observe(wire.unpack_records(content))
            elif kind == wire.ITEMS:
                items.update((item.id, item) for item in wire.unpack_items(content))
            elif kind == wire.FORGOTTEN:
                for extent in wire.unpack_ids(content):
                    items.pop(extent, None)
            elif kind == wire.ARRIVED:
                time, extent = wire.unpack_timed(content)
                policy.arrived(items[extent], time)
            elif kind == wire.DROPPED:
                time, extent = wire.unpack_timed(content)
                policy.dropped(extent, time)
            elif kind == wire.ASK:
                number, view = wire.unpack_question(content, items)
                most = min(_MORE * view.need_frames + _GUESSES, wire.MOST_SUGGESTIONS)
                found = list(islice(policy.suggest(view), most))
                channel.sendall(wire.frame(wire.ANSWER, wire.pack_answer(number, policy.wakes(view.time), found)))


if __name__ == "__main__":
    silent = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(silent, standard)
    main(*sys.argv[1:])
