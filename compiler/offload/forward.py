"""placeholder"""

from typing import Any


def install(kind: Any) -> None:
    pass
