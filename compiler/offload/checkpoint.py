"""Reading weights in the script's process, for scripts that look at them and for models that run here after all. Counted in bytes."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from aweigh.compiler.offload import opt_out
from aweigh.compiler.offload.summary import SUMMARY


def read_tensor(files: list[str], name: str, dtype: torch.dtype, whole: Callable[[], Any]) -> torch.Tensor:
    """One tensor of the model, by its name there. Where the checkpoint holds it under that name only it is read, else `whole()` is."""
    from safetensors import safe_open

    for file in files:
        with safe_open(file, framework="pt") as opened:
            if name in opened.keys():  # noqa: SIM118 - it is no mapping
                values: torch.Tensor = opened.get_tensor(name)
                SUMMARY.weight_bytes_read += values.nbytes
                return values.to(dtype) if values.is_floating_point() else values
    found: torch.Tensor = whole().state_dict()[name].detach()
    return found


def read_model(kind: Any, directory: str, dtype: torch.dtype, attention: str, config: Any = None) -> Any:
    """The whole model of class `kind`, loaded as without us. `config`: with the attention that it was made with; None: that of the checkpoint.

    What loading draws from torch's generator was drawn before, by `from_pretrained`.
    """
    state = torch.default_generator.get_state()
    said = {"attn_implementation": attention} if config is None else {"config": copy.deepcopy(config)}
    with opt_out.local(), in_silence():
        model = kind.from_pretrained(directory, dtype=dtype, **said)
    torch.default_generator.set_state(state)
    SUMMARY.weight_bytes_read += sum(tensor.nbytes for tensor in model.state_dict().values())
    return model


@contextmanager
def in_silence() -> Iterator[None]:
    """A context in which transformers loads without a bar of progress and without a report: a script has had both, or never would."""
    from transformers.utils import logging

    loggers = [logging.get_logger(f"transformers.{name}") for name in ("modeling_utils", "distributed.tensor_parallel")]
    bars, levels = logging._tqdm_active, [logger.level for logger in loggers]
    logging._tqdm_active = False
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logging._tqdm_active = bars
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
