"""The stub of a model that is no causal language model: its Programs are made call by call, one per signature and range of sizes.

A part is a module of transformers' inside of another stub, which scripts call on its own (`clip.text_model(...)`). It is captured as the
model of its own class, with those weights of the whole that stand under its prefix.
"""

import copy
import json
import os
from typing import Any

import torch
import transformers

from aweigh.compiler.client import compile_call
from aweigh.compiler.offload import checkpoint
from aweigh.compiler.offload.connection import connection
from aweigh.compiler.offload.module import calling
from aweigh.compiler.offload.placing import load, with_buffers
from aweigh.compiler.offload.pretrained import text
from aweigh.compiler.offload.pretrained.text import TextVariant
from aweigh.compiler.offload.pretrained.tree import Call, Unsuited
from aweigh.compiler.offload.pretrained.variant import Variant
from aweigh.compiler.offload.settings import current
from aweigh.compiler.offload.structure import FREE, Structure
from aweigh.compiler.offload.stub import Stub, stub_of
from aweigh.compiler.offload.summary import ModelSummary
from aweigh.compiler.outline import outline
from aweigh.compiler.progress import showing
from aweigh.proto.errors import (
    CheckpointInvalid,
    EngineLost,
    InvalidRequest,
    ModelNotFound,
    OurBug,
    Overloaded,
    PeerFailed,
    ProgramInvalid,
    UnsupportedModel,
)
from aweigh.proto.v1 import compiler_pb2

MOST_VARIANTS = 8
"""Programs per signature, for sizes outside of the others' ranges."""
# What a forward reads of a configuration that may change between two calls.
_READ = FREE - {
    "id2label",
    "label2id",
    "name_or_path",
    "_name_or_path",
    "architectures",
    "transformers_version",
    "_commit_hash",
}
_LOST = ("variants", "texts", "refused")  # of no use in another process


class ModuleStub(Stub):
    """See the head of this file. `variants` and `refused` by what a capture depends on but for sizes; `texts` by what it depends on where
    the sizes of a row's length and number do not matter at all."""

    patches = "aweigh.compiler.offload.pretrained.forward"

    def __init__(self, model: Any, files: list[str], dtype: torch.dtype, summary: ModelSummary | None = None) -> None:
        super().__init__(model, files, dtype, summary)
        self.kind = type(model)
        self.loaded = copy.deepcopy(model.config)
        self.variants: dict[Any, list[Variant]] = {}
        self.texts: dict[Any, TextVariant] = {}
        self.refused: dict[Any, str] = {}

    def _layers(self, config: Any) -> int:
        return 0  # no cache

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in super().__getstate__().items() if key not in _LOST}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self.variants, self.texts, self.refused = {}, {}, {}

    def _class(self) -> type:
        return self.kind

    def _hindrance(self, model: Any) -> str | None:
        self.adapters.look(model, self.structure and self.structure.tree)
        self._hindered = "its adapters are compiled for models that generate only" if self.adapters.there else None
        return self._hindered

    def settle(self, model: Any) -> None:
        super().settle(model)
        for module in model.modules():
            stub = stub_of(module)
            if stub is not None and stub is not self and stub.detached is None:
                stub.structure = Structure(module)

    def answer(self, model: Any, call: Call) -> tuple[Variant | TextVariant, calling.Answer]:
        """What the engine answers to a call, and by which Program.

        Raises Unsuited for what must run here, EngineUnreachable, EngineLost.
        """
        try:
            variant = self._variant(model, call)
            return variant, self._ask(variant, call)
        except (UnsupportedModel, ProgramInvalid, CheckpointInvalid, InvalidRequest, Overloaded, PeerFailed) as error:
            raise Unsuited(str(error).rstrip(".")) from None

    def request(self, model: Any) -> compiler_pb2.CompileRequest:
        """What a compilation of the model asks for, but for the call."""
        return compiler_pb2.CompileRequest(
            config=_json(model.config),
            directory=self.directory,
            dtype=str(model.dtype).removeprefix("torch."),
            class_name=_name(type(model)),
            attention=model.config._attn_implementation or "",
            outline=outline(model),
        )

    def _variant(self, model: Any, call: Call) -> Variant | TextVariant:
        dtype = model.dtype
        if dtype != self.dtype and self.dtype != torch.float32:
            raise UnsupportedModel(f"the weights were cast from {self.dtype} to {dtype} after loading")
        free = tuple((key, repr(value)) for key, value in vars(model.config).items() if key in _READ)
        alone = ""
        if text.is_text(call):
            shared = self._text(model, call, (dtype, free))
            if shared.fits(call.tensors):
                return shared
            alone = shared.refusal or "its steps are shared for rows of other lengths"
        key = (*call.signature, dtype, free)
        for variant in self.variants.get(key, ()):
            if variant.fits(call.tensors):
                return variant
        with self.lock:
            known = self.variants.setdefault(key, [])
            for variant in known:
                if variant.fits(call.tensors):
                    return variant
            if key in self.refused:
                raise UnsupportedModel(self.refused[key])
            if len(known) >= MOST_VARIANTS:
                raise UnsupportedModel("its sizes vary too much")
            try:
                made = Variant(self._compiled(model, call), alone)
            except (UnsupportedModel, CheckpointInvalid) as error:
                self.refused[key] = str(error)
                raise
            except OurBug as error:  # said aloud, and no reason to stop a script that can run here
                self.refused[key] = _bug(error)
                raise UnsupportedModel(self.refused[key]) from None
            assert made.fits(call.tensors), "a captured call takes the sizes that it was captured with"
            known.append(made)
            return made

    def _text(self, model: Any, call: Call, rest: tuple[Any, ...]) -> TextVariant:
        """The Program whose steps are shared, or why there is none."""
        key = (*text.signature(call), *rest)
        found = self.texts.get(key)
        if found is None:
            with self.lock:
                found = self.texts.get(key)
                if found is None:
                    found = self.texts[key] = TextVariant(self._shareable(model, call))
        return found

    def _shareable(self, model: Any, call: Call) -> compiler_pb2.Compiled:
        try:
            return self._compiled(model, call, ragged=True)
        except (UnsupportedModel, CheckpointInvalid) as error:
            return compiler_pb2.Compiled(refusal=str(error))
        except OurBug as error:
            return compiler_pb2.Compiled(refusal=_bug(error))

    def _compiled(self, model: Any, call: Call, *, ragged: bool = False) -> compiler_pb2.Compiled:
        request = self.request(model)
        request.call.CopyFrom(call.tree)
        request.tensors.extend(text.specs(call) if ragged else call.specs())
        request.ragged = ragged
        with showing(f"aweigh: {self.class_name}", wanted=_watched()) as tell:
            found = compile_call(request, tell)
        if model.dtype != self.dtype and not found.refusal:
            buffers = with_buffers(found, dict(model.named_buffers()))
            made = compiler_pb2.Compiled()
            made.CopyFrom(found)
            made.manifest.CopyFrom(buffers)
            return made
        return found

    def _ask(self, variant: Variant | TextVariant, call: Call) -> calling.Answer:
        inputs = [call.tensors[number] for number in variant.inputs]
        for last in (False, True):
            if variant.place is None:
                with showing(f"aweigh: {self.class_name}", wanted=_watched()) as tell:
                    variant.place = load(self.directory, variant.compiled, tell)
                self.summary.compiled(variant.compiled)
            place = variant.place
            try:
                return calling.call(connection(), place.worker, place.model, inputs, variant.function, variant.inputs)
            except EngineLost:
                variant.place = None  # the front door may have another worker for the next call
                raise
            except ModelNotFound:  # unloaded by somebody, or the worker was started again
                variant.place = None
                if last:
                    raise
        raise AssertionError("a loop that returns or raises")

    def _read(self, kind: Any = None) -> Any:
        return checkpoint.read_model(self.kind, self.directory, self.dtype, self.attention, config=self.loaded)


class PartStub(ModuleStub):
    """Of a module inside of a stub's model, at `prefix`. What the script does to any weight of the whole counts."""

    def __init__(self, part: Any, whole: ModuleStub, prefix: str) -> None:
        super().__init__(part, whole.files, whole.dtype, whole.summary)
        self.whole, self.prefix = whole, prefix

    def __deepcopy__(self, memo: dict[int, Any]) -> "PartStub":
        made = super().__deepcopy__(memo)
        assert isinstance(made, PartStub)
        made.whole = copy.deepcopy(self.whole, memo)
        return made

    def refusal(self, model: Any) -> str | None:
        return self.whole.detached or self.whole.pending or self.whole.elsewhere() or super().refusal(model)

    def _written(self) -> bool:
        return self.whole._written() or super()._written()

    def request(self, model: Any) -> compiler_pb2.CompileRequest:
        made = super().request(model)
        made.whole.config = _json(self.whole.loaded)
        made.whole.class_name = _name(self.whole.kind)
        made.whole.prefix = self.prefix
        return made

    def _read(self, kind: Any = None) -> Any:
        return self.whole._read()


def _name(kind: type) -> str:
    """As transformers exports the class, or in full."""
    found = getattr(transformers, kind.__name__, None)
    return kind.__name__ if found is kind else f"{kind.__module__}.{kind.__qualname__}"


def _bug(error: OurBug) -> str:
    return f"a bug of Aweigh stands in the way, please report it: {str(error)[:300]}"


def _json(config: Any) -> str:
    return json.dumps(config.to_dict(), default=str)


def _watched() -> bool:
    """Whether a person may see how far it is: children of a run would write over each other."""
    settings = current()
    return not settings.quiet and settings.root in (0, os.getpid())
