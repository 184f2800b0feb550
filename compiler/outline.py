"""The outline of a module: what its configuration says of it and what was said to its constructor beside that, in 16 bytes.

A class of transformers may take more than its configuration (`BertModel(config, add_pooling_layer=False)`), and a script may change
modules before the first call. Whoever captures a module from its configuration alone compares outlines, so as not to capture another one.
"""

import hashlib
from typing import Any

_PLAIN = (bool, int, float, str, type(None))


def outline(model: Any) -> bytes:
    """A hash over the names, classes and plain attributes of all modules of an nn.Module, and the names and shapes of all its tensors."""
    state = hashlib.blake2b(digest_size=16)
    for name, module in model.named_modules(remove_duplicate=False):
        plain = sorted(
            (key, repr(value))
            for key, value in vars(module).items()
            if type(value) in _PLAIN and not key.startswith("_") and key not in ("training", "aweigh_local")
        )
        tensors = [
            (key, tuple(tensor.shape))
            for held in (module._parameters, module._buffers)
            for key, tensor in held.items()
            if tensor is not None
        ]
        state.update(repr((name, type(module).__qualname__, plain, tensors)).encode())
    return state.digest()
