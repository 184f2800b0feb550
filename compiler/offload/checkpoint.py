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
    """The whole model of class `kind`, loaded as without us. `config`: None for that of the checkpoint."""
    said = {} if config is None else {"config": copy.deepcopy(config)}
    with opt_out.local(), in_silence():
        model = kind.from_pretrained(directory, dtype=dtype, attn_implementation=attention, **said)
    SUMMARY.weight_bytes_read += sum(tensor.nbytes for tensor in model.state_dict().values())
    return model


@contextmanager
def in_silence() -> Iterator[None]:
    """A context in which transformers loads without a bar of progress and without a report: a script has had both, or never would."""
    from transformers.utils import logging

    logger = logging.get_logger("transformers.modeling_utils")
    bars, level = logging._tqdm_active, logger.level
    logging._tqdm_active = False
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logging._tqdm_active = bars
        logger.setLevel(level)
