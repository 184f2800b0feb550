"""A tensor over addresses that somebody else owns, by DLPack.

DLPack says which device a pointer belongs to, and torch believes it. Rejected: `__cuda_array_interface__`, where torch asks the driver whose a
pointer is (`at::from_blob` without a device calls cudaPointerGetAttributes): a reserved range has no answer while nothing is mapped at its
begin. Prior art: TensorRT-LLM and FlashInfer make tensors of mapped memory this way.

The struct is DLPack's DLManagedTensor without a version, which every torch takes.
"""

import ctypes
import itertools
from typing import Any

import torch
from torch import Tensor
from torch.utils.dlpack import from_dlpack

_CPU, _CUDA = 1, 2
_UNSIGNED = 1


class _Device(ctypes.Structure):
    _fields_ = (("kind", ctypes.c_int32), ("index", ctypes.c_int32))


class _Type(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16))


class _Tensor(ctypes.Structure):
    _fields_ = (
        ("data", ctypes.c_void_p),
        ("device", _Device),
        ("rank", ctypes.c_int32),
        ("type", _Type),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
        ("byte_offset", ctypes.c_uint64),
    )


_Delete = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class _Managed(ctypes.Structure):
    _fields_ = (("tensor", _Tensor), ("context", ctypes.c_void_p), ("delete", _Delete))


_numbers = itertools.count(1)
_kept: dict[int, tuple[object, ...]] = {}  # by number in a struct's `context`: all that its tensor needs


def _let_go(managed: int, kept: dict[int, tuple[object, ...]] = _kept, struct: type[_Managed] = _Managed) -> None:
    """May be called when the interpreter leaves and this module's names are gone."""
    kept.pop(struct.from_address(managed).context or 0, None)


_delete = _Delete(_let_go)
_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype, _new_capsule.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
_NAME = b"dltensor"


def tensor_at(address: int, size: int, device: torch.device, keeper: object) -> Tensor:
    """uint8 [size] at an address of a CPU or a CUDA device, of which nothing is read. The tensor and its views keep `keeper`."""
    kind = _CPU if device.type == "cpu" else _CUDA
    shape = (ctypes.c_int64 * 1)(size)
    number = next(_numbers)
    managed = _Managed(
        _Tensor(address, _Device(kind, device.index or 0), 1, _Type(_UNSIGNED, 8, 1), shape, None, 0), number, _delete
    )
    _kept[number] = managed, shape, keeper
    capsule: Any = _new_capsule(ctypes.addressof(managed), _NAME, None)
    made: Tensor = from_dlpack(capsule)
    return made
