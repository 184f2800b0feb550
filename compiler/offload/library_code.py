"""Whether the Python behind a model is still what its libraries ship: a Program is compiled from that, in another process.

Scripts patch classes (`LlamaMLP.forward = mine`), functions of modelling files (`modeling_llama.apply_rotary_pos_emb = mine`), registries of
attention functions, and torch's own (`F.scaled_dot_product_attention = mine`). A function is the libraries' if its globals are those of one of
their modules: names, qualified names and `__module__` are copied by decorators, globals are not. Asked before every call, so what is
looked at is a flat list of dicts, compared by identity; only when something in them is another object are functions looked into.
"""

import functools
import operator
import sys
import types
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import torch
from torch import nn

_LIBRARIES = frozenset({"transformers", "torch", "aweigh", "accelerate", "peft", *sys.stdlib_module_names}) - {
    "__main__"
}
# Beside the modelling files of the model's own classes: what these call for attention, masks and rotary embeddings.
_CALLED = (
    "transformers.integrations.eager_attention", "transformers.integrations.sdpa_attention", "transformers.masking_utils",
    "transformers.modeling_rope_utils", "torch.nn.functional",
)  # fmt: skip


_LOOP = frozenset(
    {"generate", "prepare_inputs_for_generation", "_reorder_cache", "_update_model_kwargs_for_generation"}
)


def own_loop(model: nn.Module) -> str | None:
    """A clause that names what `generate` would call of the script's, around the forward pass or in its place; or None."""
    for name in vars(model):
        if name != "generate" and callable(getattr(type(model), name, None)):
            return f"the model's {name} was replaced"
    for kind in type(model).__mro__:
        if kind is nn.Module or (not issubclass(kind, nn.Module) and not _is_transformers(kind)):
            continue
        for name, value in vars(kind).items():
            if name != "generate" and _is_foreign(value):
                return f"{kind.__name__}.{name} was replaced"
    return None


class LibraryCode:
    """A look at the code behind one model's forward pass. `reason`: a clause that names what is not the libraries', or None."""

    def __init__(self, model: nn.Module) -> None:
        inner = [kind for module in list(model.modules())[1:] for kind in type(module).__mro__]
        root = [kind for kind in type(model).__mro__ if _is_modelling(kind)]
        self._classes = [kind for kind in dict.fromkeys(chain(root, inner)) if kind is not object]
        self._look(model)

    def difference(self, model: nn.Module) -> str | None:
        """Looks again if anything was replaced since. Returns `reason`."""
        if self._attention != _attention(model) or not self._same():
            self._look(model)
        return self.reason

    def _same(self) -> bool:
        return list(map(len, self._dicts)) == self._lengths and all(map(operator.is_, self._flat(), self._kept))

    def _look(self, model: nn.Module) -> None:
        self._attention = _attention(model)
        files = dict.fromkeys([*(kind.__module__ for kind in self._classes if _is_modelling(kind)), *_CALLED])
        self._spaces = [vars(sys.modules[name]) for name in files if name in sys.modules]
        self._registries = list(chain.from_iterable(map(_registries, self._spaces)))
        self._dicts: list[Mapping[str, Any]] = [*self._spaces, *self._registries, *map(vars, self._classes)]
        self._lengths = list(map(len, self._dicts))
        self._kept = list(self._flat())
        self.reason = self._foreign(_words(vars(model.config)))

    def _flat(self) -> Iterator[Any]:
        return chain.from_iterable(space.values() for space in self._dicts)

    def _foreign(self, words: set[str]) -> str | None:
        for kind in self._classes:
            if not _known(kind.__module__):
                return f"{kind.__name__} is no class of transformers or torch"
            for name, value in vars(kind).items():
                if name not in _LOOP and _is_foreign(value):
                    return f"{kind.__name__}.{name} was replaced"
        for space in self._spaces:
            for name, value in space.items():
                if not name.startswith("__") and _is_foreign(
                    value
                ):  # Dynamo keeps what it has compiled beside the source
                    return f"{space['__name__']}.{name} was replaced"
        for registry in self._registries:
            for key, value in registry.items():
                if key in words and _is_foreign(value):
                    return f"{key!r} is a function of the script's own"
        return None


def _attention(model: nn.Module) -> Any:
    return getattr(model.config, "_attn_implementation", None)


def _is_transformers(kind: type) -> bool:
    return kind.__module__.startswith("transformers.")


def _is_modelling(kind: type) -> bool:
    return kind.__module__.startswith("transformers.models.")


def _registries(space: Mapping[str, Any]) -> Iterator[dict[Any, Any]]:
    """The dicts of functions and classes in a module, transformers' interfaces among them."""
    for value in list(space.values()):
        if isinstance(value, dict) and value and value is not space.get("__builtins__"):
            if all(callable(entry) or isinstance(entry, tuple) for entry in value.values()):
                yield value
        elif hasattr(type(value), "_global_mapping"):
            yield type(value)._global_mapping
            yield value._local_mapping


def _words(values: Mapping[str, Any]) -> set[str]:
    """All strings that a configuration names something by."""
    found = set()
    for value in values.values():
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, dict):
            found |= _words(value)
        elif type(value).__module__.startswith("transformers."):
            found |= _words(vars(value) if hasattr(value, "__dict__") else {})
    return found


def _is_foreign(value: Any) -> bool:
    """Whether a value in a class or module is code that no library of ours ships."""
    while value is not None:
        if isinstance(value, staticmethod | classmethod):
            value = value.__func__
        elif isinstance(value, property):
            return any(map(_is_foreign, (value.fget, value.fset, value.fdel)))
        elif isinstance(value, functools.partial):
            value = value.func
        elif isinstance(value, types.MethodType):
            value = value.__func__
        elif isinstance(value, types.FunctionType):
            if not _known(value.__globals__.get("__name__", "__main__")):
                return True
            value = getattr(value, "__wrapped__", None)
        elif isinstance(value, type):
            return not _known(value.__module__)
        else:
            return callable(value) and not _known(type(value).__module__)
    return False


@functools.cache
def _known(module: str) -> bool:
    return module.partition(".")[0] in _LIBRARIES


def foreign_hooks() -> bool:
    """Whether hooks were registered for all modules."""
    found: bool = torch.nn.modules.module._has_any_global_hook()  # type: ignore[no-untyped-call]
    return found
