"""Safetensors files made byte by byte, so that tests can lie in every field."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

NAMES = {torch.float32: "F32", torch.bfloat16: "BF16", torch.int64: "I64", torch.uint8: "U8"}
Writer = Callable[..., Path]


def encode(header: Any, data: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def header_and_data(tensors: dict[str, torch.Tensor]) -> tuple[dict[str, Any], bytes]:
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    data = b""
    for name, tensor in tensors.items():
        raw = tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
        header[name] = {
            "dtype": NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    return header, data


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Writes tensors as `model.safetensors` (or another name) and returns the directory."""

    def write_tensors(tensors: dict[str, torch.Tensor], name: str = "model.safetensors") -> Path:
        header, data = header_and_data(tensors)
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        (tmp_path / name).write_bytes(encode(text, data))
        return tmp_path

    return write_tensors


@pytest.fixture
def tensors() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return {
        "a": torch.randn(4, 6, generator=generator),
        "b": torch.randn(3, 6, generator=generator).to(torch.bfloat16),
        "c": torch.randn(4, 6, generator=generator),
        "empty": torch.zeros(0, 5),
    }
