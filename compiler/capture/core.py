"""The nouns of capture. Imports torch for types only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from aweigh.compiler.capture.sizes import Sizes
    from aweigh.proto.v1.compiler_pb2 import CallTree

TOKENS = "T"
"""Symbol: tokens of the ragged batch."""

ROWS = "R"
"""Symbol: rows of the batch whose logits are wanted."""


@dataclass(frozen=True, slots=True)
class WeightType:
    """Shape and dtype of one parameter or buffer, as the module declares it."""

    dtype: "torch.dtype"
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Capture:
    """One captured causal language model.

    Attributes:
        program: the exported graph, `(token_ids [1, T] int64, positions [1, T] int64, rows [R] int64) -> logits [1, R, V]`.
        symbols: name in the exported program (``s12``) to ours (`TOKENS`, `ROWS`).
        weights: every parameter and persistent buffer by its module name, in order of declaration.
        literals: values of buffers that no checkpoint holds and of constants that export lifted, by name.
        tied: name of a weight to the name of the weight whose storage it shares.
        vocabulary: size of the last dimension of the logits.
        context: greatest position plus one that the model was made for; None if it has no limit.
        model_class: name of the modelling class, for messages.
        prefix: what the exported program puts before the names of `weights` and `literals`.
    """

    program: "torch.export.ExportedProgram"
    symbols: Mapping[str, str]
    weights: Mapping[str, WeightType]
    literals: "Mapping[str, torch.Tensor]" = field(repr=False)
    tied: Mapping[str, str]
    vocabulary: int
    context: int | None
    model_class: str
    prefix: str = "model."


@dataclass(frozen=True, slots=True)
class ModuleCapture:
    """One captured call of any module.

    Attributes:
        program: the exported graph, over those tensors of the call that it reads.
        inputs: the number in the call of each of its inputs.
        sizes: which of their dimensions are symbols.
        result: what the call returns; None where that is the graph's flat list of tensors.
        literals: values of buffers and constants that no checkpoint holds and that are known here, by name.
        tied: name of a weight to the name of the weight whose storage it shares.
        prefix: what the exported program puts before the names of weights and literals.
    """

    program: "torch.export.ExportedProgram"
    inputs: tuple[int, ...]
    sizes: "Sizes"
    result: "CallTree | None"
    literals: "Mapping[str, torch.Tensor]" = field(repr=False)
    tied: Mapping[str, str]
    prefix: str
