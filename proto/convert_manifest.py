"""Manifests and tensors between dataclasses and protobuf."""

from aweigh.proto.convert import dtype_from
from aweigh.proto.errors import CheckpointInvalid, InvalidRequest, ProgramInvalid
from aweigh.proto.program import (
    Cast,
    Chunk,
    Concatenate,
    Content,
    FileBytes,
    Manifest,
    Permute,
    Stack,
    Tensor,
    View,
    WeightExpression,
)
from aweigh.proto.v1 import program_pb2 as pb

# A tensor's data travels inline up to this size, and in chunks of it above (Upload, Download).
CHUNK_BYTES = 1 << 20
# Of the BLAKE3 of a content.
DIGEST_BYTES = 32


def tensor_to_message(tensor: Tensor) -> pb.Tensor:
    return pb.Tensor(dtype=int(tensor.dtype), shape=tensor.shape, data=tensor.data)  # type: ignore[arg-type]


def tensor_from_message(message: pb.Tensor) -> Tensor:
    """Raises InvalidRequest where dtype, shape and number of bytes do not agree."""
    try:
        dtype = dtype_from(message.dtype)
    except ProgramInvalid as error:
        raise InvalidRequest(str(error)) from None
    shape = tuple(message.shape)
    size = dtype.size
    for dim in shape:
        size *= dim
    if any(dim < 0 for dim in shape) or size != len(message.data):
        raise InvalidRequest(
            f"a tensor of shape {list(shape)} and dtype {dtype.torch_name} cannot have {len(message.data)} bytes"
        )
    return Tensor(dtype, shape, message.data)


def manifest_to_message(manifest: Manifest) -> pb.Manifest:
    return pb.Manifest(slots=[_to_message(slot) for slot in manifest.slots])


def manifest_from_message(message: pb.Manifest) -> Manifest:
    """Raises CheckpointInvalid for an empty expression, and for what is no digest."""
    return Manifest(tuple(_from_message(slot) for slot in message.slots))


def _to_message(value: WeightExpression) -> pb.WeightExpression:
    match value:
        case str():
            return pb.WeightExpression(tensor=value)
        case Permute(source, order):
            return pb.WeightExpression(permute=pb.WeightExpression.Permute(source=_to_message(source), order=order))
        case View(source, shape):
            return pb.WeightExpression(view=pb.WeightExpression.View(source=_to_message(source), shape=shape))
        case Stack(sources, dimension):
            return pb.WeightExpression(stack=_join(sources, dimension))
        case Concatenate(sources, dimension):
            return pb.WeightExpression(concatenate=_join(sources, dimension))
        case Chunk(source, dimension, start, length):
            return pb.WeightExpression(
                chunk=pb.WeightExpression.Chunk(
                    source=_to_message(source), dimension=dimension, start=start, length=length
                )
            )
        case Cast(source, dtype):
            return pb.WeightExpression(
                cast=pb.WeightExpression.Cast(source=_to_message(source), dtype=int(dtype))  # type: ignore[arg-type]
            )
        case Tensor():
            return pb.WeightExpression(literal=tensor_to_message(value))
        case Content(digest, dtype, shape):
            return pb.WeightExpression(
                content=pb.Content(digest=digest, dtype=int(dtype), shape=shape)  # type: ignore[arg-type]
            )
        case FileBytes(path, size, modified_ns, offset, dtype, shape):
            return pb.WeightExpression(
                file=pb.FileBytes(
                    path=path,
                    size=size,
                    modified_ns=modified_ns,
                    offset=offset,
                    dtype=int(dtype),  # type: ignore[arg-type]
                    shape=shape,
                )
            )


def _join(sources: tuple[WeightExpression, ...], dimension: int) -> pb.WeightExpression.Join:
    return pb.WeightExpression.Join(sources=[_to_message(source) for source in sources], dimension=dimension)


def _from_message(message: pb.WeightExpression) -> WeightExpression:
    match message.WhichOneof("node"):
        case "tensor":
            return message.tensor
        case "permute":
            return Permute(_from_message(message.permute.source), tuple(message.permute.order))
        case "view":
            return View(_from_message(message.view.source), tuple(message.view.shape))
        case "stack":
            return Stack(tuple(_from_message(s) for s in message.stack.sources), message.stack.dimension)
        case "concatenate":
            join = message.concatenate
            return Concatenate(tuple(_from_message(s) for s in join.sources), join.dimension)
        case "chunk":
            chunk = message.chunk
            return Chunk(_from_message(chunk.source), chunk.dimension, chunk.start, chunk.length)
        case "cast":
            return Cast(_from_message(message.cast.source), dtype_from(message.cast.dtype))
        case "literal":
            return tensor_from_message(message.literal)
        case "content":
            content = message.content
            if len(content.digest) != DIGEST_BYTES:
                raise CheckpointInvalid(f"a digest of {len(content.digest)} bytes in the manifest is no BLAKE3")
            return Content(content.digest, dtype_from(content.dtype), tuple(content.shape))
        case "file":
            file = message.file
            dtype, shape = dtype_from(file.dtype), tuple(file.shape)
            return FileBytes(file.path, file.size, file.modified_ns, file.offset, dtype, shape)
        case _:
            raise CheckpointInvalid("a weight expression of the manifest is empty")
