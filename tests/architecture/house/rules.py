"""Static rules: no construct that turns bytes into code, opens a shell, trusts a peer, or hides a fault.

Every rule looks at the syntax tree, not at text: a comment or a docstring may name what the code must not do. A hit is
allowed only by a line in ``allowed.toml`` beside this file, with its reason; a line there that allows nothing is a fault.

Where the classes come from: pickle and friends on received bytes (CVE-2025-32444 and its copies), ``torch.load`` even
with ``weights_only`` (CVE-2025-32434), code in checkpoints (``trust_remote_code``), wildcard listeners (CVE-2025-30202).
"""

import ast
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from house.tree import ROOT, files, is_generated

ALLOWED = Path(__file__).with_name("allowed.toml")
_MODULES = {"pickle", "cPickle", "marshal", "dill", "shelve", "cloudpickle"}
_BUILTINS = {"eval", "exec", "__import__"}
_CALLS = {"torch.load", "yaml.load", "os.system", "os.popen", "tempfile.mktemp", "numpy.fromfile", "joblib.load"}
_FLAGS = {"shell": True, "verify": False, "trust_remote_code": True, "allow_pickle": True}
_WILDCARDS = ("0.0.0.0", "[::]")


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One place that breaks a rule: a path relative to the root, a line number, and the rule's name."""

    path: str
    line: int
    rule: str


def hits(text: str, path: str = "") -> Iterator[Hit]:
    """The places in a Python text that break a rule, in no order. Raises SyntaxError if it is not Python."""
    for node in ast.walk(ast.parse(text)):
        for rule in _broken(node):
            yield Hit(path=path, line=getattr(node, "lineno", 0), rule=rule)


def _broken(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (name.name for name in names if name.name.split(".")[0] in _MODULES)
        case ast.ImportFrom(module=str(module)) if module.split(".")[0] in _MODULES:
            yield module
        case ast.Call():
            yield from _broken_call(node)
        case ast.Constant(value=str(value)) if value.removesuffix(":" + value.rsplit(":", 1)[-1]) in _WILDCARDS:
            yield "wildcard address"
        case ast.ExceptHandler(type=kind, body=[ast.Pass()]) if kind is None or _name(kind) in (
            "Exception",
            "BaseException",
        ):
            yield "swallowed error"


def _broken_call(call: ast.Call) -> Iterator[str]:
    name = _name(call.func)
    if name in _BUILTINS or name in _CALLS or name.split(".")[0] in _MODULES:
        yield name
    for keyword in call.keywords:
        value = keyword.value
        if keyword.arg in _FLAGS and isinstance(value, ast.Constant) and value.value is _FLAGS[keyword.arg]:
            yield f"{keyword.arg}={value.value}"


def _name(node: ast.expr) -> str:
    """``a.b.c`` for a chain of names, the empty string for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attribute) if before := _name(value):
            return f"{before}.{attribute}"
    return ""


def faults(root: Path = ROOT, allowed: Path = ALLOWED) -> list[str]:
    """One sentence per hit that nobody allowed, and per allowance that nothing needs."""
    allowances = {(entry["path"], entry["rule"]): entry["reason"] for entry in _entries(allowed)}
    found: list[str] = []
    used = set()
    for path in files(".py", root):
        if is_generated(path):
            continue
        name = str(path.relative_to(root))
        for hit in hits(path.read_text(encoding="utf-8"), name):
            key = (hit.path, hit.rule)
            if allowances.get(key):
                used.add(key)
            else:
                found.append(
                    f"{hit.path}:{hit.line}: {hit.rule} (allow it in {allowed.name} with a reason, or avoid it)"
                )
    unused = sorted(allowances.keys() - used)
    return found + [f"{allowed.name}: {rule} in {path} is allowed and does not occur." for path, rule in unused]


def _entries(allowed: Path) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = tomllib.loads(allowed.read_text(encoding="utf-8")).get("allow", [])
    return entries


if __name__ == "__main__":
    sys.exit("\n".join(faults()) or None)
