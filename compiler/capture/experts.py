"""Our experts implementation: one opaque `aweigh::experts` where its gate is of a known kind, plain batched products elsewhere.

A model may override the gate (gpt-oss clamps and shifts it). Which kind a gate is, is found by calling it on random numbers and
comparing with the candidates: modelling code is copied and renamed too freely for a look at names or source.
"""

from typing import Any

import torch
from transformers.activations import ACT2FN
from transformers.integrations.moe import batched_mm_experts_forward

import aweigh.compiler.capture.operators  # noqa: F401  (defines torch.ops.aweigh)

_WIDTH = 16
_EXACT = 1e-6


def _swiglu_clamped(gate: torch.Tensor, up: torch.Tensor, limit: float, alpha: float) -> torch.Tensor:
    gate, up = gate.clamp(max=limit), up.clamp(-limit, limit)
    return gate * torch.sigmoid(gate * alpha) * (up + 1)


def _halves(gate_up: torch.Tensor, interleaved: bool) -> tuple[torch.Tensor, torch.Tensor]:
    if interleaved:
        return gate_up[..., ::2], gate_up[..., 1::2]
    gate, up = gate_up.chunk(2, dim=-1)
    return gate, up


def gate_kind(module: torch.nn.Module) -> dict[str, Any] | None:
    """Returns the attributes `activation`, `interleaved`, `limit`, `alpha` of a module's gate, or None if it is of no known kind."""
    generator = torch.Generator().manual_seed(0)
    gate_up = torch.randn(64, 2 * _WIDTH, generator=generator, dtype=torch.float64) * 4
    try:
        wanted = module._apply_gate(gate_up)  # type: ignore[operator]
    except Exception:  # noqa: BLE001 (modelling code may raise anything)
        return None  # the gate needs more than its argument: no kind that we know
    limit, alpha = getattr(module, "limit", None), getattr(module, "alpha", None)
    for interleaved in (False, True):
        gate, up = _halves(gate_up, interleaved)
        if isinstance(limit, float | int) and isinstance(alpha, float | int):
            clamped = _swiglu_clamped(gate, up, float(limit), float(alpha))
            if torch.allclose(clamped, wanted, atol=_EXACT):
                return {
                    "activation": "sigmoid",
                    "interleaved": interleaved,
                    "limit": float(limit),
                    "alpha": float(alpha),
                }
        for name in _activations(module):
            if torch.allclose(ACT2FN[name](gate) * up, wanted, atol=_EXACT):
                return {"activation": name, "interleaved": interleaved, "limit": None, "alpha": None}
    return None


def _activations(module: torch.nn.Module) -> list[str]:
    """Candidate names, the likely ones first; those with parameters of their own are none."""
    config = getattr(module, "config", None)
    own = [getattr(config, key, None) for key in ("hidden_act", "hidden_activation", "activation_function")]
    common = ["silu", "gelu", "gelu_pytorch_tanh", "relu", "relu2", "gelu_new", "quick_gelu"]
    return [name for name in dict.fromkeys([*own, *common]) if isinstance(name, str) and name in ACT2FN]


def experts(
    module: torch.nn.Module, hidden_states: torch.Tensor, top_k_index: torch.Tensor, top_k_weights: torch.Tensor
) -> torch.Tensor:
    """The experts function that we register with transformers: x [N, C], indices [N, A], weights [N, A] -> [N, C]."""
    with torch.utils._python_dispatch._disable_current_modes():
        kind = gate_kind(module) if module.has_gate and not module.has_post_expert_norm else None
    if kind is None:
        plain: torch.Tensor = batched_mm_experts_forward(module, hidden_states, top_k_index, top_k_weights)
        return plain
    out: torch.Tensor = torch.ops.aweigh.experts(
        hidden_states,
        top_k_index,
        top_k_weights,
        module.gate_up_proj,
        module.down_proj,
        module.gate_up_proj_bias if module.has_bias else None,
        module.down_proj_bias if module.has_bias else None,
        transposed=bool(module.is_transposed),
        **kind,
    )
    return out
