"""The script's process: import hooks that put stubs where models would be, and what the stubs do.

Importing this room costs a script next to nothing, and it imports neither torch nor grpc: hooks fire when the script itself has
imported what they patch.
"""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aweigh.compiler.offload.opt_out import local as local

__all__ = ["install", "local"]


def install() -> None:
    """Registers the import hooks in this process; a second call does nothing. Libraries that are imported already are patched now.

    AWEIGH=0 in the environment keeps them out.
    """
    if os.environ.get("AWEIGH") == "0":
        return
    os.environ["AWEIGH"] = "1"
    from aweigh.compiler.offload.hooks import register

    register()


def __getattr__(name: str) -> Any:
    if name == "local":
        from aweigh.compiler.offload.opt_out import local

        return local
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
