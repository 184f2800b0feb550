"""Mutated messages and Programs on every RPC: a typed refusal or an answer, never a dead worker, never a hang.

Handlers are called in this process, on a real worker with its step thread and a loaded model, through the bytes of the wire: what
protobuf's own parser refuses never reaches a handler.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import psutil
import pytest
from google.protobuf.message import DecodeError, Message
from tests.engine.rpc.conftest import load_request

from aweigh.engine.__main__ import assemble
from aweigh.engine.config import Config
from aweigh.engine.rpc.service import EngineService
from aweigh.proto.errors import OurBug
from aweigh.proto.status import METADATA_KEY
from aweigh.proto.v1 import engine_pb2, generation_pb2, program_pb2

INPUTS = 10_000
MOST_SECONDS = 5.0  # of all threads
PATIENCE = 20.0
MOST_BYTES = 50 << 20
LEASE = "fuzz"


class Context:
    """Of a call: refuses by raising, as grpc.aio's does."""

    kind = ""

    async def abort(self, code: grpc.StatusCode, details: str, metadata: Any) -> None:
        self.kind = dict(metadata)[METADATA_KEY]
        assert details and "\n" not in details, details
        raise grpc.aio.AbortError(details)

    def time_remaining(self) -> float | None:
        return 5.0


def seeds(tiny: Any, words: Path) -> list[tuple[str, Message]]:
    """A valid message for every RPC; those with more to them are there more than once."""
    values = program_pb2.Tensor(dtype="DTYPE_INT64", shape=[1, 3], data=b"\1\0\0\0\0\0\0\0" * 3)
    generate = generation_pb2.GenerateRequest(
        model="tiny",
        prompts=[generation_pb2.Prompt(tokens=[1, 2, 3])],
        sampling=generation_pb2.SamplingSettings(
            max_new_tokens=3,
            do_sample=True,
            temperature=0.5,
            top_k=5,
            top_p=0.9,
            eos_tokens=[2],
            repetition_penalty=1.1,
        ),
        seed=7,
        logprobs=2,
        deadline=5.0,
    )
    stops = generation_pb2.GenerateRequest()
    stops.CopyFrom(generate)
    stops.sampling.stop_strings.extend(["ab", "c"])
    stops.tokenizer_directory = str(words)
    row = engine_pb2.StepRow(session=5, tokens=[1, 2], positions=[0, 1], logits=1)
    step = engine_pb2.StepRequest(lease=LEASE, model="tiny", rows=[row], outputs=["hidden_states"], close=[4])
    call = engine_pb2.CallRequest(lease=LEASE, model="tiny", function="embed")
    call.inputs.add(name="token_ids", tensor=values)
    return [
        ("LoadModel", load_request(tiny, model="fuzzed")),
        ("LoadModel", load_request(tiny, model="fuzzed", fingerprint=b"")),
        ("LoadModel", load_request(tiny, model="", fingerprint=b"")),
        ("UnloadModel", engine_pb2.UnloadModelRequest(model="fuzzed")),
        ("ListModels", engine_pb2.ListModelsRequest()),
        (
            "Work",
            engine_pb2.WorkCommand(submit=engine_pb2.WorkCommand.Submit(request=1, lease=LEASE, generate=generate)),
        ),
        (
            "Work",
            engine_pb2.WorkCommand(submit=engine_pb2.WorkCommand.Submit(request=2, lease=LEASE, generate=generate)),
        ),
        (
            "Work",
            engine_pb2.WorkCommand(submit=engine_pb2.WorkCommand.Submit(request=3, lease=LEASE, generate=stops)),
        ),
        ("Work", engine_pb2.WorkCommand(cancel=engine_pb2.WorkCommand.Cancel(request=1))),
        ("Work", engine_pb2.WorkCommand(lease=engine_pb2.WorkCommand.LeaseChange(lease="x", ended=True))),
        ("OpenSession", engine_pb2.OpenSessionRequest(lease=LEASE, model="tiny")),
        ("ForkSession", engine_pb2.ForkSessionRequest(lease=LEASE, session=5, keep=1)),
        ("CloseSession", engine_pb2.CloseSessionRequest(lease=LEASE, sessions=[5, 6])),
        ("Step", step),
        ("Step", step),
        ("Steps", step),
        ("Call", call),
        (
            "Upload",
            engine_pb2.TensorChunk(
                lease=LEASE, header=program_pb2.Tensor(dtype="DTYPE_FLOAT32", shape=[1]), data=b"\0\0\0\0"
            ),
        ),
        ("Download", engine_pb2.Transfer(lease=LEASE, transfer="ab")),
        ("Stats", engine_pb2.StatsRequest(access_records=True)),
    ]


def write_tokenizer(directory: Path) -> Path:
    """A tokenizer of single letters and a few words."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel

    words = [chr(code) for code in range(33, 123)] + ["abc", "cab", "xyz", "é", "日", "[unk]"]
    model: Any = WordLevel({word: number for number, word in enumerate(words)}, unk_token="[unk]")
    Tokenizer(model).save(str(directory / "tokenizer.json"))
    return directory


EXTREME = [0, 1, 2, 127, 128, 255, 2**31 - 1, 2**31, 2**32 - 1, 2**40, 2**62, 2**63 - 1]


def mutate(generator: random.Random, message: Message) -> bytes:
    """Fields changed by their type, or the bytes themselves damaged."""
    if generator.random() < 0.35:
        raw = bytearray(message.SerializeToString())
        match generator.randrange(4):
            case 0:
                for _ in range(generator.randint(1, 6)):
                    if raw:
                        raw[generator.randrange(len(raw))] = generator.randrange(256)
            case 1:
                del raw[generator.randrange(len(raw) + 1) :]
            case 2:
                raw += generator.randbytes(generator.randint(1, 30))
            case _:
                begin = generator.randrange(len(raw) + 1)
                raw[begin:begin] = raw[begin : begin + generator.randint(1, 60)]
        return bytes(raw)
    changed = type(message).FromString(message.SerializeToString())
    for _ in range(generator.randint(1, 4)):
        _change(generator, changed)
    return changed.SerializeToString()


def _change(generator: random.Random, message: Any) -> None:
    """Changes one field somewhere in the tree."""
    for _ in range(50):
        fields = message.DESCRIPTOR.fields
        if not fields:
            return
        present = [field for field, _ in message.ListFields()]
        field = generator.choice(present if present and generator.random() < 0.9 else fields)
        if (
            field.name in ("lease", "model", "directory", "fingerprint", "tokenizer_directory")
            and generator.random() < 0.85
        ):
            continue  # a wrong one ends the call before anything deeper is looked at
        value = getattr(message, field.name)
        if field.message_type is not None and not field.is_repeated:
            message = value
            continue
        if field.message_type is not None:
            if len(value) and generator.random() < 0.85:
                message = value[generator.randrange(len(value))]
                continue
            _resize(generator, value)
            return
        _set(generator, message, field, value)
        return


def _resize(generator: random.Random, items: Any) -> None:
    match generator.randrange(3):
        case 0 if len(items):
            del items[generator.randrange(len(items))]
        case 1 if len(items):
            items.add().CopyFrom(items[generator.randrange(len(items))])
        case _:
            items.add()


def _set(generator: random.Random, message: Any, field: Any, value: Any) -> None:
    made = _scalar(generator, field)
    if not field.is_repeated:
        setattr(message, field.name, made)
    elif len(value) and generator.random() < 0.6:
        value[generator.randrange(len(value))] = made
    else:
        value.extend([made] * generator.choice([1, 2, 40]))


def _scalar(generator: random.Random, field: Any) -> Any:
    kind = field.cpp_type
    if kind in (field.CPPTYPE_DOUBLE, field.CPPTYPE_FLOAT):
        return generator.choice([0.0, -1.0, float("nan"), float("inf"), 1e300, 1e-300, 0.5])
    if kind == field.CPPTYPE_BOOL:
        return generator.random() < 0.5
    if field.type == field.TYPE_BYTES:
        return generator.choice([b"", b"\0", b"\x80\x04\x95", b"a" * 300])
    if kind == field.CPPTYPE_STRING:
        if field.name in ("stop_strings",):
            return generator.choice(["", "a", "a" * 300])
        return generator.choice(
            ["", LEASE, "tiny", "fuzzed", "body", "embed", "aten.add.Tensor", "weight", "..", "/", "\0", "a" * 300]
        )
    if kind == field.CPPTYPE_ENUM:
        return generator.randrange(0, 15)
    unsigned = kind in (field.CPPTYPE_UINT32, field.CPPTYPE_UINT64)
    wide = kind in (field.CPPTYPE_UINT64, field.CPPTYPE_INT64)
    number = generator.choice([*EXTREME, generator.randrange(10)])
    number = number % (2**63 if wide else 2**31)
    return number if unsigned or generator.random() < 0.7 else -number


async def one(item: Any) -> AsyncIterator[Any]:
    yield item


async def run(service: EngineService, name: str, message: Any) -> str:
    """Calls a handler. Returns the kind of the error, or nothing."""
    context = Context()
    handler: Callable[..., Any] = getattr(service, name)
    try:
        if name == "Work":
            lease = engine_pb2.WorkCommand(lease=engine_pb2.WorkCommand.LeaseChange(lease=LEASE + "w"))
            if message.HasField("submit") and message.submit.lease == LEASE:
                message.submit.lease = LEASE + "w"

            async def commands() -> AsyncIterator[Any]:
                yield lease
                yield message
                if message.HasField("submit"):
                    cancel = engine_pb2.WorkCommand.Cancel(request=message.submit.request)
                    yield engine_pb2.WorkCommand(cancel=cancel)

            async for told in handler(commands(), context):
                for entry in told.events:
                    context.kind = entry.event.failure.kind or context.kind
        elif name == "Steps":
            async for reply in handler(one(message), context):
                context.kind = reply.failure.kind
        elif name == "Download":
            async for _ in handler(message, context):
                pass
        else:
            await handler(one(message) if name == "Upload" else message, context)
    except grpc.aio.AbortError:
        pass
    return context.kind


@pytest.fixture
def parts() -> Iterator[tuple[Any, EngineService]]:
    worker, service = assemble(Config(listen="unix:unused", kv_bytes=1 << 22, block_size=4))
    yield worker, service
    worker.stop()
    service.close()


@pytest.mark.timeout(280)
def test_mutated_messages_never_harm_the_worker(parts: Any, tiny: Any, tmp_path: Path) -> None:
    worker, service = parts
    generator = random.Random(7)
    starting = seeds(tiny, write_tokenizer(tmp_path))
    held = psutil.Process()

    async def fuzz() -> None:
        done: asyncio.Queue[None] = asyncio.Queue()

        async def hold() -> AsyncIterator[Any]:
            yield engine_pb2.WorkCommand(lease=engine_pb2.WorkCommand.LeaseChange(lease=LEASE))
            await done.get()

        async def keep_lease() -> None:
            async for message in service.Work(hold(), Context()):
                if message.leases:
                    known.set()

        known = asyncio.Event()
        keeper = asyncio.create_task(keep_lease())
        await known.wait()
        await service.LoadModel(load_request(tiny), Context())
        refused: Counter[str] = Counter()
        ran: Counter[str] = Counter()
        before = 0
        stopped = 0
        for number in range(INPUTS):
            if number == INPUTS // 5:
                before = held.memory_info().rss
            name, seed = generator.choice(starting)
            raw = mutate(generator, seed)
            try:
                message = type(seed).FromString(raw)
            except DecodeError:
                continue
            begun, used = time.perf_counter(), time.process_time()
            kind = await run(service, name, message)
            took, used = time.perf_counter() - begun, time.process_time() - used
            assert used < MOST_SECONDS and took < PATIENCE, f"{name} took {took:.1f} s: {message}"[:3000]
            assert kind != OurBug.__name__, f"{name}: {message}"[:6000]
            refused[kind] += 1
            if name == "LoadModel" and not kind:
                for model in list(service._loader.models):
                    if model != "tiny":
                        row = engine_pb2.StepRow(session=number + 100, tokens=[1, 2, 3], logits=2)
                        step = engine_pb2.StepRequest(lease=LEASE, model=model, rows=[row])
                        ran[await run(service, "Step", step)] += 1
                        await service.UnloadModel(engine_pb2.UnloadModelRequest(model=model), Context())
            if name == "UnloadModel" and not kind:
                await service.LoadModel(load_request(tiny), Context())
            if isinstance(message, engine_pb2.WorkCommand) and not kind:
                stopped += bool(message.submit.generate.sampling.stop_strings)
        assert before and stopped > 20, "requests with stop strings run"
        assert refused[""] > 100 and len(refused) >= 6, refused
        assert ran[""] > 20, "mutated Programs that are accepted run"
        assert held.memory_info().rss - before < MOST_BYTES
        step = engine_pb2.StepRequest(
            lease=LEASE, model="tiny", rows=[engine_pb2.StepRow(session=999, tokens=[1, 2], logits=1)]
        )
        await service.Step(step, Context())
        await done.put(None)
        await keeper

    asyncio.run(fuzz())
    worker.call(worker.scheduler.check_integrity)
