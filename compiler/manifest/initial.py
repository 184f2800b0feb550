"""Values of parameters that a checkpoint leaves out because the model's code computes them: tables of sines, constant biases.

transformers gives first values to what a checkpoint lacks (`_init_weights`). Where those are drawn from a generator nobody can know them here;
where they do not depend on one, they are the same in every process. So the model's own rule is run twice on a copy of the module with real
parameters, over other values and from another state of the generator: what it fills alike is the value. Only what the class says that it
expects to be missing is filled: a checkpoint that lacks anything else is a broken one.
"""

import copy
import re
from typing import Any

import torch

_LARGEST = 1 << 22
"""Elements: they travel inside of the manifest."""


def initial(model: Any, name: str) -> torch.Tensor | None:
    """Returns the value that the code of `model` gives to a parameter that no checkpoint holds; None where it is drawn, large or not to be had,
    and where the class expects it in every checkpoint.

    Args:
        model: a model of transformers; its parameters need no bytes.
        name: of the parameter, in the model.
    """
    expected = (*(model._keys_to_ignore_on_load_missing or ()), *(model._keys_to_ignore_on_save or ()))
    if not any(re.search(pattern, name) for pattern in expected):
        return None
    path, _, own = name.rpartition(".")
    try:
        module = model.get_submodule(path)
    except AttributeError:
        return None
    wanted = module._parameters.get(own)
    if wanted is None or wanted.numel() > _LARGEST or not wanted.is_floating_point():
        return None
    with torch.random.fork_rng(devices=()):
        first, second = (_filled(model, module, own, number) for number in (0, 1))
    if first is None or second is None or not torch.equal(first, second):
        return None
    return first


def _filled(model: Any, module: Any, own: str, number: int) -> torch.Tensor | None:
    """The parameter after the model's rule, over a copy that held `number`, which is the generator's seed, too."""
    twin = copy.copy(module)
    twin._parameters = {
        name: held if held is None else torch.nn.Parameter(torch.full(held.shape, number, dtype=held.dtype), False)
        for name, held in module._parameters.items()
    }
    torch.manual_seed(number)
    try:
        with torch.no_grad():
            model._init_weights(twin)
    except Exception:  # noqa: BLE001  the rule of a model may ask for whatever is not here
        return None
    filled: torch.Tensor = twin._parameters[own].detach()
    return filled
