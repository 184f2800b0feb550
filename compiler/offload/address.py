"""Which front door a run uses, and whether anything answers there. No gRPC: it is asked before the user's code starts.

Precedence: --engine, AWEIGH_ENGINE, a running `aweigh up` of this user, a private one.
"""

import socket
from dataclasses import dataclass

from aweigh.proto.errors import EngineUnreachable
from aweigh.proto.rendezvous import find

# A gRPC server answers the HTTP/2 preface with a SETTINGS frame (RFC 9113, section 3.4): type 4 at byte 3 of the frame header.
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
_SETTINGS = 4
TIMEOUT = 3.0  # seconds


@dataclass(frozen=True, slots=True)
class Choice:
    """`address` is empty where a private engine is to be started; `origin` says which setting gave it."""

    address: str
    origin: str


def choose(flag: str, variable: str) -> Choice:
    """The front door to use. Raises EngineUnreachable if one was asked for and nothing answers there."""
    for address, origin in ((flag, "--engine"), (variable, "AWEIGH_ENGINE")):
        if address:
            probe(address, origin)
            return Choice(address, origin)
    found = find()
    if found is not None:
        try:
            probe(found.address, "aweigh up")
        except EngineUnreachable:
            return Choice("", "private")
        return Choice(found.address, "aweigh up")
    return Choice("", "private")


def probe(address: str, origin: str, timeout: float = TIMEOUT) -> None:
    """Raises EngineUnreachable, with what, why and the next step, unless a gRPC server answers at `address`."""
    try:
        family, target = _target(address)
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.settimeout(timeout)
            connection.connect(target)
            connection.sendall(_PREFACE)
            header = connection.recv(9)
        if len(header) < 4 or header[3] != _SETTINGS:
            raise OSError("something that is no engine answered")
    except (OSError, ValueError) as error:
        why = (
            "no answer in time" if isinstance(error, TimeoutError) else (getattr(error, "strerror", None) or str(error))
        )
        raise EngineUnreachable(
            f"no engine at {address} (from {origin}): {why}; "
            "start one: aweigh up, run here: AWEIGH=0 python ..., check: aweigh doctor"
        ) from None


def _target(address: str) -> tuple[socket.AddressFamily, str | tuple[str, int]]:
    if address.startswith("unix-abstract:"):
        return socket.AF_UNIX, "\0" + address.removeprefix("unix-abstract:")
    if address.startswith("unix:"):
        return socket.AF_UNIX, address.removeprefix("unix:").removeprefix("//")
    host, separator, port = address.rpartition(":")
    if not separator or not port.isdecimal():
        raise ValueError("an address reads unix:PATH or HOST:PORT")
    host = host.strip("[]") or "localhost"
    family = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0][0]
    return family, (host, int(port))
