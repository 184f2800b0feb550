"""Manifests and tensors over the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aweigh.proto.convert_manifest import (
    manifest_from_message,
    manifest_to_message,
    tensor_from_message,
    tensor_to_message,
)
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import CheckpointInvalid, InvalidRequest
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
from aweigh.proto.v1 import program_pb2

TENSOR = Tensor(DType.INT16, (2, 3), bytes(12))


def expressions() -> st.SearchStrategy[WeightExpression]:
    size = st.integers(0, 9)
    sizes = st.lists(size, max_size=3).map(tuple)
    leaf: st.SearchStrategy[WeightExpression] = (
        st.text(min_size=1, max_size=5)
        | st.just(TENSOR)
        | st.builds(Content, st.binary(min_size=32, max_size=32), st.sampled_from(DType), sizes)
        | st.builds(FileBytes, st.text(max_size=5), size, size, size, st.sampled_from(DType), sizes)
    )
    return st.recursive(
        leaf,
        lambda child: (
            st.builds(Permute, child, sizes)
            | st.builds(View, child, sizes)
            | st.builds(Stack, st.lists(child, max_size=3).map(tuple), size)
            | st.builds(Concatenate, st.lists(child, max_size=3).map(tuple), size)
            | st.builds(Chunk, child, size, size, size)
            | st.builds(Cast, child, st.sampled_from(DType))
        ),
        max_leaves=5,
    )


@given(st.lists(expressions(), max_size=3))
def test_a_manifest_survives_the_wire(slots: list[WeightExpression]) -> None:
    manifest = Manifest(tuple(slots))
    data = manifest_to_message(manifest).SerializeToString()
    assert manifest_from_message(program_pb2.Manifest.FromString(data)) == manifest


def test_an_empty_expression_is_refused() -> None:
    with pytest.raises(CheckpointInvalid):
        manifest_from_message(program_pb2.Manifest(slots=[program_pb2.WeightExpression()]))


def test_a_digest_that_is_none_is_refused() -> None:
    content = program_pb2.Content(digest=b"short", dtype="DTYPE_INT8")
    with pytest.raises(CheckpointInvalid, match="5 bytes"):
        manifest_from_message(program_pb2.Manifest(slots=[program_pb2.WeightExpression(content=content)]))


@pytest.mark.parametrize("change", [{"shape": [2, 4]}, {"shape": [-2, -3]}, {"shape": [2**62, 2**62]}, {"dtype": 99}])
def test_a_tensor_that_lies_is_refused(change: dict[str, object]) -> None:
    message = tensor_to_message(TENSOR)
    assert tensor_from_message(message) == TENSOR
    for name, value in change.items():
        if isinstance(value, list):
            del message.shape[:]
            message.shape.extend(value)
        else:
            setattr(message, name, value)
    with pytest.raises(InvalidRequest):
        tensor_from_message(message)
