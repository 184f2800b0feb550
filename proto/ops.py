"""Every op of a Program: its operands, attributes and meaning. The verifier reads this table, runners implement it.

Legend: T tokens of the ragged batch, C hidden, H query heads, K key/value heads, D key size, E value size, V vocabulary,
X experts, I intermediate, A experts per token, G groups of heads, W width of a convolution. Leading dims written `...` are free. Tensors keep the layout of transformers'
modelling code with a batch of one: hidden states [1, T, C], queries [1, H, T, D]. Which sequence a token belongs to is no
operand: the ops that keep state (`STATEFUL`) read it from the batch that the runner prepares, which is what makes one Program serve any batch.

What no op here covers is `aten.NAME.OVERLOAD` from CORE_ATEN: tensor arguments are operands in schema order (None where absent,
a list where the schema has one), every other argument is an attribute of its schema name (absent: the schema's default, or None where
it has none; symbolic integers are expressions; device, layout, pin_memory and memory_format never travel). Views travel as
aten.reshape, copies that only make a tensor contiguous not at all.
"""

from dataclasses import dataclass

from aweigh.proto.module_aten import MODULE_ATEN


@dataclass(frozen=True, slots=True)
class Signature:
    """Names in order. A trailing ``?`` marks what may be absent, a trailing ``*`` a list of values."""

    operands: tuple[str, ...]
    attributes: tuple[str, ...]
    results: tuple[str, ...]
    meaning: str


OPS: dict[str, Signature] = {
    "weight": Signature((), ("slot",), ("weight",), "the tensor of Program slot `slot`"),
    "embedding": Signature(("ids", "table"), (), ("rows",), "table[ids]"),
    "dequantize": Signature(
        ("packed", "scales", "zeros?"),
        ("kind", "outputs", "dtype"),
        ("weight",),
        "the weight [outputs, C] of few bits that `packed`, `scales` and `zeros` are (aweigh.proto.low_bit), in `dtype`, a name of "
        "torch's: (code - zero) * scale, rounded once. What multiplies by it may leave out that rounding",
    ),
    "linear": Signature(
        ("x", "weight", "bias?"),
        ("transposed?",),
        ("y",),
        "x @ weight.T + bias, weight [out, in]; with `transposed` weight is [in, out] (Conv1D of GPT-2)",
    ),
    "merged_linear": Signature(
        ("x", "weights*", "biases*?"),
        (),
        ("ys*",),
        "one linear per weight over the same x, one result each (QKV, gate/up)",
    ),
    "rms_norm": Signature(
        ("x", "weight?"),
        ("epsilon", "offset?", "cast?"),
        ("y",),
        "x * rsqrt(mean(x^2) + epsilon) in float32, times (weight + offset). `cast` says where the result returns to x's dtype: "
        "'before_weight' (Llama, the default) or 'after_weight' (Gemma)",
    ),
    "add_rms_norm": Signature(
        ("x", "residual", "weight?"),
        ("epsilon", "offset?", "cast?"),
        ("y", "sum"),
        "sum = x + residual; y = rms_norm(sum)",
    ),
    "layer_norm": Signature(
        ("x", "weight?", "bias?"), ("epsilon",), ("y",), "over the last dim, as torch.nn.functional.layer_norm"
    ),
    "add_layer_norm": Signature(
        ("x", "residual", "weight?", "bias?"), ("epsilon",), ("y", "sum"), "sum = x + residual; y = layer_norm(sum)"
    ),
    "rotary": Signature(
        ("x", "cos", "sin"),
        ("interleaved?",),
        ("y",),
        "x [1, H, T, D], cos and sin [1, T, R] with R <= D: the first R features of each head are rotated, the rest passes. "
        "Pairs are (i, i + R/2), or (2i, 2i + 1) with `interleaved`",
    ),
    "attend": Signature(
        ("query", "key", "value", "sinks?", "slopes?", "selection?", "bias?", "relative?"),
        ("state", "scale", "window?", "chunk?", "softcap?", "causal?"),
        ("out",),
        "query [1, H, T, D], key [1, K, T, D], value [1, K, T, E] -> [1, T, H, E]. Appends key and value to KV state `state` of "
        "every token's sequence, then attends over it: head h reads KV head h // (H // K), scores are scaled, soft-capped with "
        "tanh, masked causally, to the last `window` keys, to the `chunk` of positions that holds the query; `sinks` [H], "
        "or [1, T, H], adds a logit to each softmax denominator, `slopes` [H] adds slope * (key position - query position), `bias` [P, H] adds "
        "bias[min(query position - key position, P - 1)] (relative positions of T5: beyond a distance all are alike; with causal attention "
        "only), `relative` [1, H, T, R] adds relative[h, t, d] to the score of the key d positions back, d < R; with `selection` [1, T, N] int32 a token sees of those keys only the ones at the positions that its row names, in any order "
        "(below 0: none)",
    ),
    "varlen_attend": Signature(
        ("query", "key", "value", "visible?"),
        ("scale", "window?", "floor?"),
        ("out",),
        "query [1, H, T, D], key [1, K, T, D], value [1, K, T, E] -> [1, T, H, E]. Every token attends over the tokens of its own sequence, "
        "before and behind it, all of which are in the batch: nothing is kept. Head h reads head h // (H // K), scores are scaled; "
        "keys further away than `window` are hidden, and those where `visible` [1, T] is 0. A hidden key weighs "
        "nothing, and a query that sees none gives 0; with `floor` hidden keys get the least score of the dtype instead, so that such a query "
        "weighs all keys of its sequence alike",
    ),
    "cross_attend": Signature(
        ("query",),
        ("state", "scale", "softcap?"),
        ("out",),
        "query [1, H, T, D] -> [1, T, H, E]. Attends over all keys and values of memory state `state` of every token's sequence (see "
        "ENCODER_FUNCTIONS): head h reads head h // (H // K), scores are scaled and soft-capped with tanh",
    ),
    "select": Signature(
        ("query", "key", "weights?"),
        ("state", "count", "scale", "block?"),
        ("selection",),
        "query [1, T, H, D], key [1, T, D], weights [1, T, H] -> [1, T, count * block + block - 1] int32: for each token, positions of its "
        "sequence, -1 where there are fewer. Appends key to KV state `state` (one head, no values) of every token's sequence. The sequence is cut "
        "into blocks of `block` (1) tokens, and the key of a block's last token stands for it. Of the blocks that end at or before the token, the "
        "`count` with the greatest sum over h of weights[h] * relu(scale * query[h] . key) are chosen, in float32, all if there are not more; "
        "and the tokens behind them, which are no whole block yet",
    ),
    "causal_conv": Signature(
        ("x", "weight", "bias?"),
        ("state", "groups"),
        ("y",),
        "x [1, C, T], weight [O, C // groups, W] -> [1, O, T]: y[o, t] = bias[o] + sum over c and w of weight[o, c, w] * x[c, t - W + 1 + w], "
        "over the tokens of t's own sequence, zero before its first one. Recurrent state `state` [C, W - 1] keeps the last inputs",
    ),
    "scan": Signature(
        ("query", "key", "value", "decay", "rate?", "beta?"),
        ("state", "delta?"),
        ("out",),
        "A linear recurrence over the tokens of each sequence, in float32: query and key [1, T, G, D], value [1, T, H, E], decay [1, T, H] "
        "or [1, T, H, D], rate [H, D], beta [1, T, H] -> [1, T, H, E]. Recurrent state `state` S [H, D, E], zero before the first token. "
        "Per token and head h, with q and k of group h // (H // G): S = exp(decay * rate) * S, row by row; u = value, with `delta` minus "
        "S^T k; u = beta * u; S = S + k u^T; out = S^T q. (Mamba: H channels, E = 1; Mamba 2, lightning attention: no delta)",
    ),
    "log_scan": Signature(
        ("query", "key", "value", "decay", "gain"),
        ("state", "start?", "exclusive?"),
        ("out", "peak"),
        "A linear recurrence whose weights are logarithms of any size, in float32: query and key [1, T, G, D], value [1, T, H, E], decay and "
        "gain [1, T, H] -> out [1, T, H, E], peak [1, T, H]. Recurrent state `state` [H, D, E + 1]: S [H, D, E], zero before the first token, "
        "and in the last column m [H], the same in every row, `start` (minus infinity) before it. Per token and head h, with q and k "
        "of group h // (H // G): n = max(m + decay, gain); S = exp(m + decay - n) * S + exp(gain - n) * k value^T; m = n; out = S^T q, peak = m, "
        "both with `exclusive` as they were before this token. (exp(peak) * out is the sum itself. RWKV, mLSTM)",
    ),
    "activation": Signature(("x",), ("name",), ("y",), "a function of transformers' ACT2FN by its name"),
    "gated_mlp": Signature(
        ("x", "gate", "up", "down", "gate_bias?", "up_bias?", "down_bias?"),
        ("activation",),
        ("y",),
        "down(activation(gate(x)) * up(x))",
    ),
    "experts": Signature(
        ("x", "indices", "weights", "gate_up", "down", "gate_up_bias?", "down_bias?"),
        ("activation", "transposed?", "interleaved?", "limit?", "alpha?"),
        ("y",),
        "x [N, C], indices and weights [N, A], gate_up [X, 2I, C] (or [X, C, 2I] with `transposed`), down [X, C, I]: the weighted sum "
        "over a token's experts of down(activation(gate) * up). With `interleaved` gate and up alternate; `limit` and `alpha` are "
        "gpt-oss's clamp and swish factor",
    ),
}

# Ops that read and write the state of their attribute `state`: done exactly once per step, in order.
STATEFUL: frozenset[str] = frozenset(name for name, signature in OPS.items() if "state" in signature.attributes)

# Those of them whose state has a row per token, in blocks; the others' has one for the whole sequence.
PAGED: frozenset[str] = frozenset(["attend", "select"])

# Ops that read from the batch, and not from an operand, which sequence a token belongs to.
BATCHED: frozenset[str] = STATEFUL | {"varlen_attend"}

VIEWS: frozenset[str] = frozenset(
    f"aten.{name}"
    for name in (
        "alias.default", "chunk.default", "detach.default", "expand.default", "narrow.default", "permute.default",
        "reshape.default", "select.int", "slice.Tensor", "split.Tensor", "split_with_sizes.default", "squeeze.dim",
        "squeeze.dims", "t.default", "transpose.int", "unbind.int", "unflatten.int", "unsqueeze.default", "view.default",
    )
)  # fmt: skip
"""Ops that move nothing: what they give shows their operand. A reshape of what lies in another order is a copy all the same."""

# Core ATen ops that pass as they are. Pure functions of their operands and attributes, without random numbers, without views of
# memory that they do not own, and with shapes that follow from shapes. Grown only by what a model in the coverage table needs.
# A Program of the `module` rung may use those of `MODULE_ATEN` too.
CORE_ATEN: frozenset[str] = frozenset(
    [
        "aten._softmax.default",
        "aten._to_copy.default",
        "aten.abs.default",
        "aten.add.Scalar",
        "aten.add.Tensor",
        "aten.addmm.default",
        "aten.alias.default",
        "aten.amax.default",
        "aten.amin.default",
        "aten.any.dim",
        "aten.arange.default",
        "aten.arange.start",
        "aten.arange.start_step",
        "aten.argmax.default",
        "aten.argsort.default",
        "aten.baddbmm.default",
        "aten.bitwise_and.Tensor",
        "aten.bitwise_not.default",
        "aten.bitwise_or.Tensor",
        "aten.bmm.default",
        "aten.cat.default",
        "aten.ceil.default",
        "aten.chunk.default",
        "aten.clamp.Tensor",
        "aten.clamp.default",
        "aten.clamp_max.default",
        "aten.clamp_min.default",
        "aten.clone.default",
        "aten.constant_pad_nd.default",
        "aten.contiguous.default",
        "aten.conv1d.default",
        "aten.convolution.default",
        "aten.copy.default",
        "aten.cos.default",
        "aten.cumsum.default",
        "aten.detach.default",
        "aten.div.Scalar",
        "aten.div.Tensor",
        "aten.div.Tensor_mode",
        "aten.einsum.default",
        "aten.elu.default",
        "aten.embedding.default",
        "aten.empty.memory_format",
        "aten.eq.Scalar",
        "aten.eq.Tensor",
        "aten.erf.default",
        "aten.exp.default",
        "aten.expand.default",
        "aten.expm1.default",
        "aten.eye.default",
        "aten.flatten.using_ints",
        "aten.flip.default",
        "aten.floor.default",
        "aten.floor_divide.default",
        "aten.full.default",
        "aten.full_like.default",
        "aten.gather.default",
        "aten.ge.Scalar",
        "aten.ge.Tensor",
        "aten.gelu.default",
        "aten.gt.Scalar",
        "aten.gt.Tensor",
        "aten.hardtanh.default",
        "aten.histc.default",
        "aten.index.Tensor",
        "aten.index_add.default",
        "aten.index_put.default",
        "aten.index_select.default",
        "aten.layer_norm.default",
        "aten.le.Scalar",
        "aten.le.Tensor",
        "aten.leaky_relu.default",
        "aten.lift_fresh_copy.default",
        "aten.linear.default",
        "aten.log.default",
        "aten.log1p.default",
        "aten.logical_and.default",
        "aten.logical_not.default",
        "aten.logical_or.default",
        "aten.lt.Scalar",
        "aten.lt.Tensor",
        "aten.masked_fill.Scalar",
        "aten.masked_fill.Tensor",
        "aten.matmul.default",
        "aten.max.dim",
        "aten.maximum.default",
        "aten.mean.default",
        "aten.mean.dim",
        "aten.min.dim",
        "aten.minimum.default",
        "aten.mm.default",
        "aten.movedim.int",
        "aten.mul.Scalar",
        "aten.mul.Tensor",
        "aten.narrow.default",
        "aten.native_layer_norm.default",
        "aten.ne.Scalar",
        "aten.ne.Tensor",
        "aten.neg.default",
        "aten.new_empty.default",
        "aten.new_full.default",
        "aten.new_ones.default",
        "aten.new_zeros.default",
        "aten.norm.ScalarOpt_dim",
        "aten.one_hot.default",
        "aten.ones.default",
        "aten.ones_like.default",
        "aten.permute.default",
        "aten.pow.Scalar",
        "aten.pow.Tensor_Scalar",
        "aten.pow.Tensor_Tensor",
        "aten.reciprocal.default",
        "aten.relu.default",
        "aten.remainder.Scalar",
        "aten.repeat.default",
        "aten.repeat_interleave.self_int",
        "aten.reshape.default",
        "aten.rms_norm.default",
        "aten.rsqrt.default",
        "aten.rsub.Scalar",
        "aten.scalar_tensor.default",
        "aten.scatter.src",
        "aten.scatter.value",
        "aten.scatter_add.default",
        "aten.select.int",
        "aten.sigmoid.default",
        "aten.sign.default",
        "aten.silu.default",
        "aten.sin.default",
        "aten.slice.Tensor",
        "aten.slice_scatter.default",
        "aten.softmax.int",
        "aten.softplus.default",
        "aten.sort.default",
        "aten.split.Tensor",
        "aten.split_with_sizes.default",
        "aten.sqrt.default",
        "aten.squeeze.dim",
        "aten.squeeze.dims",
        "aten.stack.default",
        "aten.sub.Scalar",
        "aten.sub.Tensor",
        "aten.sum.default",
        "aten.sum.dim_IntList",
        "aten.t.default",
        "aten.tan.default",
        "aten.tanh.default",
        "aten.topk.default",
        "aten.transpose.int",
        "aten.tril.default",
        "aten.triu.default",
        "aten.type_as.default",
        "aten.unbind.int",
        "aten.unflatten.int",
        "aten.unsqueeze.default",
        "aten.view.default",
        "aten.where.self",
        "aten.zeros.default",
        "aten.zeros_like.default",
    ]
).union(MODULE_ATEN)

# Names that the functions of a causal language model's Program may use for their inputs; the runner supplies these.
#   token_ids [1, T] int64; positions [1, T] int64; embeddings [1, T, C]; hidden [1, R, C], the rows that the logits are wanted for.
# Functions: "embed" (token_ids [, positions]) -> embeddings; "body" (embeddings and/or token_ids, positions) -> hidden [1, T, C], and the
# optional outputs "hidden_states" [L + 1, 1, T, C] and "attentions"; "head" (hidden) -> logits [1, R, V]. A model that does not split
# has "body" from token_ids, and a head that may be the identity.
INPUT_NAMES = ("token_ids", "positions", "embeddings", "hidden")

# A model with an encoder has two functions more. They keep no state and run once per sequence, before its first token:
# "encode" (what the encoder of transformers takes, for one row: token_ids [1, S] int64, attention_mask [1, S] int64, or input_features, ...)
# -> "encoded" [1, S', C]; "memorise" (encoded [1, S', C]) -> for every memory state n, "key.n" [1, K, S', D] and "value.n" [1, K, S', E].
# Rows of `encoded` that an attention mask of the same length hides are dropped in between.
ENCODER_FUNCTIONS = ("encode", "memorise")

# A text encoder may be one function over the tokens of many calls, one sequence behind the other (R sequences, T tokens, nothing between them).
# Its inputs are the call's tensors by their numbers, each [1, T] of integers, and what the runner supplies: `positions` [1, T], a token's place in
# its sequence; `starts` [1, T], the place in the batch of the first token of a token's sequence; `rows` [R], the first tokens' places. All
# int64. Outputs, by their numbers too, are [1, T, ...] or [R, ...]. It keeps no state.
RAGGED = "ragged"
RAGGED_INPUTS = ("positions", "starts", "rows")
