"""The aweigh ops over torch tensors, for `aweigh.compiler.interpreter`: the reference kernels, and dense attention of one sequence.

Legend as in `aweigh.proto.ops`. Attention is written here and not taken from the kernels, so that tests of the compiler need no pool of KV.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from aweigh.compiler.capture import log_scan
from aweigh.compiler.capture.scan import definition
from aweigh.compiler.interpreter import Implementation
from aweigh.kernels import load

Named = Mapping[str, Any]
_kernels = load("reference")


def _attend(o: Named, a: Named) -> tuple[Tensor, ...]:
    query, key, value = o["query"], o["key"], o["value"]
    groups = query.shape[1] // key.shape[1]
    key, value = key.repeat_interleave(groups, 1).float(), value.repeat_interleave(groups, 1).float()
    scores = query.float() @ key.transpose(2, 3) * a["scale"]
    if a.get("softcap"):
        scores = a["softcap"] * torch.tanh(scores / a["softcap"])
    place = torch.arange(query.shape[2])
    back = place[:, None] - place[None]
    if o.get("slopes") is not None:
        scores = scores - o["slopes"].float()[:, None, None] * back
    if o.get("relative") is not None:
        reach = o["relative"].shape[3]
        near = o["relative"].float().gather(3, back.clamp(0, reach - 1).expand(*scores.shape))
        scores = scores + torch.where((back >= 0) & (back < reach), near, 0.0)
    seen = back >= 0 if a.get("causal", True) else torch.ones_like(back, dtype=torch.bool)
    if a.get("window"):
        seen = seen & (back < a["window"])
    if a.get("chunk"):
        seen = seen & (place[:, None] // a["chunk"] == place[None] // a["chunk"])
    if o.get("selection") is not None:
        seen = seen & (o["selection"][0, :, :, None] == place).any(1)
    scores = scores.masked_fill(~seen, float("-inf"))
    if o.get("sinks") is not None:
        given = o["sinks"].float()
        sink = given.transpose(1, 2)[..., None] if given.dim() == 3 else given[None, :, None, None]
        sink = sink.expand(1, -1, scores.shape[2], 1)
        scores = torch.cat((scores, sink), -1)
    weights = torch.softmax(scores, -1)[..., : key.shape[2]]
    return ((weights @ value).transpose(1, 2).to(query.dtype),)


def _select(o: Named, a: Named) -> tuple[Tensor, ...]:
    scores = torch.relu(o["query"].float() @ o["key"].float().transpose(1, 2)[:, None] * a["scale"])
    scores = (o["weights"].float()[:, :, None] @ scores)[0, :, 0]
    place = torch.arange(len(scores))
    assert a.get("block", 1) == 1, "no captured model chooses blocks"
    scores = scores.masked_fill(place[:, None] < place, float("-inf"))
    best = scores.topk(min(a["count"], len(scores)))
    chosen = torch.where(best.values.isfinite(), best.indices, -1)
    return (torch.nn.functional.pad(chosen, (0, a["count"] - chosen.shape[1]), value=-1).int()[None],)


def _causal_conv(o: Named, a: Named) -> tuple[Tensor, ...]:
    x = torch.nn.functional.pad(o["x"], (o["weight"].shape[2] - 1, 0))
    return (torch.nn.functional.conv1d(x, o["weight"], o.get("bias"), groups=a["groups"]),)


def _scan(o: Named, a: Named) -> tuple[Tensor, ...]:
    names = ("query", "key", "value", "decay", "rate", "beta")
    return (definition(*(o.get(name) for name in names), delta=a.get("delta", False)),)  # type: ignore[arg-type]


def _log_scan(o: Named, a: Named) -> tuple[Tensor, ...]:
    operands = (o[name] for name in ("query", "key", "value", "decay", "gain"))
    return log_scan.definition(*operands, start=a.get("start"), exclusive=a.get("exclusive", False))


def _norm_settings(a: Named) -> dict[str, Any]:
    return {name: a[name] for name in ("offset", "cast") if name in a}


def _rotary(o: Named, a: Named) -> tuple[Tensor, ...]:
    x = o["x"][0].transpose(0, 1)
    y = _kernels.rotary(x, o["cos"][0], o["sin"][0], interleaved=a.get("interleaved", False))
    return (y.transpose(0, 1)[None],)


def _gated_mlp(o: Named, a: Named) -> tuple[Tensor, ...]:
    biases = {"gate_bias_I": o["gate_bias"], "up_bias_I": o["up_bias"], "down_bias_C": o["down_bias"]}
    return (_kernels.gated_mlp(o["x"], o["gate"], o["up"], o["down"], activation=a["activation"], **biases),)


def _experts(o: Named, a: Named) -> tuple[Tensor, ...]:
    names = ("transposed", "interleaved", "limit", "alpha")
    answer = _kernels.experts(
        o["x"],
        o["indices"],
        o["weights"],
        o["gate_up"],
        o["down"],
        activation=a["activation"],
        gate_up_bias=o.get("gate_up_bias"),
        down_bias=o.get("down_bias"),
        **{name: a[name] for name in names if a.get(name) is not None},
    )
    return (answer.out_TC,)


IMPLEMENTATIONS: dict[str, Implementation] = {
    "attend": _attend,
    "select": _select,
    "causal_conv": _causal_conv,
    "scan": _scan,
    "log_scan": _log_scan,
    "experts": _experts,
    "rotary": _rotary,
    "gated_mlp": _gated_mlp,
    "dequantize": lambda o, a: (
        _kernels.dequantize(
            *(o[name] for name in ("packed", "scales", "zeros")),
            kind=a["kind"],
            outputs=a["outputs"],
            dtype=getattr(torch, a["dtype"]),
        ),
    ),
    "embedding": lambda o, a: (torch.nn.functional.embedding(o["ids"], o["table"]),),
    "linear": lambda o, a: (
        _kernels.linear(o["x"], o["weight"].t() if a.get("transposed") else o["weight"], o["bias"]),
    ),
    "merged_linear": lambda o, a: tuple(_kernels.merged_linear(o["x"], o["weights"], o["biases"] or None)),
    "rms_norm": lambda o, a: (_kernels.rms_norm(o["x"], o["weight"], a["epsilon"], **_norm_settings(a)),),
    "add_rms_norm": lambda o, a: _kernels.add_rms_norm(
        o["x"], o["residual"], o["weight"], a["epsilon"], **_norm_settings(a)
    ),
    "layer_norm": lambda o, a: (_kernels.layer_norm(o["x"], o["weight"], o["bias"], a["epsilon"]),),
    "add_layer_norm": lambda o, a: _kernels.add_layer_norm(o["x"], o["residual"], o["weight"], o["bias"], a["epsilon"]),
    "activation": lambda o, a: (_kernels.activation(o["x"], a["name"]),),
}
