"""The passes, in order, and what runs them."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aweigh.compiler.capture.core import TOKENS, Part
from aweigh.compiler.passes.activation import Activation
from aweigh.compiler.passes.add_norm import AddNorm
from aweigh.compiler.passes.attend import Attend
from aweigh.compiler.passes.base import Pass
from aweigh.compiler.passes.clean import Clean
from aweigh.compiler.passes.dead import Dead
from aweigh.compiler.passes.dequantize import Dequantize
from aweigh.compiler.passes.embedding import Embedding
from aweigh.compiler.passes.experts import Experts
from aweigh.compiler.passes.gated_mlp import GatedMlp
from aweigh.compiler.passes.hidden_states import HiddenStates
from aweigh.compiler.passes.hoist import Hoist
from aweigh.compiler.passes.layer_norm import LayerNorm
from aweigh.compiler.passes.layers import Layers
from aweigh.compiler.passes.linear import Linear
from aweigh.compiler.passes.merge import Merge
from aweigh.compiler.passes.recurrence import Recurrence
from aweigh.compiler.passes.rms_norm import RmsNorm
from aweigh.compiler.passes.roll import Roll
from aweigh.compiler.passes.rotary import Rotary
from aweigh.compiler.passes.rows import Rows
from aweigh.compiler.passes.scale import Scale
from aweigh.compiler.passes.split import Split
from aweigh.compiler.passes.whole import Whole
from aweigh.kernels import mlir
from aweigh.proto.low_bit import Packing

Watcher = Callable[[str, Any, float], None]
"""Called after each pass with its name, the module and the seconds that it took."""


def passes(layers: int | None = None, packings: Mapping[str, Packing] | None = None) -> list[Pass]:
    """The pipeline from imported IR to IR that `emit` takes. `layers`: of the model, if hidden states shall be an optional output.
    `packings`: of the weights that are stored in few bits, by the names of parameters."""
    return [
        Clean(),
        Rows(),
        Attend(),
        Scale(),
        Recurrence(),
        Experts(),
        Embedding(),
        Linear(),
        RmsNorm(),
        LayerNorm(),
        Rotary(),
        Activation(),
        Dead(),
        GatedMlp(),
        Dead(),
        Merge(),
        AddNorm(),
        Dead(),
        Dequantize(packings or {}),
        Hoist(),
        Layers(layers),
        Roll(),
        HiddenStates(),
        Dead(),
        Split(),
        Dead(),
    ]


def dense_passes(part: Part) -> list[Pass]:
    """The pipeline for a function beside the decoder, which knows of no sequences and stays whole."""
    symbols = [TOKENS] if part.symbols else []
    return [
        Clean(),
        Rows(),
        Experts(),
        *module_passes()[1:],
        Rotary(),
        Dead(),
        Hoist(),
        Whole(part.inputs, (), symbols, part.name, part.outputs),
    ]


def encoder_passes() -> list[Pass]:
    """The pipeline for a text encoder in the ragged layout, up to what names inputs and outputs."""
    return [Clean(), Rows(), Attend(), Scale(), Experts(), Rotary(), Dead(), *module_passes()[1:]]


def module_passes() -> list[Pass]:
    """The pipeline of the `module` rung, up to what names inputs and outputs: there are neither tokens nor layers."""
    return [
        Clean(),
        Scale(),
        Embedding(),
        Linear(),
        RmsNorm(),
        LayerNorm(),
        Activation(),
        Dead(),
        GatedMlp(),
        Dead(),
        Merge(),
        AddNorm(),
        Dead(),
    ]


def run(
    module: Any, pipeline: Sequence[Pass], watcher: Watcher | None = None, begin: Callable[[int], None] | None = None
) -> None:
    """Runs passes on a module in place, with MLIR's verifier after each. `begin` is called with each one's index before it runs.

    Raises:
        UnsupportedModel: as the passes say.
    """
    with module.context, mlir.ir.Location.unknown():
        for at, step in enumerate(pipeline):
            if begin is not None:
                begin(at)
            before = time.perf_counter()
            step.run(module)
            module.operation.verify()
            if watcher is not None:
                watcher(step.name, module, time.perf_counter() - before)
