"""The families of recurrences, each as operators around `scan`, with the parameters that transformers' functions have.

Legend: T tokens, G groups of heads, H heads, D rows of the state (key size, state size), E columns of it (value size, head size),
C channels. States go nowhere: the engine keeps them, so where a final state is asked for None is returned.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from aweigh.compiler.capture.scan import scan

_TOKENS = 6


def _normalised(x: Tensor) -> Tensor:
    return x * torch.rsqrt((x * x).sum(-1, keepdim=True) + 1e-6)


def delta_rule(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    g: Tensor,
    beta: Tensor,
    chunk_size: int = 64,
    initial_state: Tensor | None = None,
    output_final_state: bool = False,
    use_qk_l2norm_in_kernel: bool = False,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """Gated delta rule (arXiv:2412.06464), g [1, T, H]; Kimi's delta attention (arXiv:2510.26692), g [1, T, H, D]."""
    inner = [x.to(torch.float32) for x in (query, key, value, g, beta)]
    query_1TGD, key_1TGD, value_1THE, decay, beta_1TH = inner
    if use_qk_l2norm_in_kernel:
        query_1TGD, key_1TGD = _normalised(query_1TGD), _normalised(key_1TGD)
    query_1TGD = query_1TGD * query.shape[-1] ** -0.5
    out = scan(query_1TGD, key_1TGD, value_1THE, decay, None, beta_1TH, delta=True)
    return out.to(query.dtype), None


def delta_rule_samples() -> list[Mapping[str, Any]]:
    """Decay by head and by row, with fewer groups than heads and without."""
    numbers = torch.Generator().manual_seed(0)

    def sample(groups: int, decay: tuple[int, ...], normalised: bool) -> Mapping[str, Any]:
        query, key = (torch.randn(1, _TOKENS, groups, 4, generator=numbers) for _ in range(2))
        return {
            "query": query,
            "key": key,
            "value": torch.randn(1, _TOKENS, 4, 3, generator=numbers),
            "g": -torch.rand(1, _TOKENS, *decay, generator=numbers),
            "beta": torch.rand(1, _TOKENS, 4, generator=numbers),
            "initial_state": None,
            "output_final_state": False,
            "use_qk_l2norm_in_kernel": normalised,
        }

    return [sample(4, (4,), True), sample(2, (4,), True), sample(4, (4, 4), True), sample(4, (4,), False)]


def selective_scan(
    hidden_states: Tensor,
    dt: Tensor,
    A: Tensor,
    B: Tensor,
    C: Tensor,
    D: Tensor | None = None,
    z: Tensor | None = None,
    delta_bias: Tensor | None = None,
    delta_softplus: bool = False,
    return_last_state: bool = False,
    **kwargs: Any,
) -> Tensor:
    """Mamba's selective scan (arXiv:2312.00752): hidden_states, dt, z [1, C, T], A [C, D], B and C [1, D, T]."""
    if delta_bias is not None:
        dt = dt + delta_bias.to(dt.dtype)[..., None]
    if delta_softplus:
        dt = functional.softplus(dt)
    value_1TCE = (dt.float() * hidden_states.float()).transpose(1, 2).unsqueeze(3)
    query_1TGD, key_1TGD = (x.float().transpose(1, 2).unsqueeze(2) for x in (C, B))
    out = scan(query_1TGD, key_1TGD, value_1TCE, dt.float().transpose(1, 2), A.float())
    out_1CT = out.squeeze(3).transpose(1, 2).to(hidden_states.dtype)
    if D is not None:
        out_1CT = out_1CT + hidden_states * D[None, :, None]
    return out_1CT if z is None else out_1CT * functional.silu(z)


def selective_scan_samples() -> list[Mapping[str, Any]]:
    """With everything that may be absent, and without."""
    numbers = torch.Generator().manual_seed(0)

    def channels(*sizes: int) -> Tensor:
        return torch.randn(*sizes, generator=numbers)

    plain = {
        "hidden_states": channels(1, 8, _TOKENS),
        "dt": channels(1, 8, _TOKENS),
        "A": -channels(8, 4).exp(),
        "B": channels(1, 4, _TOKENS),
        "C": channels(1, 4, _TOKENS),
        "delta_softplus": True,
    }
    return [{**plain, "D": channels(8), "z": channels(1, 8, _TOKENS), "delta_bias": channels(8)}, plain]


def dual_scan(
    hidden_states: Tensor,
    dt: Tensor,
    A: Tensor,
    B: Tensor,
    C: Tensor,
    chunk_size: int = 0,
    D: Tensor | None = None,
    dt_bias: Tensor | None = None,
    initial_states: Tensor | None = None,
    dt_softplus: bool = False,
    dt_limit: tuple[float, float] = (0.0, float("inf")),
    return_final_states: bool = False,
    **kwargs: Any,
) -> Tensor:
    """Mamba 2's state-space dual (arXiv:2405.21060): hidden_states [1, T, H, E], dt [1, T, H], A [H], B and C [1, T, G, D]."""
    if dt_bias is not None:
        dt = dt + dt_bias.to(dt.dtype)
    if dt_softplus:
        dt = functional.softplus(dt)
    low, high = (float(limit) for limit in dt_limit)
    dt = torch.clamp(dt, min=low) if high == float("inf") else torch.clamp(dt, min=low, max=high)
    value_1THE, step = hidden_states.float(), dt.float()
    out = scan(C.float(), B.float(), value_1THE * step[..., None], A.float() * step)
    return out if D is None else out + D[..., None] * value_1THE


def dual_scan_samples() -> list[Mapping[str, Any]]:
    """One group of heads and two, with a limit and without."""
    numbers = torch.Generator().manual_seed(0)

    def sample(groups: int, limit: tuple[float, float]) -> Mapping[str, Any]:
        return {
            "hidden_states": torch.randn(1, _TOKENS, 4, 3, generator=numbers),
            "dt": torch.randn(1, _TOKENS, 4, generator=numbers),
            "A": -torch.rand(4, generator=numbers),
            "B": torch.randn(1, _TOKENS, groups, 5, generator=numbers),
            "C": torch.randn(1, _TOKENS, groups, 5, generator=numbers),
            "chunk_size": 4,
            "D": torch.randn(4, generator=numbers),
            "dt_bias": torch.randn(4, generator=numbers),
            "dt_softplus": True,
            "dt_limit": limit,
        }

    return [sample(1, (0.0, float("inf"))), sample(2, (0.1, 0.9))]


def gated_unit(
    hidden_states: Tensor,
    recurrent_gate: Tensor,
    reset: Tensor,
    recurrent_states: Tensor | None = None,
    acc_dtype: torch.dtype = torch.float32,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """The real-gated linear recurrent unit (arXiv:2402.19427): all [1, T, C], reset [1, T, 1]; state = gate * state + input."""
    gate_1TC = (recurrent_gate * ~reset).float()
    one = torch.ones_like(gate_1TC[..., :1]).unsqueeze(3)
    out = scan(one, one, hidden_states.float().unsqueeze(3), gate_1TC.log())
    return out.squeeze(3).to(hidden_states.dtype), None


def gated_unit_samples() -> list[Mapping[str, Any]]:
    """A sequence from its start."""
    numbers = torch.Generator().manual_seed(0)
    return [
        {
            "hidden_states": torch.randn(1, _TOKENS, 8, generator=numbers),
            "recurrent_gate": torch.rand(1, _TOKENS, 8, generator=numbers) * 0.9 + 0.05,
            "reset": torch.arange(_TOKENS)[None, :, None] == 0,
            "recurrent_states": None,
        }
    ]
