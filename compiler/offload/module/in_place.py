"""Which nodes of a captured graph may change a tensor that others see."""

import operator

from torch import fx


def writes(node: fx.Node) -> bool:
    """Whether a node may change a tensor that others see. When in doubt, yes: it is left in."""
    if node.op == "call_method":
        return str(node.target).endswith("_")
    name = getattr(node.target, "__name__", "")
    in_place = node.target is operator.setitem or name.endswith("_") or name in _NAMES
    return bool(in_place or "out" in node.kwargs or node.kwargs.get("inplace") or True in node.args or "norm" in name)


_NAMES = frozenset(
    f"i{name}"
    for name in (
        "add",
        "sub",
        "mul",
        "truediv",
        "floordiv",
        "mod",
        "pow",
        "and",
        "or",
        "xor",
        "lshift",
        "rshift",
        "matmul",
    )
)
