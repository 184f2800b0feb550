"""The other reference kernels against transformers' own modules, in float32 and in bfloat16: bit for bit.

Matrix products agree bit for bit from the row count on at which torch's rows stop depending on it (`least_rows`).
"""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers.activations import ACT2FN
from transformers.models.cohere import modeling_cohere
from transformers.models.gemma3 import modeling_gemma3
from transformers.models.gpt_neox import modeling_gpt_neox
from transformers.models.gpt_oss import GptOssConfig, modeling_gpt_oss
from transformers.models.gptj import modeling_gptj
from transformers.models.llama import LlamaConfig, modeling_llama
from transformers.models.mixtral import MixtralConfig, modeling_mixtral
from transformers.pytorch_utils import Conv1D

from aweigh.kernels import load
from aweigh.kernels.reference.activation import ACTIVATIONS

DTYPES = [torch.float32, torch.bfloat16]
ROWS = [1, 3, 17]
ENOUGH = 8
kernels = load("reference")


def random(*shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape))).to(dtype)


@pytest.fixture(autouse=True)
def no_grad() -> Any:
    with torch.no_grad():
        yield


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("hidden", [64, 896, 100])
def test_rms_norm(dtype: torch.dtype, rows: int, hidden: int) -> None:
    x, residual = random(rows, hidden, dtype=dtype), random(rows, 2, hidden, dtype=dtype)[:, 0]
    weight = random(hidden, dtype=dtype)
    for module, arguments in (
        (modeling_llama.LlamaRMSNorm(hidden, 1e-5), {}),
        (modeling_gpt_oss.GptOssRMSNorm(hidden, 1e-5), {"cast": "after_weight"}),
        (modeling_gemma3.Gemma3RMSNorm(hidden, 1e-5), {"cast": "after_weight", "offset": 1.0}),
    ):
        module.weight = nn.Parameter(weight)
        assert torch.equal(kernels.rms_norm(x, weight, 1e-5, **arguments), module(x)), module
        normed, total = kernels.add_rms_norm(x, residual, weight, 1e-5, **arguments)
        assert torch.equal(total, x + residual)
        assert torch.equal(normed, module(x + residual))
    bare = modeling_llama.LlamaRMSNorm(hidden, 1e-5).to(dtype)
    assert torch.equal(kernels.rms_norm(x, None, 1e-5), bare(x))


@pytest.mark.parametrize("dtype", DTYPES)
def test_layer_norm(dtype: torch.dtype) -> None:
    x, residual, weight, bias = (random(*shape, dtype=dtype) for shape in [(3, 64), (3, 64), (64,), (64,)])
    expected = functional.layer_norm(x, (64,), weight, bias, 1e-5)
    assert torch.equal(kernels.layer_norm(x, weight, bias, 1e-5), expected)
    normed, total = kernels.add_layer_norm(x, residual, weight, None, 1e-5)
    assert torch.equal(total, x + residual) and torch.equal(kernels.add(x, residual), total)
    assert torch.equal(normed, functional.layer_norm(total, (64,), weight, None, 1e-5))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("rows", ROWS)
def test_rotary_in_halves(dtype: torch.dtype, rows: int) -> None:
    q, angle = random(rows, 4, 16, dtype=dtype), random(rows, 8)
    full = torch.cat((angle, angle), -1)
    cos, sin = full.cos().to(dtype), full.sin().to(dtype)
    expected, _ = modeling_llama.apply_rotary_pos_emb(q, q, cos, sin)
    assert torch.equal(kernels.rotary(q, cos, sin), expected)
    laid_out = q.transpose(0, 1).contiguous().transpose(0, 1)
    assert torch.equal(kernels.rotary(laid_out, cos, sin), expected)
    pairs = (angle.cos().to(dtype), angle.sin().to(dtype))
    expected = modeling_gpt_oss._apply_rotary_emb(q, pairs[0][:, None], pairs[1][:, None])
    assert torch.equal(kernels.rotary_pairs(q, *pairs), expected)


@pytest.mark.parametrize("dtype", DTYPES)
def test_rotary_partial(dtype: torch.dtype) -> None:
    q, angle = random(5, 4, 16, dtype=dtype), random(5, 3)
    full = torch.cat((angle, angle), -1)
    cos, sin = full.cos().to(dtype), full.sin().to(dtype)
    expected, _ = modeling_gpt_neox.apply_rotary_pos_emb(q, q, cos, sin, unsqueeze_dim=1)
    assert torch.equal(kernels.rotary(q, cos, sin), expected)


@pytest.mark.parametrize("dtype", DTYPES)
def test_rotary_interleaved(dtype: torch.dtype) -> None:
    q, angle = random(5, 4, 16, dtype=dtype), random(5, 8)
    cos, sin = angle.cos().to(dtype), angle.sin().to(dtype)
    expected = modeling_gptj.apply_rotary_pos_emb(q[None], sin[None], cos[None])[0]
    assert torch.equal(kernels.rotary_pairs(q, cos, sin, interleaved=True), expected)
    cos, sin = angle.cos().repeat_interleave(2, -1), angle.sin().repeat_interleave(2, -1)
    expected, _ = modeling_cohere.apply_rotary_pos_emb(q, q, cos, sin)  # float32 angles: computed in float32, then cast
    assert torch.equal(kernels.rotary(q, cos, sin, interleaved=True), expected)


@pytest.mark.parametrize("dtype", DTYPES)
def test_activations(dtype: torch.dtype) -> None:
    x = random(3, 1024, dtype=dtype) * 4
    for name in ACTIVATIONS:
        assert torch.equal(kernels.activation(x, name), ACT2FN[name](x)), name
    assert set(ACT2FN) - set(ACTIVATIONS) == {"prelu", "xielu"}
    with pytest.raises(ValueError, match="no activation 'gleu'"):
        kernels.activation(x, "gleu")


@pytest.mark.parametrize("dtype", DTYPES)
def test_projections(dtype: torch.dtype) -> None:
    x, table = random(ENOUGH, 64, dtype=dtype), random(100, 64, dtype=dtype)
    conv = Conv1D(96, 64).to(dtype)
    nn.init.normal_(conv.bias)
    assert torch.equal(kernels.linear(x, conv.weight.t(), conv.bias), conv(x))
    weights = [random(n, 64, dtype=dtype) for n in (64, 32, 16)]
    biases = [random(64, dtype=dtype), None, random(16, dtype=dtype)]
    outs = kernels.merged_linear(x, weights, biases)
    assert [out.shape[1] for out in outs] == [64, 32, 16]
    for out, weight, bias in zip(outs, weights, biases, strict=True):
        assert torch.equal(out, functional.linear(x, weight, bias))
    ids = torch.tensor([5, 0, 99])
    assert torch.equal(kernels.embedding(ids, table), table[ids])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("bias", [False, True])
def test_gated_mlp(dtype: torch.dtype, bias: bool) -> None:
    config = LlamaConfig(hidden_size=64, intermediate_size=96, hidden_act="gelu_new", mlp_bias=bias)
    mlp, x = modeling_llama.LlamaMLP(config).to(dtype), random(ENOUGH, 64, dtype=dtype)
    out = kernels.gated_mlp(
        x,
        mlp.gate_proj.weight,
        mlp.up_proj.weight,
        mlp.down_proj.weight,
        activation="gelu_new",
        gate_bias_I=mlp.gate_proj.bias,
        up_bias_I=mlp.up_proj.bias,
        down_bias_C=mlp.down_proj.bias,
    )
    assert torch.equal(out, mlp(x))


def routes(rows: int, per_token: int, count: int) -> tuple[Tensor, Tensor]:
    scores = random(rows, count).softmax(-1)
    weights, ids = scores.topk(per_token, -1)
    return ids, weights


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("rows", ROWS)
def test_experts_of_mixtral(dtype: torch.dtype, rows: int) -> None:
    config = MixtralConfig(hidden_size=64, intermediate_size=48, num_local_experts=6, num_experts_per_tok=2)
    config._experts_implementation = "grouped_mm"
    module = modeling_mixtral.MixtralExperts(config)
    for parameter in module.parameters():
        nn.init.normal_(parameter, std=0.2)
    module, x = module.to(dtype), random(rows, 64, dtype=dtype)
    ids, weights = routes(rows, 2, 6)
    result = kernels.experts(x, ids, weights, module.gate_up_proj, module.down_proj, activation="silu")
    tolerance = 1e-5 if dtype == torch.float32 else 2**-7
    torch.testing.assert_close(result.out_TC, module(x, ids, weights), atol=tolerance, rtol=tolerance)
    hits = ids.flatten().bincount(minlength=6).tolist()
    assert result.hits == tuple((expert, count) for expert, count in enumerate(hits) if count)
    one_each = kernels.experts(x, ids, weights, list(module.gate_up_proj), list(module.down_proj), activation="silu")
    assert torch.equal(one_each.out_TC, result.out_TC)


@pytest.mark.parametrize("dtype", DTYPES)
def test_experts_of_gpt_oss(dtype: torch.dtype) -> None:
    config = GptOssConfig(hidden_size=64, intermediate_size=48, num_local_experts=6, num_experts_per_tok=3)
    config._experts_implementation = "grouped_mm"
    module = modeling_gpt_oss.GptOssExperts(config)
    for parameter in module.parameters():
        nn.init.normal_(parameter, std=0.5)
    module, x = module.to(dtype), random(9, 64, dtype=dtype)
    ids, weights = routes(9, 3, 6)
    out = kernels.experts(
        x,
        ids,
        weights.to(dtype),
        module.gate_up_proj,
        module.down_proj,
        activation="silu",
        gate_up_bias=module.gate_up_proj_bias,
        down_bias=module.down_proj_bias,
        transposed=True,
        interleaved=True,
        limit=config.swiglu_limit,
        alpha=config.swiglu_alpha,
    ).out_TC
    expected = module(x, ids, weights.to(dtype))
    tolerance = 2e-5 if dtype == torch.float32 else 2**-5
    torch.testing.assert_close(out, expected, atol=tolerance, rtol=tolerance)


def test_experts_touch_only_what_was_hit_and_drop_sentinels() -> None:
    gate_up, down = random(4, 32, 16), random(4, 16, 16)
    ids, weights = torch.tensor([[1, 4], [4, 1], [-1, 4]]), torch.ones(3, 2)
    gate_up[[0, 2, 3]], down[[0, 2, 3]] = float("nan"), float("nan")
    x = random(3, 16)
    result = kernels.experts(x, ids, weights, gate_up, down, activation="relu")
    assert result.hits == ((1, 2),)
    gate, up = functional.linear(x, gate_up[1]).chunk(2, -1)
    expected = functional.linear(gate.relu() * up, down[1])
    torch.testing.assert_close(result.out_TC[:2], expected[:2])
    assert not result.out_TC[2].any()


def test_experts_without_a_gate_and_with_a_limit() -> None:
    up, down, x = random(2, 16, 8), random(2, 8, 16), random(3, 8) * 9
    ids, weights = torch.zeros(3, 1, dtype=torch.int64), torch.ones(3, 1)
    out = kernels.experts(x, ids, weights, up, down, activation="relu2", gated=False).out_TC
    expected = functional.linear(ACT2FN["relu2"](functional.linear(x, up[0])), down[0])
    torch.testing.assert_close(out, expected, rtol=1e-5, atol=1e-3)
    out = kernels.experts(x, ids, weights, up, random(2, 8, 8), activation="silu", limit=2.0).out_TC
    gate, value = functional.linear(x, up[0]).chunk(2, -1)
    expected = functional.silu(gate.clamp(max=2.0)) * value.clamp(-2.0, 2.0)
    torch.testing.assert_close(out, functional.linear(expected, random(2, 8, 8)[0]))
