"""Whether a stub is still the model that was compiled: same modules, same parameters, no hooks inside, same configuration.

Asked before every call, so it compares flat snapshots instead of walking the tree: about 0.1 us per module.
"""

import copy
import operator
from typing import Any

from torch import nn

# Read by the forward pass or by `generate` at every call, and honoured by us there.
_FREE = frozenset(
    {
        "use_cache", "output_hidden_states", "output_attentions", "_output_attentions", "return_dict", "pad_token_id",
        "eos_token_id", "bos_token_id", "name_or_path", "_name_or_path", "dtype", "torch_dtype", "architectures",
        "transformers_version", "_attn_implementation", "_attn_implementation_internal", "_commit_hash", "id2label",
        "label2id", "problem_type", "is_encoder_decoder", "chunk_size_feed_forward",
    }
)  # fmt: skip


class Structure:
    """A snapshot. Keeps what it compares against alive, so that an object's identity cannot come back as another's."""

    def __init__(self, model: nn.Module) -> None:
        self._modules = [_Snapshot(name, module) for name, module in model.named_modules(remove_duplicate=False)]
        self._modules[0].root = True
        self._config = copy.deepcopy(_configuration(model))

    def difference(self, model: nn.Module) -> str | None:
        """One clause that says what is different now, or None."""
        for module in self._modules:
            if (what := module.difference()) is not None:
                return what
        config = _configuration(model)
        if config != self._config:
            keys = [key for key in config.keys() | self._config.keys() if config.get(key) != self._config.get(key)]
            return f"config.{min(keys)} was changed after loading"
        return None

    def copied(self, model: nn.Module) -> "Structure | str":
        """The snapshot of a deep copy of the model, or a clause that says what is different there already."""
        made = Structure(model)
        if len(made._modules) != len(self._modules):
            return "a module was added or removed"
        for ours, theirs in zip(self._modules, made._modules, strict=True):
            if ours.description() != theirs.description():
                return f"{theirs.name or 'the model'} was changed after it was copied"
        return made if made._config == self._config else "the configuration was changed after it was copied"


class _Snapshot:
    """One module: its children, parameters, hooks, and whether it has a `forward` of its own."""

    __slots__ = ("_children", "_hooks", "_own_forward", "_parameters", "_variables", "name", "root")

    def __init__(self, name: str, module: nn.Module) -> None:
        self.name, self.root = name, False
        self._variables = vars(module)
        self._children = tuple(module._modules.values())
        self._parameters = tuple(module._parameters.values())
        self._hooks = self._count_hooks()
        self._own_forward = "forward" in self._variables

    def _count_hooks(self) -> int:
        variables = self._variables
        return (
            len(variables["_forward_hooks"]) + len(variables["_forward_pre_hooks"]) + len(variables["_backward_hooks"])
        )

    def difference(self) -> str | None:
        variables = self._variables
        where = self.name or "the model"
        if not _same(variables["_modules"], self._children):
            return f"a module of {where} was replaced"
        if not _same(variables["_parameters"], self._parameters):
            return f"a parameter of {where} was replaced"
        if ("forward" in variables) != self._own_forward:
            return f"the forward of {where} was replaced"
        if not self.root and self._count_hooks() != self._hooks:
            return f"a hook was registered on {where}"
        return None

    def description(self) -> tuple[object, ...]:
        """What is equal in a deep copy that nobody has touched."""
        kinds = tuple(map(type, self._children)), tuple(map(type, self._parameters))
        return self.name, *kinds, self._own_forward, 0 if self.root else self._count_hooks()


def _same(now: dict[str, Any], before: tuple[Any, ...]) -> bool:
    return len(now) == len(before) and all(map(operator.is_, now.values(), before))


def _configuration(model: nn.Module) -> dict[str, Any]:
    return {key: value for key, value in vars(model.config).items() if key not in _FREE}
