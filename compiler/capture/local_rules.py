"""Which operators of the closed list treat tokens alike, by class: the table that `locality.py` reads."""


def _aten(names: str) -> frozenset[str]:
    return frozenset(f"aten.{name}" for name in names.split())


POINTWISE = _aten(
    "abs add addcdiv addcmul alias bitwise_and bitwise_not bitwise_or ceil clamp clamp_max clamp_min clone contiguous copy cos "
    "detach div elu eq erf exp expm1 fill floor floor_divide fmod full_like ge gelu gt hardtanh isinf isnan le leaky_relu "
    "lift_fresh_copy log log1p log_sigmoid_forward logical_and logical_not logical_or lt masked_fill maximum minimum mul ne neg "
    "new_empty_like ones_like pow reciprocal relu remainder round rsqrt rsub sigmoid sign silu sin softplus sqrt square sub tan "
    "tanh to type_as where zeros_like _to_copy empty_like logical_xor bitwise_xor exp2 softsign threshold mish hardswish"
)
"""Element by element, with broadcasting."""

REDUCES = _aten(
    "_softmax _log_softmax all amax amin any argmax argmin argsort cummax cummin cumprod cumsum flip glu log_softmax logcumsumexp "
    "logsumexp max mean median min norm prod roll softmax sort std sum topk tril triu var linalg_vector_norm var_mean kthvalue"
)
"""Along the dimensions that an argument names, or all of them if none."""

VIEWS = _aten("_unsafe_view flatten reshape unflatten view")
"""Keep the order of elements and change the shape."""

MOVES = _aten("expand movedim permute squeeze t transpose unsqueeze")
"""Move whole dimensions."""

ALONG = _aten(
    "cat chunk constant_pad_nd diff gather index_add index_select narrow one_hot repeat repeat_interleave scatter "
    "scatter_add scatter_reduce select select_scatter slice slice_scatter split split_with_sizes stack unbind unfold"
)
"""Take apart or put together along one dimension, which may not be that of tokens."""

MATRIX = _aten("addmm baddbmm bmm einsum linear matmul mm mv dot")

NORMS = _aten("layer_norm native_layer_norm rms_norm _fused_rms_norm")

CREATES = _aten("arange empty eye full new_empty new_full new_ones new_zeros ones scalar_tensor zeros linspace")

# The dimension that counts tokens in every operand that has any.
SEQUENTIAL = {
    "aweigh.causal_conv": 2,
    "aweigh.scan": 1,
    "aweigh.log_scan": 1,
    "aweigh.select": 1,
    "aweigh.running_count": 1,
    "aweigh.row_sum": 1,
}
