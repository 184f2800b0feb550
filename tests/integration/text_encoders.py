"""Tiny text encoders of transformers with random weights, and their calls on a worker in this process, many at once."""

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import Tensor

from aweigh.compiler.compilation import answer
from aweigh.compiler.offload.pretrained import text
from aweigh.compiler.offload.pretrained.text import TextVariant
from aweigh.compiler.offload.pretrained.tree import DTYPES, Call
from aweigh.compiler.outline import outline
from aweigh.engine.__main__ import assemble
from aweigh.engine.config import Config
from aweigh.proto.convert import program_from_message
from aweigh.proto.ops import RAGGED
from aweigh.proto.program import Program
from aweigh.proto.v1 import compiler_pb2, engine_pb2, program_pb2

SIZES: dict[str, Any] = {
    "vocab_size": 99, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48,
    "max_position_embeddings": 64, "pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2, "cls_token_id": 0, "sep_token_id": 2,
}  # fmt: skip
NARROW = {"local_attention": 8, "global_attn_every_n_layers": 2, "num_hidden_layers": 3}


def made(name: str, directory: Path, **more: Any) -> Any:
    """A model of a class, saved in `directory`, and loaded from there."""
    kind = getattr(transformers, name)
    torch.manual_seed(0)
    model = kind(kind.config_class(**{**SIZES, **more}))
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    model.save_pretrained(directory)
    return kind.from_pretrained(directory).eval()


def request(model: Any, directory: Path | None, call: Call, attention: str = "sdpa") -> compiler_pb2.CompileRequest:
    return compiler_pb2.CompileRequest(
        config=json.dumps(model.config.to_dict()),
        directory="" if directory is None else str(directory),
        dtype="float32",
        class_name=type(model).__name__,
        attention=attention,
        outline=outline(model),
        call=call.tree,
        tensors=text.specs(call),
        ragged=True,
    )


def program_of(compiled: compiler_pb2.Compiled) -> Program:
    return program_from_message(compiled.program)


class Encoder:
    """A model that a worker has loaded for calls like one."""

    def __init__(self, engine: "Engine", model: Any, directory: Path, like: Mapping[str, Any]) -> None:
        self.compiled = answer(request(model, directory, Call(like), model.config._attn_implementation))
        assert not self.compiled.refusal, self.compiled.refusal
        self._variant = TextVariant(self.compiled)
        self._engine = engine
        self.name = engine.load(self.compiled, directory)

    def request(self, given: Mapping[str, Any], lease: str = "l") -> engine_pb2.CallRequest:
        """Whether the stub would ask this, is not asked."""
        call = Call(given)
        made = engine_pb2.CallRequest(lease=lease, model=self.name, function=RAGGED)
        for number in self._variant.inputs:
            tensor = call.tensors[number].contiguous()
            made.inputs.add(name=str(number)).tensor.CopyFrom(
                program_pb2.Tensor(
                    dtype=int(DTYPES[tensor.dtype]),  # type: ignore[arg-type]
                    shape=tensor.shape,
                    data=tensor.numpy().tobytes(),
                )
            )
        return made

    def ask(self, *calls: Mapping[str, Any]) -> list[list[Tensor] | Exception]:
        """Answers of calls that all wait at once, each of another lease."""
        assert all(self._variant.fits(Call(given).tensors) for given in calls)
        requests = [self.request(given, f"l{number}") for number, given in enumerate(calls)]
        return list(map(tensors_of, self._engine.at_once(requests)))


class Engine:
    """A worker in this process. `together`: of the last calls, how many ran as one with each."""

    def __init__(self, **config: Any) -> None:
        self.worker, self.service = assemble(Config(listen="unix:unused", kv_bytes=1 << 22, **config))
        self.together: list[int] = []
        self._leases: set[str] = set()

    def load(self, compiled: compiler_pb2.Compiled, directory: Path) -> str:
        message = engine_pb2.LoadModelRequest(
            program=compiled.program,
            manifest=compiled.manifest,
            fingerprint=compiled.fingerprint,
            directory=str(directory),
        )
        loaded: Any = self.service._loading.submit(self.service._load, message).result()
        return str(loaded.spec.name)

    def at_once(self, requests: Sequence[engine_pb2.CallRequest]) -> list[engine_pb2.CallResponse | Exception]:
        """The step thread is held until every call waits."""
        found = asyncio.run(self._asked(requests))
        self.together = [one.together for one in found if isinstance(one, engine_pb2.CallResponse)]
        return found

    async def _asked(self, requests: Sequence[engine_pb2.CallRequest]) -> list[engine_pb2.CallResponse | Exception]:
        for lease in {request.lease for request in requests} - self._leases:
            self.service._leases.open(lease)
            self._leases.add(lease)
        hold = threading.Event()
        self.worker.call(lambda: hold.wait() and None)  # type: ignore[arg-type]
        tasks = [asyncio.ensure_future(self.service._calls.call(request)) for request in requests]
        await asyncio.sleep(0)  # each runs up to where it waits
        hold.set()
        found: list[Any] = await asyncio.gather(*tasks, return_exceptions=True)
        return found


@contextmanager
def engine(**config: Any) -> Iterator[Engine]:
    made = Engine(**config)
    yield made
    made.worker.stop()
    made.service.close()


def tensors_of(response: engine_pb2.CallResponse | Exception) -> list[Tensor] | Exception:
    """Of an answer, in the order of their numbers."""
    if isinstance(response, Exception):
        return response
    named = {output.name: output.tensor for output in response.outputs}
    found = [named[str(number)] for number in range(len(named))]
    kinds = {int(kind): dtype for dtype, kind in DTYPES.items()}
    return [torch.frombuffer(bytearray(each.data), dtype=kinds[each.dtype]).view(tuple(each.shape)) for each in found]
