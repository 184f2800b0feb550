"""Where what a user wants to keep lies, such as the store of weights. Sockets (rendezvous.py) and caches lie elsewhere."""

import os
from pathlib import Path


def home() -> Path:
    """$AWEIGH_HOME, else $XDG_DATA_HOME/aweigh, else ~/.local/share/aweigh; it need not exist."""
    if named := os.environ.get("AWEIGH_HOME"):
        return Path(named).absolute()
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "aweigh"
