"""Where a front door and the scripts of one user on one machine find each other, and which addresses are fit to listen on."""

import ipaddress
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

_SOCKET_PATH = 107  # bytes of a Unix socket's path
_SOCKET_NAME = 40  # bytes of /front-door-xxxxxxxx/front-door.sock, the longest below


@dataclass(frozen=True, slots=True)
class Rendezvous:
    """What `aweigh up` leaves for others of the same user. `process` is the front door's process id; `drain_seconds` is how long
    running calls get when it is told to leave; `http` is the URL of its HTTP door, or else `no_http` says why there is none."""

    address: str
    process: int
    version: str
    drain_seconds: float = 30.0
    http: str = ""
    no_http: str = ""


def runtime_directory() -> Path:
    """A directory of this user alone, made if it is missing: $AWEIGH_RUNTIME, $XDG_RUNTIME_DIR/aweigh or /tmp/aweigh-UID."""
    chosen = os.environ.get("AWEIGH_RUNTIME")
    if not chosen and (base := os.environ.get("XDG_RUNTIME_DIR")):
        chosen = os.path.join(base, "aweigh")
    path = Path(chosen or os.path.join(tempfile.gettempdir(), f"aweigh-{os.getuid()}"))
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_uid != os.getuid():
        raise PermissionError(f"{path} belongs to somebody else: set AWEIGH_RUNTIME to a directory of yours")
    return path


def socket_parent() -> Path:
    """Where directories for sockets are made (``mkdtemp``): the runtime directory, unless that makes a socket's path too long.

    Linux takes 107 bytes. A directory that ``mkdtemp`` makes elsewhere is this user's alone as well.
    """
    base = runtime_directory()
    return base if len(os.fsencode(base)) + _SOCKET_NAME <= _SOCKET_PATH else Path(tempfile.gettempdir())


def announce(rendezvous: Rendezvous) -> None:
    """Written to a temporary name and renamed, so that a reader sees all of it or nothing."""
    target = _file()
    temporary = target.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps(asdict(rendezvous)))
    temporary.replace(target)


def find() -> Rendezvous | None:
    """The front door that this user runs on this machine, if its process is alive."""
    found = announced()
    try:
        if found is not None:
            os.kill(found.process, 0)
    except (OSError, TypeError, OverflowError):
        return None
    return found


def announced() -> Rendezvous | None:
    """The front door that was announced last and not withdrawn, whether its process is alive or not."""
    try:
        return Rendezvous(**json.loads(_file().read_text()))
    except (OSError, ValueError, TypeError):
        return None


def withdraw(process: int) -> None:
    """Removes the announcement if it is that of `process`."""
    found = find()
    if found is None or found.process == process:
        _file().unlink(missing_ok=True)


def is_local(address: str) -> bool:
    """Whether nobody beyond this machine reaches `address` ("unix:PATH", "unix-abstract:NAME" or "HOST:PORT")."""
    if address.startswith(("unix:", "unix-abstract:")):
        return True
    host = address.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _file() -> Path:
    return runtime_directory() / "front-door.json"
