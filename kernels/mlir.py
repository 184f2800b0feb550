"""The one door to the MLIR Python bindings; no other module of ours imports `mlir` or `torch_mlir`.

    from aweigh.kernels import mlir
    with mlir.ir.Context(), mlir.ir.Location.unknown(): ...

Attributes, each imported at its first use (nothing is imported with this module):
`ir`, `passmanager`, `rewrite`, `execution_engine`, `runtime`; and `irdl`, `func`, `arith`, `scf`, `vector`, `llvm`, or any
other dialect module by its name, also as `dialect("torch")`. `fx_importer()` is torch-mlir's importer of FX graphs (it
imports torch), `provider()` says whose bindings were taken.

Which bindings. A real upstream package would import as `mlir`; the one of that name on the package index is an empty
placeholder, so a package counts only when it carries the compiled `_mlir_libs`. `torch_mlir` carries the same upstream
bindings plus the `torch` dialect. Objects of two copies of the bindings must never meet (types are compared by C++
type id), so one copy serves everything: `mlir` is taken only if it also carries the importer, or if there is no
`torch_mlir`.
"""

import importlib
import importlib.util
from functools import cache
from types import ModuleType
from typing import Any

_CORE = ("ir", "passmanager", "rewrite", "execution_engine", "runtime")
_IMPORTER = "extras.fx_importer"


def _has(package: str, module: str) -> bool:
    try:
        return importlib.util.find_spec(f"{package}.{module}") is not None
    except ModuleNotFoundError:
        return False


@cache
def provider() -> str:
    """Returns the package whose bindings this process uses: "mlir" or "torch_mlir".

    Raises:
        ModuleNotFoundError: neither is installed.
    """
    found = [package for package in ("mlir", "torch_mlir") if _has(package, "_mlir_libs")]
    if not found:
        raise ModuleNotFoundError('MLIR bindings are missing: pip install "aweigh[cpu]", which brings torch-mlir.')
    return next((package for package in found if _has(package, _IMPORTER)), found[0])


@cache
def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{provider()}.{name}")


def dialect(name: str) -> Any:
    """Returns the generated Python module of one dialect, for example `dialect("torch")` or `dialect("x86")`.

    Raises:
        ModuleNotFoundError: the bindings at hand have no such dialect.
    """
    return _module(f"dialects.{name}")


def fx_importer() -> Any:
    """Returns torch-mlir's module `extras.fx_importer` (`FxImporter`, `FxImporterHooks`, ...); imports torch.

    Raises:
        ModuleNotFoundError: the bindings at hand came without the importer.
    """
    if not _has(provider(), _IMPORTER):
        raise ModuleNotFoundError(
            f"{provider()} has no FX importer: pip install torch-mlir into this environment, or uninstall {provider()}."
        )
    return _module(_IMPORTER)


def fx() -> Any:
    """Returns torch-mlir's module `fx` (`export_and_import`, `stateless_fx_import`); imports torch."""
    return _module("fx")


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    if name in _CORE:
        return _module(name)
    try:
        return dialect(name)
    except ModuleNotFoundError as error:
        raise AttributeError(f"{provider()} has neither a module nor a dialect {name!r}") from error
