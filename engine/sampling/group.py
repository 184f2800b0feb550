"""From a GenerateRequest to a RequestGroup: the one place where a `generate` call's message is read."""

from aweigh.engine.core import ModelSpec, RequestGroup
from aweigh.proto.v1 import generation_pb2 as pb


def group_of(
    request: int, lease: str, message: pb.GenerateRequest, model: ModelSpec, now: float, tokenizer_directory: str = ""
) -> RequestGroup:
    """Validates a message against a model and builds its group, caps before allocation.

    `tokenizer_directory` is where tokenizer.json stands if the message names no place (the model's directory).
    Raises InvalidRequest, PromptTooLong.
    """
    raise NotImplementedError
