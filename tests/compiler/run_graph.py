"""Runs a captured graph as it is, for one sequence from its start: the oracle of capture, without compiler and engine."""

from typing import Any

import torch
from transformers.activations import ACT2FN

from aweigh.compiler.capture import log_scan
from aweigh.compiler.capture.core import Capture
from aweigh.compiler.capture.scan import definition


def _attend(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    mask: Any,
    sinks: Any,
    slopes: Any,
    chosen: Any,
    bias: Any,
    near: Any,
    **said: Any,
) -> torch.Tensor:
    assert mask is None
    heads, tokens = query.shape[1], query.shape[2]
    key = key.repeat_interleave(heads // key.shape[1], 1)
    value = value.repeat_interleave(heads // value.shape[1], 1)
    scores: torch.Tensor = query @ key.transpose(-1, -2) * said["scale"]
    if said["softcap"]:
        scores = torch.tanh(scores / said["softcap"]) * said["softcap"]
    i, j = torch.arange(tokens)[:, None], torch.arange(tokens)[None]
    if slopes is not None:
        scores = scores + slopes.view(1, -1, 1, 1) * (j - i)
    assert bias is None and near is None, "no captured model has biases or scores by distance"
    seen = j <= i if said["causal"] else torch.ones(tokens, tokens, dtype=torch.bool)
    if said["window"] is not None:
        seen = seen & (j > i - said["window"])
    if said["chunk"] is not None:
        seen = seen & (i // said["chunk"] == j // said["chunk"])
    if chosen is not None:
        seen = seen & (chosen[0, :, :, None] == torch.arange(tokens)).any(1)
    scores = scores.masked_fill(~seen, float("-inf"))
    if sinks is not None:
        sinks = sinks.transpose(1, 2)[..., None] if sinks.dim() == 3 else sinks.view(1, -1, 1, 1)
        scores = torch.cat([scores, sinks.expand(1, heads, tokens, 1)], -1)
    return (scores.softmax(-1)[..., :tokens] @ value).transpose(1, 2).contiguous()


def _experts(
    x: Any, indices: Any, weights: Any, gate_up: Any, down: Any, gate_up_bias: Any, down_bias: Any, **said: Any
) -> torch.Tensor:
    out = torch.zeros_like(x)
    for n, chosen in enumerate(indices.tolist()):
        for a, expert in enumerate(chosen):
            both = x[n] @ (gate_up[expert] if said["transposed"] else gate_up[expert].T)
            if gate_up_bias is not None:
                both = both + gate_up_bias[expert]
            gate, up = (both[::2], both[1::2]) if said["interleaved"] else both.chunk(2)
            if said["limit"] is not None:
                gate, up = gate.clamp(max=said["limit"]), up.clamp(-said["limit"], said["limit"])
                inner = gate * torch.sigmoid(gate * said["alpha"]) * (up + 1)
            else:
                inner = ACT2FN[said["activation"]](gate) * up
            y = inner @ (down[expert] if said["transposed"] else down[expert].T)
            out[n] += (y if down_bias is None else y + down_bias[expert]) * weights[n, a]
    return out


def _select(query: Any, key: Any, weights: Any, *, layer: int, count: int, scale: float, block: int) -> torch.Tensor:
    chosen = torch.full((1, query.shape[1], count), -1, dtype=torch.int32)
    for token in range(query.shape[1]):
        scores = torch.relu(query[0, token] @ key[0, : token + 1].T * scale)
        best = (weights[0, token] @ scores).topk(min(count, token + 1)).indices
        chosen[0, token, : len(best)] = best
    assert block == 1, "no captured model chooses blocks"
    return chosen


def _causal_conv(x: Any, weight: Any, bias: Any, *, layer: int, groups: int) -> torch.Tensor:
    padded = torch.nn.functional.pad(x, (weight.shape[2] - 1, 0))
    return torch.nn.functional.conv1d(padded, weight, bias, groups=groups)


def _scan(*operands: Any, layer: int, delta: bool) -> torch.Tensor:
    return definition(*operands, delta=delta)


def _log_scan(*operands: Any, layer: int, start: float | None, exclusive: bool) -> tuple[torch.Tensor, torch.Tensor]:
    return log_scan.definition(*operands, start=start, exclusive=exclusive)


_OURS = {
    "aweigh.attend.default": _attend,
    "aweigh.select.default": _select,
    "aweigh.causal_conv.default": _causal_conv,
    "aweigh.scan.default": _scan,
    "aweigh.log_scan.default": _log_scan,
    "aweigh.experts.default": _experts,
}


class _Interpreter(torch.fx.Interpreter):
    def call_function(self, target: Any, args: Any, kwargs: Any) -> Any:
        ours: Any = _OURS.get(str(target))
        return ours(*args, **kwargs) if ours is not None else super().call_function(target, args, kwargs)


def run_graph(captured: Capture, model: torch.nn.Module, token_ids: torch.Tensor) -> torch.Tensor:
    """Logits [1, T, V] with the weights of `model`."""
    tokens = token_ids.shape[1]
    state: dict[str, Any] = {**dict(model.named_parameters(remove_duplicate=False)), **dict(model.named_buffers())}
    given = iter([token_ids, torch.arange(tokens)[None], torch.arange(tokens)])
    arguments: list[Any] = []
    for spec in captured.program.graph_signature.input_specs:
        if spec.target is None:
            arguments.append(next(given))
        else:
            name = spec.target.removeprefix(captured.prefix)
            arguments.append(captured.literals[name] if name in captured.literals else state[name])
    with torch.no_grad():
        logits: torch.Tensor = _Interpreter(captured.program.graph_module).run(*arguments)[0]
    return logits
