"""Aweigh runs an unchanged Python script whose model is somewhere else.

The public names of a Python user stand here and nowhere else:

``aweigh.__version__``
    the version of this package, the only place where it is written down.
``aweigh.local()``
    a context manager: inside it calls into models run in this process, as they would without Aweigh.
``aweigh.EngineLost``
    raised from the line of the script whose remote call lost its engine.
``import aweigh.auto``, ``%load_ext aweigh``
    the same hooks as ``aweigh run``, for a notebook or a server.

Every name but the version is loaded at first use (PEP 562): ``import aweigh`` must cost a script nothing, so it loads
neither torch nor grpc nor anything of ours. A test holds that.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aweigh.compiler.offload import local as local
    from aweigh.proto.errors import EngineLost as EngineLost

__version__ = "0.1.0"

__all__ = ["EngineLost", "__version__", "load_ipython_extension", "local"]

_HOMES = {"EngineLost": "aweigh.proto.errors", "local": "aweigh.compiler.offload"}


def __getattr__(name: str) -> Any:
    """Load a public name from the room that owns it. Raises AttributeError for a name that is not public."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'aweigh' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, those not loaded yet included."""
    return sorted({*globals(), *__all__})


def load_ipython_extension(ipython: object) -> None:
    """Install the hooks for ``%load_ext aweigh``. ``ipython`` is the running shell, which we do not need."""
    import_module("aweigh.auto")
