"""Checkpoints that were damaged or forged at random: accepted whole and inside the file, or refused with a typed error."""

import contextlib
import json
import random
import struct
import time
from pathlib import Path
from typing import Any

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aweigh.memory.checkpoint.file import CheckpointFile
from aweigh.memory.checkpoint.header import parse_header
from aweigh.memory.host_arena import HostArena
from aweigh.proto.errors import CheckpointInvalid

EXTREMES: list[object] = [
    0,
    1,
    -1,
    2**31,
    2**32,
    2**63 - 1,
    2**63,
    2**64,
    10**30,
    1.5,
    True,
    None,
    "7",
    [],
    {},
    float("inf"),
]
MUTATIONS = 4_000


def _header() -> tuple[dict[str, Any], bytes]:
    header: dict[str, Any] = {}
    position = 0
    for name, shape in (("a", [4, 6]), ("b", [3]), ("c", [2, 2, 2]), ("d", [0, 9])):
        length = 4 * torch.Size(shape).numel()
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [position, position + length]}
        position += length
    return header, bytes(range(256)) * (position // 256 + 1)


def _mutate(generator: random.Random) -> bytes:
    header, data = _header()
    data = data[: max(entry["data_offsets"][1] for entry in header.values())]
    for _ in range(generator.randint(1, 3)):
        entry = header[generator.choice(list(header))]
        field = generator.choice(list(entry))
        if isinstance(entry[field], list) and entry[field] and generator.random() < 0.7:
            entry[field][generator.randrange(len(entry[field]))] = generator.choice(EXTREMES)
        elif generator.random() < 0.5:
            entry[field] = generator.choice(EXTREMES)
        else:
            entry[generator.choice(["dtype", "shape", "more"])] = entry.pop(field)
    text = json.dumps(header).encode()
    length = len(text)
    raw = bytearray(struct.pack("<Q", length) + text + data)
    match generator.randrange(5):
        case 0:
            raw[:8] = struct.pack("<Q", generator.choice([0, 1, length + 1, length - 1, 2**32, 2**63, 2**64 - 1]))
        case 1:
            del raw[generator.randrange(len(raw)) :]
        case 2:
            for _ in range(generator.randint(1, 8)):
                raw[generator.randrange(len(raw))] = generator.randrange(256)
        case 3:
            raw += generator.randbytes(generator.randint(1, 40))
    return bytes(raw)


def test_mutated_files_are_refused_or_stay_inside_the_file(tmp_path: Path) -> None:
    generator = random.Random(20_25)
    path = tmp_path / "model.safetensors"
    refused, slowest = 0, 0.0
    for _ in range(MUTATIONS):
        raw = _mutate(generator)
        path.write_bytes(raw)
        begun = time.process_time()
        try:
            file = CheckpointFile(path)
        except CheckpointInvalid as error:
            refused += 1
            assert "\n" not in str(error) and len(str(error)) < 700
        else:
            arena = HostArena()
            for name, entry in file.tensors.items():
                assert 8 <= entry.offset <= entry.offset + entry.length <= len(raw)
                assert bytes(arena.map(file, file.extent(name)).tolist()) == raw[entry.offset :][: entry.length]
            file.close()
        slowest = max(slowest, time.process_time() - begun)
    assert refused > MUTATIONS // 2, "most mutations break something"
    assert slowest < 0.1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "dtype": st.sampled_from(["F32", "BF16", "I64", "F4", "U16"]) | JSON,
        "shape": st.lists(st.integers(-1, 4) | st.sampled_from([2**63, 2**62]), max_size=4) | JSON,
        "data_offsets": st.lists(st.integers(-4, 64), min_size=2, max_size=2) | JSON,
    },
)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.text(max_size=4), ENTRY | JSON, max_size=4) | JSON, st.integers(0, 80))
def test_any_json_is_parsed_or_refused(header: Any, data: int) -> None:
    text = json.dumps(header).encode()
    size = 8 + len(text) + data
    try:
        entries = parse_header(text, size, "file")
    except CheckpointInvalid:
        return
    assert sum(entry.length for entry in entries.values()) == data
    assert all(8 + len(text) <= entry.offset <= size - entry.length for entry in entries.values())


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_as_a_header(text: bytes) -> None:
    with contextlib.suppress(CheckpointInvalid):
        parse_header(text, 8 + len(text), "file")
