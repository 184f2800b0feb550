"""What the encoder of a model takes: tensors of a `generate` call, checked against the Program and measured before it is admitted."""

from hashlib import blake2b

from aweigh.engine.core import Memory
from aweigh.engine.loading import Loaded
from aweigh.engine.rpc.calls import check
from aweigh.engine.rpc.tensors import from_message
from aweigh.engine.run.memory import MASK
from aweigh.engine.run.symbols import shape, sources
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.v1 import generation_pb2 as pb


def memories_of(request: pb.GenerateRequest, loaded: Loaded) -> list[Memory]:
    """One per prompt; none for a model without an encoder.

    Raises InvalidRequest, Overloaded where inputs are missing, not what the Program takes, or too large.
    """
    if not loaded.model.structure.memories:
        if any(prompt.encoder for prompt in request.prompts):
            raise InvalidRequest("the model has no encoder: leave its inputs out")
        return []
    return [_memory(prompt, loaded) for prompt in request.prompts]


def _memory(prompt: pb.Prompt, loaded: Loaded) -> Memory:
    flat = loaded.model.structure.plan("encode").flat
    names = {entry.name for entry in flat.function.inputs}
    given = {entry.name: from_message(entry.tensor) for entry in prompt.encoder if entry.name in names}
    if len(given) != len(prompt.encoder):
        raise InvalidRequest(f"the encoder takes {', '.join(sorted(names))}, each once")
    inputs = dict(zip([entry.name for entry in flat.function.inputs], check(loaded, "encode", given)[0], strict=True))
    symbols = [inputs[flat.function.inputs[i].name].shape[dimension] for i, dimension in sources(flat.function)]
    length = shape(flat.types[flat.outputs["encoded"]].dims, symbols)[1]
    if MASK in inputs and inputs[MASK].shape[1] == length:
        length = int((inputs[MASK] != 0).sum())
    if length < 1:
        raise InvalidRequest("the encoder's input is empty, or an attention mask hides all of it")
    digest = blake2b(digest_size=16)
    for entry in sorted(prompt.encoder, key=lambda entry: entry.name):
        digest.update(f"{entry.name} {entry.tensor.dtype} {list(entry.tensor.shape)} ".encode() + entry.tensor.data)
    return Memory(length, digest.digest(), inputs)
