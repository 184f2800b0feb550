"""`capture_encoder`: one call of a text encoder as a function of the tokens of many calls, one sequence behind the other.

Legend: B rows of a call, S tokens of a row, T tokens of the batch, R sequences of the batch.

What the call gives as [B, S] the function takes as [1, T], whoever the rows belong to; attention is opaque and knows the sequences. That the
function treats each sequence as the model would is proved: `locality.py` shows that tokens meet in attention alone, and what comes out must
have the shape that the model, run once on fake tensors as it is, gives for [B, S], with [1, T] or [R] in the place of [B, S] or [B]. Nothing
is known of any class; what cannot be shown is refused, and the call is captured as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch._guards import TracingContext, tracing
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.export import Dim, ExportedProgram
from torch.fx import Node

from aweigh.compiler.capture.call_tree import Flattened, rebuilt
from aweigh.compiler.capture.counter import counted_layers
from aweigh.compiler.capture.first_tokens import FirstTokens
from aweigh.compiler.capture.interfaces import IMPLEMENTATION, register
from aweigh.compiler.capture.likeness import built_like
from aweigh.compiler.capture.locality import is_symbolic
from aweigh.compiler.capture.module import Example, first_line, forget_unread
from aweigh.compiler.capture.normalise import normalise_encoder
from aweigh.compiler.capture.place import place_of_error
from aweigh.compiler.capture.rope_at_rest import rest_rope
from aweigh.compiler.capture.row_sums import RowSums
from aweigh.compiler.capture.sides import Side, traced
from aweigh.compiler.capture.sizes import Sizes
from aweigh.compiler.capture.stand_in import fake_mode
from aweigh.proto.errors import AweighError, UnsupportedModel
from aweigh.proto.ops import RAGGED_INPUTS
from aweigh.proto.v1 import compiler_pb2 as pb

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

IDS = "input_ids"
_PREFIX = "model."
# Sizes of the example. Unequal primes, so that no size of a model is taken for one of them.
_TOKENS, _ROWS = 37, 11
_OWN = ("token_ids", *RAGGED_INPUTS)
_KNOWN = frozenset({"sdpa", "eager"})  # what hidden keys weigh is known of these


@dataclass(frozen=True, slots=True)
class EncoderCapture:
    """One captured call of a text encoder.

    Attributes:
        program: the exported graph, over those of its inputs that it reads.
        inputs: their names: numbers of the call's tensors, or of `RAGGED_INPUTS`.
        least, most: tokens that a sequence may have; `most` 0: no end.
        result: what the call returns.
        literals, tied, prefix: as in `ModuleCapture`.
    """

    program: ExportedProgram
    inputs: tuple[str, ...]
    least: int
    most: int
    result: pb.CallTree
    literals: "Mapping[str, Tensor]" = field(repr=False)
    tied: "Mapping[str, str]"
    prefix: str


class _Call(torch.nn.Module):
    """`(token_ids [1, T], positions [1, T], starts [1, T], rows [R], the call's other tensors [1, T]) -> tensors of the result`.

    The tree of the result goes to `told`: export resets attributes."""

    def __init__(self, model: Any, call: pb.CallTree, ids: int, told: "Callable[[pb.CallTree], None]") -> None:
        super().__init__()
        self.model = model
        self._call, self._ids, self._told = call, ids, told

    def forward(
        self, token_ids: Tensor, positions: Tensor, starts: Tensor, rows: Tensor, *others: Tensor
    ) -> tuple[Tensor, ...]:
        tensors = [*others[: self._ids], token_ids, *others[self._ids :]]
        with traced(Side.RAGGED), FirstTokens(token_ids, rows), RowSums(positions, rows):
            tree, found = _answer(self.model, self._call, tensors)
        self._told(tree)
        return tuple(found)


def _answer(model: Any, call: pb.CallTree, tensors: Sequence[Tensor]) -> tuple[pb.CallTree, list[Tensor]]:
    flat = Flattened(lambda value: isinstance(value, Tensor))
    return flat.tree(model(**rebuilt(call, tensors))), flat.tensors


def capture_encoder(
    model_class: Any,
    config: Any,
    dtype: torch.dtype,
    attention: str,
    call: pb.CallTree,
    tensors: Sequence[Example],
    wanted: bytes = b"",
) -> EncoderCapture:
    """Captures the forward of a class of transformers for calls of all sizes.

    Args:
        tensors: of the call; their sizes count for nothing. The others as in `capture_call`.

    Raises:
        UnsupportedModel: the call is none of a text encoder, or its tokens meet elsewhere than in attention.
    """
    name, mode, ids = model_class.__name__, fake_mode(), _ids(call, tensors)
    try:
        model = built_like(model_class, config, dtype, mode, attention, wanted)
        tree, shapes = _shapes(model, mode, call, tensors)
        floor = _is_eager(model)
        _use_ours(model)
        limit = rest_rope(model)
        trees: list[pb.CallTree] = []
        program = _exported(_Call(model, call, ids, trees.append), mode, [dtype for dtype, _ in tensors], ids)
    except AweighError:
        raise
    except Exception as error:
        raise UnsupportedModel(f"{name} cannot be captured{place_of_error(error)} ({first_line(error)}).") from error
    if trees[-1] != tree:
        raise UnsupportedModel(f"{name} returns something else where tokens of several callers share a step.")
    (token_ids,) = (node for node in program.graph.nodes if node.op == "placeholder" and node.name == "token_ids")
    sizes = Sizes(program, [token_ids], merge=False)
    if not sizes.names():
        raise UnsupportedModel(f"{name} does something else for every length of a text.")
    (lengths,) = sizes.ranges()
    program = normalise_encoder(program, floor)
    _check_results(program, shapes, name)
    numbers = [number for number in range(len(tensors)) if number != ids]
    names = dict(zip([node.name for node in _inputs(program)], map(str, (ids, *RAGGED_INPUTS, *numbers)), strict=True))
    read = tuple(names[node.name] for node in _inputs(program) if node.users)
    forget_unread(program)
    literals = {
        key.removeprefix(_PREFIX): value.detach()
        for key, value in program.constants.items()
        if isinstance(value, Tensor) and value.device.type != "meta"
    }
    tied = dict(getattr(model, "all_tied_weights_keys", None) or {})
    most = min((end for end in (lengths.most, limit) if end), default=0)
    return EncoderCapture(program, read, lengths.least, most, tree, literals, tied, _PREFIX)


def _ids(call: pb.CallTree, tensors: Sequence[Example]) -> int:
    """The number of the token ids. Raises UnsupportedModel for a call of anything but integers per token."""
    named = dict(zip(call.items.keys, call.items.items, strict=True))
    if IDS not in named or named[IDS].WhichOneof("node") != "tensor":
        raise UnsupportedModel("The call has no token ids.")
    if any(len(shape) != 2 or dtype.is_floating_point or dtype.is_complex for dtype, shape in tensors):
        raise UnsupportedModel("The call has more than integers per token.")
    return int(named[IDS].tensor)


def _shapes(
    model: Any, mode: FakeTensorMode, call: pb.CallTree, tensors: Sequence[Example]
) -> tuple[pb.CallTree, list[tuple[int, ...]]]:
    """What the model as it is returns for [_ROWS, _TOKENS]: the tree, and the shapes of its tensors."""
    with mode, torch.no_grad():
        given = [torch.zeros((_ROWS, _TOKENS), dtype=dtype) for dtype, _ in tensors]
        tree, found = _answer(model, call, given)
        return tree, [tuple(map(int, tensor.shape)) for tensor in found]


def _configs(model: Any) -> list[Any]:
    found = (getattr(module, "config", None) for module in model.modules())
    return [config for config in found if hasattr(config, "_attn_implementation_internal")]


def _is_eager(model: Any) -> bool:
    said = {config._attn_implementation for config in _configs(model)}
    if len(said) != 1 or not said <= _KNOWN:
        raise UnsupportedModel(f"Its attention is {' and '.join(sorted(map(str, said)))}.")
    return said == {"eager"}


def _use_ours(model: Any) -> None:
    register()
    for config in _configs(model):
        config._attn_implementation_internal = IMPLEMENTATION


def _exported(module: _Call, mode: FakeTensorMode, dtypes: Sequence[torch.dtype], ids: int) -> ExportedProgram:
    positions = torch.arange(_TOKENS, dtype=torch.int64)[None]
    tokens = [torch.zeros((1, _TOKENS), dtype=dtype) for dtype in dtypes]
    token_ids = tokens.pop(ids)
    example = (token_ids, positions, torch.zeros_like(positions), torch.arange(_ROWS), *tokens)
    per_token = {1: Dim.DYNAMIC}
    shapes: tuple[Any, ...] = (per_token, per_token, per_token, {0: Dim.DYNAMIC})
    if tokens:
        shapes = (*shapes, tuple(per_token for _ in tokens))
    with torch.no_grad(), tracing(TracingContext(mode)), counted_layers():
        return torch.export.export(module, example, dynamic_shapes=shapes, strict=False)


def _inputs(program: ExportedProgram) -> list[Node]:
    named = {node.name: node for node in program.graph.nodes if node.op == "placeholder"}
    return [named[name] for name in program.graph_signature.user_inputs]


def _check_results(program: ExportedProgram, shapes: Sequence[tuple[int, ...]], name: str) -> None:
    """Raises UnsupportedModel where something is neither per token nor per row."""
    symbols = {node.name: node.meta["val"].shape for node in _inputs(program)}
    # Inputs that never met have symbols of their own, all of which stand for T.
    tokens, rows = {str(shape[1]) for name, shape in symbols.items() if name != "rows"}, str(symbols["rows"][0])
    returned = program.graph.output_node().args[0]
    assert isinstance(returned, list | tuple)
    for node, shape in zip(returned, shapes, strict=True):
        found = [str(size) if is_symbolic(size) else int(size) for size in node.meta["val"].shape]
        per_token = shape[:2] == (_ROWS, _TOKENS) and found[:1] == [1] and found[2:] == list(shape[2:])
        per_token = per_token and found[1] in tokens
        per_row = shape[:1] == (_ROWS,) and found == [rows, *shape[1:]]
        if not (per_token or per_row):
            raise UnsupportedModel(f"{name} returns a tensor that is neither per token nor per row.")
