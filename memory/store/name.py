"""What a stored model may be called: what a hub calls its models, and what a directory may be called."""

import re

from aweigh.proto.errors import InvalidRequest

MAX_LENGTH = 255
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@+-]*(/[A-Za-z0-9_][A-Za-z0-9._@+-]*)*")


def check(name: str) -> None:
    """Raises InvalidRequest."""
    if len(name) > MAX_LENGTH or not _NAME.fullmatch(name):
        raise InvalidRequest(
            f"{name[:MAX_LENGTH]!r} is no name for a model: give one with --as, of letters, digits and . _ @ + - in parts between /"
        )
