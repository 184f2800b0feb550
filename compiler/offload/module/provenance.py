"""Loading of files, watched: `safetensors.torch.load_file`, `torch.load`, and `load_state_dict`, which hands tensors on.

Nothing is read here but the headers. The patched functions are replaced in their modules when those have just been imported, before
anybody can bind them. What is recorded is a hint (`origins.py`): whatever does not look as expected is left out.
"""

import functools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import torch

from aweigh.compiler.offload.module import origins
from aweigh.compiler.offload.module.origins import File

_HEADER_LIMIT = 100 << 20  # bytes, as safetensors itself has it
_storage = torch._C.TensorBase.untyped_storage
_data_ptr = torch._C.TensorBase.data_ptr


def install_torch(module: Any) -> None:
    """Patches `torch.load` and `Module.load_state_dict`."""
    module.load = _watched(module.load, _from_archive)
    module.nn.Module.load_state_dict = _handing_on(module.nn.Module.load_state_dict)


def install_safetensors(module: Any) -> None:
    """Patches `safetensors.torch.load_file`."""
    module.load_file = _watched(module.load_file, _from_safetensors)


def _watched(original: Callable[..., Any], look: Callable[[File, Any], None]) -> Callable[..., Any]:
    @functools.wraps(original)
    def load(f: Any, *args: Any, **kwargs: Any) -> Any:
        before = origins.identity(os.fspath(f)) if isinstance(f, str | os.PathLike) else None
        found = original(f, *args, **kwargs)
        if before is not None and before == origins.identity(before.path):
            with suppress(OSError, ValueError, KeyError, TypeError, RuntimeError):  # a hint less
                look(before, found)
        return found

    return load


def _handing_on(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def load_state_dict(self: Any, state_dict: Any, *args: Any, **kwargs: Any) -> Any:
        found = original(self, state_dict, *args, **kwargs)
        for name, tensor in (
            *self.named_parameters(remove_duplicate=False),
            *self.named_buffers(remove_duplicate=False),
        ):
            source = state_dict.get(name)
            origin = origins.origin_of(source) if isinstance(source, torch.Tensor) else None
            if origin is not None and source.dtype == tensor.dtype and source.shape == tensor.shape:
                origins.record(tensor, origin.file, origin.offset)
        return found

    return load_state_dict


def _from_safetensors(file: File, tensors: dict[str, torch.Tensor]) -> None:
    with open(file.path, "rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        if length > min(_HEADER_LIMIT, file.size):
            return
        header = json.loads(opened.read(length))
    for name, tensor in tensors.items():
        begin, end = header[name]["data_offsets"]
        if end - begin == tensor.nbytes:
            origins.record(tensor, file, 8 + length + begin)


def _from_archive(file: File, found: Any) -> None:
    """An archive holds its storages as records `data/0`, `data/1`, ..., stored and not compressed, in the order in which they were met."""
    with open(file.path, "rb") as opened:
        if not torch.serialization._is_zipfile(opened):
            return
    reader: Any = torch._C.PyTorchFileReader(file.path)
    names = {name for name in reader.get_all_records() if name.startswith("data/")}
    first: dict[int, int] = {}
    for tensor in _tensors(found):
        storage = _storage(tensor)
        number = first.setdefault(storage.data_ptr(), len(first))
        name = f"data/{number}"
        if name in names and tensor.is_contiguous():
            within = _data_ptr(tensor) - storage.data_ptr()
            origins.record(tensor, file, reader.get_record_offset(name) + within)


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        if type(value) in (torch.Tensor, torch.nn.Parameter) and value.device.type == "cpu":
            yield value
    elif isinstance(value, torch.nn.Module):
        yield from value.state_dict(keep_vars=True).values()
    elif isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _tensors(item)
