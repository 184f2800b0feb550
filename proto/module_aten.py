"""Core ATen ops that only Programs of the `module` rung hold; `aweigh.proto.ops.CORE_ATEN` is these and those of every rung.

No tokens of other sequences are near in such a Program, so that an operator stays whole where its kernel is faster than its parts. Each is
pure in the form in which it may stand in a Program: an attribute of `AT_REST` is absent or has the value that it has there.
"""

from collections.abc import Mapping

MODULE_ATEN: frozenset[str] = frozenset(
    f"aten.{name}"
    for name in """
    __and__.Tensor __or__.Tensor _adaptive_avg_pool2d.default _adaptive_avg_pool3d.default _cdist_forward.default
    _log_softmax.default _native_batch_norm_legit_no_training.default _pdist_forward.default
    _upsample_bicubic2d_aa.default _upsample_bilinear2d_aa.default acos.default acosh.default
    adaptive_avg_pool1d.default adaptive_avg_pool2d.default adaptive_avg_pool3d.default adaptive_max_pool2d.default
    addcdiv.default addcmul.default all.default all.dim aminmax.default any.default any.dims argmin.default
    asin.default asinh.default atan.default atan2.default atanh.default avg_pool1d.default avg_pool2d.default
    avg_pool3d.default bitwise_and.Scalar bitwise_left_shift.Tensor_Scalar bitwise_or.Scalar
    bitwise_right_shift.Tensor_Scalar bitwise_xor.Tensor celu.default channel_shuffle.default col2im.default
    conv1d.padding conv2d.default conv2d.padding conv3d.default conv3d.padding conv_transpose1d.default
    conv_transpose2d.input conv_transpose3d.input cosh.default cummax.default cummin.default cumprod.default
    diag_embed.default diagonal.default div.Scalar_mode erfc.default erfinv.default exp2.default fill.Scalar
    floor_divide.Scalar fmod.Scalar fmod.Tensor frac.default frobenius_norm.dim glu.default grid_sampler_2d.default
    grid_sampler_3d.default group_norm.default gru.input hardshrink.default hardsigmoid.default hardswish.default
    hypot.default im2col.default index_copy.default index_fill.int_Scalar isfinite.default
    isinf.default isnan.default kthvalue.default lerp.Scalar lerp.Tensor linalg_vector_norm.default log10.default
    log2.default log_sigmoid_forward.default log_softmax.int logaddexp.default logical_xor.default logit.default
    logsumexp.default lstm.input max.default max_pool1d.default max_pool2d.default max_pool2d_with_indices.default
    max_pool3d.default max_pool3d_with_indices.default median.dim min.default mish.default mv.default
    nan_to_num.default native_group_norm.default pixel_shuffle.default pixel_unshuffle.default polar.default
    prelu.default prod.default prod.dim_int reflection_pad1d.default reflection_pad2d.default
    reflection_pad3d.default relu6.default remainder.Tensor replication_pad1d.default replication_pad2d.default
    replication_pad3d.default rnn_relu.input rnn_tanh.input roll.default round.decimals round.default rsub.Tensor
    scaled_dot_product_attention.default scatter_reduce.two select_scatter.default selu.default sgn.default sinh.default
    softshrink.default sort.stable square.default squeeze.default std.correction std.dim threshold.default
    tile.default trunc.default unfold.default upsample_bicubic2d.default upsample_bicubic2d.vec
    upsample_bilinear2d.default upsample_bilinear2d.vec upsample_linear1d.default upsample_linear1d.vec
    upsample_nearest1d.default upsample_nearest1d.vec upsample_nearest2d.default upsample_nearest2d.vec
    upsample_nearest3d.vec upsample_trilinear3d.vec var.correction var.dim var_mean.correction xlogy.Tensor
    """.split()
)

# By attribute: what it must be, so that an operator draws no random numbers and writes to none of its operands.
AT_REST: Mapping[str, object] = {"dropout_p": 0.0, "train": False, "training": False}
