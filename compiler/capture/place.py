"""Where in the modelling code, or in the script, something stands: for sentences to the user."""

import re
import traceback
from pathlib import PurePath

from torch.fx import Node

_FRAME = re.compile(r'File "([^"]+)", line (\d+)')
_LIBRARY = ("/torch/", "/aweigh/", "<")


def place_of_node(node: Node) -> str:
    """ " at FILE:LINE" of the innermost frame that is not torch's, or nothing where it is not known."""
    frames = _FRAME.findall(str(node.meta.get("stack_trace") or ""))
    return _said([(name, int(line)) for name, line in frames])


def place_of_error(error: BaseException) -> str:
    """As `place_of_node`, of where an exception was raised."""
    return _said([(frame.filename, frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__)])


def _said(frames: list[tuple[str, int]]) -> str:
    for name, line in reversed(frames):
        if not any(part in name for part in _LIBRARY) and "/compiler/capture/" not in name:
            return f" at {PurePath(name).name}:{line}"
    return ""
