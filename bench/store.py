"""Publishing against what the disk and the hash allow, and the bytes of ten models of one base.

    python -m bench.store

A checkpoint of eight layers of a 1.2 B decoder (bfloat16, random bytes, 1.1 GB) is published into an empty store, and once more under another
name after one byte of one tensor changed, which reads and hashes all and writes two pages. The limits are measured by the same
process in turn with these: reading the file and hashing its pages on as many threads as a publish has, and writing as many bytes
into a new file, past the page cache, and syncing it. The source is in the page cache, as after a download.

Then nine fine-tunes of it, each with 5 % of its tensors different (drawn three times, the median counts), and what all ten take of the disk, and of an arena: frames of
the extents that they name, each once. The same with layers of a 0.5 B decoder, whose matrices are small against a page.
"""

import argparse
import json
import mmap
import os
import random
import shutil
import statistics
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.ahead import ahead
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.export import export
from aweigh.memory.store.page import page_hash
from aweigh.memory.store.publish import publish
from aweigh.memory.store.stored import Stored
from aweigh.memory.store.verify import verify
from bench.record import FEWEST_RUNS, Goal, Record, Series


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a decoder."""

    hidden: int
    inner: int
    keys: int
    layers: int
    words: int


LARGE = Shape(2048, 8192, 512, 8, 32_000)
SMALL = Shape(896, 4864, 128, 24, 32_000)
MODELS, CHANGED, DRAWS = 10, 0.05, 3
_NEW, _SHARED, _MOST_BYTES = 0.7, 0.8, 1.5


def shapes(of: Shape) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Names and shapes of the checkpoint's tensors."""
    hidden = of.hidden
    yield "model.embed_tokens.weight", (of.words, hidden)
    for at in range(of.layers):
        path = f"model.layers.{at}"
        yield f"{path}.input_layernorm.weight", (hidden,)
        for name, rows in (("q", hidden), ("k", of.keys), ("v", of.keys), ("o", hidden)):
            yield f"{path}.self_attn.{name}_proj.weight", (rows, hidden)
        yield f"{path}.post_attention_layernorm.weight", (hidden,)
        for name in ("gate", "up", "down"):
            yield f"{path}.mlp.{name}_proj.weight", (of.inner, hidden)
    yield "model.norm.weight", (hidden,)


def write_checkpoint(directory: Path, of: Shape) -> dict[str, tuple[int, int]]:
    """Returns every tensor's offset in the file and its bytes."""
    header, places, end = {}, {}, 0
    for name, shape in shapes(of):
        length = 2 * shape[0] * (shape[1] if len(shape) > 1 else 1)
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [end, end + length]}
        places[name] = (end, length)
        end += length
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    directory.mkdir()
    with (directory / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, length in places.values():
            file.write(os.urandom(length))
        file.flush()
        os.fsync(file.fileno())
    return {name: (8 + len(text) + begin, length) for name, (begin, length) in places.items()}


def change(path: Path, places: list[tuple[int, int]]) -> None:
    """New random bytes in ranges of a file."""
    with path.open("r+b") as file:
        for offset, length in places:
            file.seek(offset)
            file.write(os.urandom(length))
        file.flush()
        os.fsync(file.fileno())


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def read_and_hash(path: Path) -> None:
    """The limit of a publish that writes nothing."""
    descriptor = os.open(path, os.O_RDONLY)
    spare = [memoryview(bytearray(PAGE_BYTES)) for _ in range(16)]

    def page(number: int) -> bytes:
        into = spare[number % len(spare)]
        return page_hash(into[: os.preadv(descriptor, [into], number * PAGE_BYTES)])

    for _ in ahead(page, range(-(-path.stat().st_size // PAGE_BYTES))):
        pass
    os.close(descriptor)


def write_and_sync(path: Path, size: int) -> None:
    """The limit of a publish that writes all."""
    page = mmap.mmap(-1, PAGE_BYTES)
    page[:] = os.urandom(PAGE_BYTES)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_DIRECT)
    for number in range(-(-size // PAGE_BYTES)):
        os.pwrite(descriptor, page, number * PAGE_BYTES)
    os.fsync(descriptor)
    os.close(descriptor)
    path.unlink()


def measure(base: Path, rounds: int) -> Record:
    """All of it, in a directory that is empty."""
    source = base / "model"
    places = write_checkpoint(source, LARGE)
    weights = source / "model.safetensors"
    size = weights.stat().st_size
    rows: dict[str, list[float]] = {"publish": [], "write": [], "publish again": [], "read and hash": []}
    store = Store(base / "store")
    for _ in range(rounds):
        shutil.rmtree(store.root, ignore_errors=True)
        rows["write"].append(seconds(lambda: write_and_sync(base / "limit", size)))
        rows["publish"].append(seconds(lambda: publish(source, "model", store, program=False)))
        change(weights, [(places["model.layers.3.mlp.up_proj.weight"][0], 2)])
        rows["read and hash"].append(seconds(lambda: read_and_hash(weights)))
        rows["publish again"].append(seconds(lambda: publish(source, "again", store, program=False)))
    new = statistics.median(limit / took for limit, took in zip(rows["write"], rows["publish"], strict=True))
    again = zip(rows["read and hash"], rows["publish again"], strict=True)
    shared = statistics.median(limit / took for limit, took in again)
    facts: dict[str, object] = {"bytes": size, "tensors": len(places), "models": MODELS}
    facts["verify_seconds"] = round(seconds(lambda: verify(store)), 3)
    facts["export_seconds"] = round(seconds(lambda: export(store, "model", base / "out")), 3)
    shutil.rmtree(base / "out")
    shutil.rmtree(store.root)
    goals = {
        "publish, of the disk's writing speed": Goal(value=new, at_least=_NEW),
        "publish of what is stored, of reading and hashing": Goal(value=shared, at_least=_SHARED),
    }
    shutil.rmtree(source)
    for name, of in (("1.2 B", LARGE), ("0.5 B", SMALL)):
        drawn = []
        for seed in range(DRAWS):
            drawn.append(ten(source, write_checkpoint(source, of), store, seed))
            shutil.rmtree(source)
            shutil.rmtree(store.root)
        disk, memory, best = (statistics.median(column) for column in zip(*drawn, strict=True))
        facts[f"bytes that differ among ten / of one, {name} shapes"] = round(best, 3)
        goals[f"disk of ten models of one base / of one, {name} shapes"] = Goal(value=disk, at_most=_MOST_BYTES)
        goals[f"memory of ten models of one base / of one, {name} shapes"] = Goal(value=memory, at_most=_MOST_BYTES)
    return Record(
        name="store",
        series={name: Series(unit="s", values=values) for name, values in rows.items()},
        goals=goals,
        facts=facts,
    )


def ten(source: Path, places: dict[str, tuple[int, int]], store: Store, seed: int) -> tuple[float, float, float]:
    """Bytes that a base and its fine-tunes take of the disk, catalog and all, and of an arena, and bytes that differ, by those of the base's file."""
    weights = source / "model.safetensors"
    one = weights.stat().st_size
    publish(source, "base", store, program=False)
    kept = weights.with_suffix(".kept")
    shutil.copyfile(weights, kept)
    numbers = random.Random(seed)
    count = round(CHANGED * len(places))
    differing = one
    for at in range(1, MODELS):
        shutil.copyfile(kept, weights)
        drawn = [places[name] for name in numbers.sample(sorted(places), count)]
        differing += sum(length for _, length in drawn)
        change(weights, drawn)
        publish(source, f"tuned-{at}", store, program=False)
    kept.unlink()
    assert verify(store).good
    frames: dict[bytes, int] = {}
    for name in ("base", *(f"tuned-{at}" for at in range(1, MODELS))):
        with Stored(store, name) as stored:
            frames |= {extent.digest: extent.pages for extent in stored.extents}
    disk = sum(path.stat().st_blocks * 512 for path in store.root.rglob("*") if path.is_file())
    return disk / one, sum(frames.values()) * PAGE_BYTES / one, differing / one


def main() -> None:
    """Measure and write `results/store.json`."""
    parser = argparse.ArgumentParser(description="The speed of publishing, and what fine-tunes share.")
    parser.add_argument("--rounds", type=int, default=FEWEST_RUNS)
    parser.add_argument("--on", type=Path, help="a directory of the disk to measure; none: that of temporary files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aweigh-", dir=options.on) as directory:
        record = measure(Path(directory), options.rounds)
    print(record.as_json(), record.write(), sep="", file=sys.stdout)


if __name__ == "__main__":
    main()
