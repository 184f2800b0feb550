"""The interface of the kernels: functions from tensors to tensors, one implementation ("master") per device family.

Legend: T tokens in batch, S sequences in batch, H query heads, K KV heads, D key head size, E value head size, R rotated
features, P rotated pairs, G groups of heads, W width of a convolution, O output features, C hidden, I intermediate, X experts, A experts per token, V vocabulary; `...` any leading dimensions.

Promises, for every method of every master:
- Operands are not modified, except the KV pool by `write_kv` and `select`, and blocks of recurrent state by `causal_conv`, `scan` and `log_scan`. Results are fresh tensors (a residual sum may be one of them).
- Input tensors may be strided views whose last dimension is contiguous; outputs are in the dtype of `x` (or `query`).
- Nothing is read back from the device, except by `experts` in masters that say so.
- The cast order is that of transformers' modelling code, so that bfloat16 rounds where it rounds there.
- A token's results do not depend on who shares the call: not on mates' values (NaN stays with its owner) and not, in any bit, on
  how many rows there are, on how its prompt is cut into chunks, or on where its blocks lie. What was measured for that, and
  what it costs, stands in `reference/linear.py`, `reference/tile.py`, `cpu/projection.py`, `cpu/attention.py` and `triton/attention.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from torch import Tensor
from torch import dtype as DType

from aweigh.kernels.kv import KvLayer
from aweigh.kernels.ragged import NO_BLOCK, NO_SLOT, Ragged
from aweigh.kernels.recurrent import RecurrentLayer
from aweigh.kernels.weight import LowBit, Matrix, Slot, Weight, optional_tensor_of, tensor_of

__all__ = [
    "NO_BLOCK",
    "NO_SLOT",
    "Cast",
    "Drawn",
    "Experts",
    "Kernels",
    "KvLayer",
    "LowBit",
    "LowBitKind",
    "Matrix",
    "Ragged",
    "RecurrentLayer",
    "Slot",
    "Weight",
    "optional_tensor_of",
    "tensor_of",
]

Cast = Literal["before_weight", "after_weight"]


@dataclass(frozen=True, slots=True)
class LowBitKind:
    """Of matrices of few bits: the dtype that they stand for, how codes are packed, the dtype of scales, whether there are zeros."""

    dtype: DType
    kind: str
    scale: DType
    has_zeros: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """What `Kernels.draw` returns per row: the token (int64), the greatest score (float32; NaN if any is none), and whether it is surely that token (bool)."""

    tokens_R: Tensor
    scores_R: Tensor
    sure_R: Tensor


@dataclass(frozen=True, slots=True)
class Experts:
    """What `Kernels.experts` returns: `out_TC`, and exactly which experts were read: (expert, rows), by ascending expert."""

    out_TC: Tensor
    hits: tuple[tuple[int, int], ...]


class Kernels(Protocol):
    """A master. Stateless: one object serves every model, thread and step."""

    @property
    def name(self) -> str:
        """The name under which `aweigh.kernels.load` finds it."""

    def prepare(self, dtypes: Iterable[DType], low_bit: Iterable[LowBitKind] = ()) -> None:
        """Compiles what models with matrices of these dtypes and kinds will need, so that no first token waits for it."""

    def write_kv(self, key_TKD: Tensor, value_TKE: Tensor, layer: KvLayer, ragged: Ragged) -> None:
        """Writes every token's key and value to its slot of the layer (cast to the pool's dtype); NO_SLOT is skipped."""

    def attend(
        self,
        query_THD: Tensor,
        layer: KvLayer,
        ragged: Ragged,
        *,
        scale: float,
        window: int | None = None,
        chunk: int | None = None,
        softcap: float | None = None,
        sinks_H: Weight | None = None,
        alibi_slopes_H: Weight | None = None,
        selection_TN: Tensor | None = None,
        bias_PH: Tensor | None = None,
        relative_THR: Tensor | None = None,
        sinks_TH: Tensor | None = None,
        causal: bool = True,
    ) -> Tensor:
        """Attends from this step's queries to the KV of their sequences; `write_kv` of the step comes before.

        Query head h uses KV head h // (H // K). A query at position p sees keys k of its own sequence with: k <= p if `causal`;
        p - k < `window` (if not causal: |p - k| <= `window`); k // `chunk` == p // `chunk` (Llama 4). Scores are
        (query . key) * scale, then softcap * tanh(score / softcap), then + slope[h] * (k - p), then
        + bias[min(p - k, P - 1), h] (`causal` only), then + relative[p, h, p - k] where 0 <= p - k < R. `sinks_H` [H] adds one logit per
        head to the softmax's denominator, `sinks_TH` [T, H] one per query and head. `selection_TN` [T, N] int32: of those keys a query sees only the ones at the positions in its
        row; positions that are none count for nothing. Softmax in float32. Only blocks that some query of the step sees are read.

        Returns:
            [T, H, E] in the dtype of the query.
        """

    def varlen_attend(
        self,
        query_THD: Tensor,
        key_TKD: Tensor,
        value_TKE: Tensor,
        ragged: Ragged,
        *,
        scale: float,
        window: int | None = None,
        visible_T: Tensor | None = None,
        floor: bool = False,
    ) -> Tensor:
        """Attends from every token to all tokens of its sequence, of which none is kept; `ragged` has no blocks.

        Query head h uses head h // (H // K). Hidden are keys further away than `window`, and those where `visible_T` is 0: they weigh nothing, and
        a query that sees none gives 0. With `floor` they get the least finite score instead. Softmax in float32.

        Returns:
            [T, H, E] in the dtype of the query.
        """

    def select(
        self,
        query_THD: Tensor,
        key_TD: Tensor,
        layer: KvLayer,
        ragged: Ragged,
        *,
        count: int,
        scale: float,
        block: int = 1,
        weights_TH: Tensor | None = None,
    ) -> Tensor:
        """Writes every token's key to its slot of the layer, whose values have size 0, then chooses keys for every token.

        A sequence is cut into blocks of `block` tokens, the key of a block's last token stands for it. Of the whole blocks at or before a
        token, the `count` with the greatest sum over heads of weight * relu(scale * query . key), in float32, are chosen, all if there
        are not more, and the tokens behind the last whole block. What is absent of weights is 1.

        Returns:
            [T, count * block + block - 1] int32: positions in the token's sequence, -1 where there are fewer.
        """

    def causal_conv(
        self,
        x_CT: Tensor,
        weight_OSW: Weight,
        bias_O: Weight | None,
        layer: RecurrentLayer,
        ragged: Ragged,
        *,
        groups: int,
    ) -> Tensor:
        """y[o, t] = bias[o] + sum of weight[o, s, w] * x[group(o) * S + s, t - W + 1 + w], over the tokens of t's own sequence: [O, T].

        Inputs before the first token are zero. The layer's state [C, W - 1] is the last inputs; it is read and written as `ragged.states` says.
        """

    def scan(
        self,
        query_TGD: Tensor,
        key_TGD: Tensor,
        value_THE: Tensor,
        decay_TH: Tensor,
        layer: RecurrentLayer,
        ragged: Ragged,
        *,
        rate_HD: Weight | None = None,
        beta_TH: Tensor | None = None,
        delta: bool = False,
    ) -> Tensor:
        """A linear recurrence over the tokens of each sequence, in float32, with the layer's state S [H, D, E] of float32.

        Per token and head h, with q and k of group h // (H // G): S = exp(decay * rate) * S, row by row; u = value, with `delta` minus S^T k;
        u = beta * u; S = S + k u^T; out = S^T q. `decay` is [T, H] or [T, H, D]; what is absent is 1.

        Returns:
            [T, H, E] in the dtype of the value.
        """

    def log_scan(
        self,
        query_TGD: Tensor,
        key_TGD: Tensor,
        value_THE: Tensor,
        decay_TH: Tensor,
        gain_TH: Tensor,
        layer: RecurrentLayer,
        ragged: Ragged,
        *,
        start: float | None = None,
        exclusive: bool = False,
    ) -> tuple[Tensor, Tensor]:
        """A linear recurrence whose weights are logarithms of any size, in float32, with the layer's state [H, D, E + 1] of float32.

        The state is S [H, D, E] and, in the last column, m [H], `start` (minus infinity) before the first token. Per token and head h,
        with q and k of group h // (H // G): n = max(m + decay, gain); S = exp(m + decay - n) * S + exp(gain - n) * k value^T; m = n;
        out = S^T q and peak = m, both with `exclusive` as they were before the token.

        Returns:
            out [T, H, E] in the dtype of the value, and peak [T, H] in float32.
        """

    def rms_norm(
        self, x: Tensor, weight_C: Weight | None, epsilon: float, *, offset: float = 0.0, cast: Cast = "before_weight"
    ) -> Tensor:
        """x [..., C] * rsqrt(mean(x^2) + epsilon) in float32, times (weight + offset).

        `cast`: the result returns to the dtype of x before the weight is multiplied (Llama) or after it (Gemma, gpt-oss).
        """

    def add_rms_norm(
        self,
        x: Tensor,
        residual: Tensor,
        weight_C: Weight | None,
        epsilon: float,
        *,
        offset: float = 0.0,
        cast: Cast = "before_weight",
    ) -> tuple[Tensor, Tensor]:
        """Returns (rms_norm(sum), sum) with sum = x + residual in their dtype."""

    def layer_norm(self, x: Tensor, weight_C: Weight | None, bias_C: Weight | None, epsilon: float) -> Tensor:
        """Over the last dimension, as torch.nn.functional.layer_norm."""

    def add_layer_norm(
        self, x: Tensor, residual: Tensor, weight_C: Weight | None, bias_C: Weight | None, epsilon: float
    ) -> tuple[Tensor, Tensor]:
        """Returns (layer_norm(sum), sum) with sum = x + residual."""

    def add(self, x: Tensor, residual: Tensor) -> Tensor:
        """x + residual."""

    def rotary(self, x_THD: Tensor, cos_TR: Tensor, sin_TR: Tensor, *, interleaved: bool = False) -> Tensor:
        """Rotates the first R features of each head, the rest passes: x * cos + rotate(x) * sin, then the dtype of x.

        cos and sin have one value per feature, every angle twice. Pairs are (i, i + R/2), or (2i, 2i + 1) with `interleaved`.
        Computed in the promoted dtype of x and cos, as transformers does.
        """

    def rotary_pairs(self, x_THD: Tensor, cos_TP: Tensor, sin_TP: Tensor, *, interleaved: bool = False) -> Tensor:
        """`rotary` with one angle per pair: cos and sin are [T, P], P = R/2 (gpt-oss, GLM)."""

    def embedding(self, ids_T: Tensor, table_VC: Weight) -> Tensor:
        """table[ids]: [T, C]. Ids must be in range: whoever took them from a user has checked them."""

    def dequantize(
        self, packed: Weight, scales: Weight, zeros: Weight | None = None, *, kind: str, outputs: int, dtype: DType
    ) -> Tensor:
        """A low-bit weight as a matrix [outputs, C] of `dtype`; `low_bit.py` says what its parts are."""

    def best(self, x_RV: Tensor) -> tuple[Tensor, Tensor]:
        """The place of each row's greatest value, the first of equals, and the value: int64 [R] and [R] of the dtype of x.

        Where a row holds NaN the value is NaN.
        """

    def softmax(self, x: Tensor) -> Tensor:
        """Over the last dimension, in float32."""

    def topk(self, x: Tensor, count: int) -> tuple[Tensor, Tensor]:
        """The `count` greatest of the last dimension, from the greatest on, and their places (int64)."""

    def linear(self, x: Tensor, weight_OC: Matrix, bias_O: Weight | None = None) -> Tensor:
        """x [..., C] @ weight.T + bias. A transposed weight (GPT-2's Conv1D) is given as its transposed view.

        The weight may be a `LowBit` here, in `merged_linear` and in `gated_mlp`: its value is what `dequantize` makes of it, but for the rounding.
        """

    def merged_linear(
        self, x: Tensor, weights: Sequence[Matrix], biases: Sequence[Weight | None] | None = None
    ) -> tuple[Tensor, ...]:
        """One `linear` per weight over the same x: Q, K and V; gate and up."""

    def activation(self, x: Tensor, name: str) -> Tensor:
        """A function of transformers' ACT2FN by its name.

        Raises:
            ValueError: no such name.
        """

    def gated_mlp(
        self,
        x: Tensor,
        gate_IC: Matrix,
        up_IC: Matrix,
        down_CI: Matrix,
        *,
        activation: str,
        gate_bias_I: Weight | None = None,
        up_bias_I: Weight | None = None,
        down_bias_C: Weight | None = None,
    ) -> Tensor:
        """down(activation(gate(x)) * up(x))."""

    def draw(
        self, logits_RV: Tensor, temperature_R: Tensor, top_k_R: Tensor, top_p_R: Tensor, uniform_R: Tensor
    ) -> Drawn | None:
        """Draws a token per row: scores are logits / temperature in float32; of the `top_k` greatest (and their equals) those that together
        reach `top_p`; the first token whose cumulative probability exceeds `uniform`.

        What exactly that is says the engine's own chain on a CPU (`engine/sampling`): where a row is not sure, ask there, and for all rows if there is None.

        Args:
            logits_RV: floats, contiguous in V. temperature_R: float32, above 0. top_k_R: int32, 1 to V. top_p_R: float64, above 0; 1: all. uniform_R: float64 in [0, 1).
        """

    def experts(
        self,
        x_TC: Tensor,
        ids_TA: Tensor,
        weights_TA: Tensor,
        gate_up: Weight | Sequence[Weight],
        down: Weight | Sequence[Weight],
        *,
        activation: str,
        gate_up_bias: Weight | Sequence[Weight] | None = None,
        down_bias: Weight | Sequence[Weight] | None = None,
        transposed: bool = False,
        interleaved: bool = False,
        gated: bool = True,
        limit: float | None = None,
        alpha: float | None = None,
    ) -> Experts:
        """The weighted sum, over the experts of each token, of down(gate) where gate = activation(g) * u of gate_up(x).

        Weights are one tensor [X, ...] or one tensor per expert: gate_up [2I, C], down [C, I]; `transposed`: [C, 2I], [I, C].
        g and u are the halves of gate_up, or alternate with `interleaved`; without `gated` gate_up is [I, C] and
        gate = activation(u). `limit` clamps g from above and u on both sides; `alpha` replaces the gate by
        (u + 1) * g * sigmoid(alpha * g) (gpt-oss). Only weights of the experts that were hit are touched; ids outside 0..X-1 are
        dropped. The sum over a token's experts runs in their order in `ids_TA`, in the promoted dtype.
        """
