"""Found first on the path of every interpreter under `aweigh run`: installs our import hooks, then runs the user's own sitecustomize."""

import os
import sys

if os.environ.get("AWEIGH", "") not in ("", "0"):
    from aweigh.compiler.offload import install

    install()

_here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [_entry for _entry in sys.path if os.path.abspath(_entry or ".") != _here]
_ours = sys.modules.pop("sitecustomize")
try:
    import sitecustomize  # type: ignore[import-not-found]  # noqa: F401
except ModuleNotFoundError as _error:
    if _error.name != "sitecustomize":
        raise
finally:
    sys.modules.setdefault("sitecustomize", _ours)
