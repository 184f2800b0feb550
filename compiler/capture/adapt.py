"""peft's adapters put into a model without bytes, by peft itself, from their configurations alone.

So whatever peft makes of a configuration (low ranks, magnitudes, shared projections, scaled activations) is captured as modelling code is,
and no method is known here. First values do not matter, since all tensors come with the manifest: what would compute them from the model's
weights is told not to.
"""

import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from aweigh.compiler.adapters.beside import Beside, beside
from aweigh.compiler.emit.aten import torch_dtype
from aweigh.proto.convert import dtype_from
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.v1 import compiler_pb2 as pb

_LONGEST = 300


def adapt(model: Any, adapters: pb.Adapters) -> dict[str, str]:
    """Puts adapters into `model`, inside of `without_bytes`. Returns the name without adapters, by the name with them, of each of the model's own tensors.

    Raises:
        UnsupportedModel: peft is not there, does not make that of the configurations, or makes another thing.
    """
    own = {id(tensor): name for name, tensor in _tensors(model)}
    try:
        _put(model, [json.loads(text) for text in adapters.configs])
    except UnsupportedModel:
        raise
    except Exception as error:
        first = str(error).strip().partition("\n")[0].rstrip(".")
        raise UnsupportedModel(
            f"its adapters cannot be made anew ({type(error).__name__}: {first[:_LONGEST]})"
        ) from error
    model.eval()
    found = beside(model, tuple(str(number) for number in range(len(adapters.configs))))
    _fit(found, adapters)
    _forget_places(found)
    return {name: own[id(tensor)] for name, tensor in _tensors(model) if id(tensor) in own}


def _tensors(model: Any) -> list[tuple[str, torch.Tensor]]:
    return [*model.named_parameters(remove_duplicate=False), *model.named_buffers(remove_duplicate=False)]


def _put(model: Any, configs: list[dict[str, Any]]) -> None:
    try:
        from peft import PeftConfig, PeftModel
    except ImportError as error:
        raise UnsupportedModel("peft cannot be imported beside the compiler") from error
    made: Any = None
    with _casts_replace(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the script has had them
        for number, said in enumerate(configs):
            config = PeftConfig.from_peft_type(**said)  # type: ignore[no-untyped-call]
            if made is None:
                made = PeftModel(model, config, "0")
            else:
                made.add_adapter(str(number), config)
        if made is not None and len(configs) > 1:
            made.base_model.set_adapter([str(number) for number in range(len(configs))])


def _forget_places(found: Beside) -> None:
    """peft tells modules their own names. Without them layers are alike, and are traced once."""
    for name, module in found.modules:
        for said in vars(module).values():
            if type(said) is dict:
                said.update({key: "" for key, value in said.items() if isinstance(value, str) and value == name})


@contextmanager
def _casts_replace() -> Iterator[None]:
    """Inside, `module.to` puts other parameters in place: those without bytes cannot be swapped for others."""
    original = torch.nn.Module._apply

    def _apply(self: torch.nn.Module, fn: Callable[[torch.Tensor], torch.Tensor], recurse: bool = True) -> Any:
        for child in self.children() if recurse else ():
            _apply(child, fn)
        for held in _held(self):
            for key, tensor in held.items():
                held[key] = None if tensor is None else _like(tensor, fn(tensor))
        return self

    torch.nn.Module._apply = _apply  # type: ignore[method-assign]
    try:
        yield
    finally:
        torch.nn.Module._apply = original  # type: ignore[method-assign]


def _held(module: torch.nn.Module) -> tuple[dict[str, Any], dict[str, Any]]:
    return module._parameters, module._buffers


def _like(tensor: torch.Tensor, made: torch.Tensor) -> torch.Tensor:
    """The other tensor, as a parameter where the first is one; the first if they are the same."""
    if made is tensor or not isinstance(tensor, torch.nn.Parameter):
        return made
    return torch.nn.Parameter(made, requires_grad=False)


def _fit(found: Beside, adapters: pb.Adapters) -> None:
    """Gives tensors the dtypes that the caller's have. Raises UnsupportedModel where anything else differs."""
    wanted = {one.name: one for one in adapters.tensors}
    if wanted.keys() != found.tensors.keys() or found.outline != adapters.outline:
        raise UnsupportedModel("its adapters are not what their configurations make")
    for name, tensor in found.tensors.items():
        if tuple(wanted[name].shape) != tuple(tensor.shape):
            raise UnsupportedModel(f"its adapter has another shape for {name}")
    cast: dict[int, torch.Tensor] = {}
    for path, module in found.modules:
        for held in _held(module):
            for key, tensor in held.items():
                if tensor is not None:
                    dtype = torch_dtype(dtype_from(wanted[f"{path}.{key}"].dtype))
                    made = tensor if tensor.dtype == dtype else tensor.detach().to(dtype)
                    held[key] = cast.setdefault(id(tensor), _like(tensor, made))
