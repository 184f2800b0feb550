"""Whether a stub is still the model that was compiled: same modules, same parameters, no hooks inside, same configuration.

Asked before every call, so it compares flat snapshots instead of walking the tree: about 0.1 us per module.
"""

import copy
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
_HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")


class Structure:
    """A snapshot. Cheap to compare; holds references to the modules' own dictionaries and to nothing else of the model."""

    def __init__(self, model: nn.Module) -> None:
        self._modules: list[tuple[str, dict[str, Any], tuple[int, ...]]] = []
        self._parameters: list[tuple[str, dict[str, Any], tuple[int, ...]]] = []
        self._hooks: list[tuple[str, dict[int, Any], int]] = []
        for name, module in model.named_modules(remove_duplicate=False):
            if module._modules:
                self._modules.append((name, module._modules, _ids(module._modules)))
            if module._parameters:
                self._parameters.append((name, module._parameters, _ids(module._parameters)))
            if module is not model:
                for kind in _HOOKS:
                    hooks = getattr(module, kind)
                    self._hooks.append((name, hooks, len(hooks)))
                if "forward" in vars(module):
                    self._modules.append((name, vars(module), _ids(vars(module))))
        self._config = copy.deepcopy(_configuration(model))

    def difference(self, model: nn.Module) -> str | None:
        """One clause that says what is different now, or None."""
        for name, modules, before in self._modules:
            if _ids(modules) != before:
                return f"a module of {name or 'the model'} was replaced"
        for name, parameters, before in self._parameters:
            if _ids(parameters) != before:
                return f"a parameter of {name or 'the model'} was replaced"
        for name, hooks, count in self._hooks:
            if len(hooks) != count:
                return f"a hook was registered on {name}"
        config = _configuration(model)
        if config != self._config:
            keys = [key for key in config.keys() | self._config.keys() if config.get(key) != self._config.get(key)]
            return f"config.{min(keys)} was changed after loading"
        return None


def _ids(values: dict[str, Any]) -> tuple[int, ...]:
    return tuple(map(id, values.values()))


def _configuration(model: nn.Module) -> dict[str, Any]:
    return {key: value for key, value in vars(model.config).items() if key not in _FREE}
