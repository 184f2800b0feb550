"""What a worker asks of its operating system: to die with its parent, and to log one line per event."""

import ctypes
import logging
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """SIGTERM when the parent ends: a worker that nobody can reach must not hold a device."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit("the parent ended before its worker began")


def log_to_stderr(name: str) -> None:
    """`(NAME pid=N) INFO 11-20 20:12:01 [file.py:88] ...`, one line per record."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        logging.Formatter(
            f"({name} pid={os.getpid()}) %(levelname)s %(asctime)s [%(filename)s:%(lineno)d] %(message)s",
            "%m-%d %H:%M:%S",
        )
    )
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # It logs a traceback for every call that a client cancels; what handlers raise is logged by the guard.
    logging.getLogger("grpc._cython.cygrpc").setLevel(logging.CRITICAL)
