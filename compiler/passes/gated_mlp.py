"""Gated feed-forward layers."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.dialect.build import attributes, operands
from aweigh.compiler.passes.replace import raised, sole_user


@dataclass(frozen=True, slots=True)
class GatedMlp:
    """`down(activation(gate(x)) * up(x))`, three linears with or without biases -> `aweigh.gated_mlp`.

    A gate and an up-projection that share one weight (Phi-3) stay one linear that is split: a slot cannot be halved in a Program.
    """

    name: str = "gated_mlp"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            for entry in read.operations(read.body(function)):
                if _is_linear(entry):
                    _raise(entry)


def _raise(down: Any) -> None:
    product = read.producer(operands(down)["x"])
    if product is None or product.name != "torch.aten.mul.Tensor" or sole_user(product.results[0]) is None:
        return
    for left, right in ((0, 1), (1, 0)):
        activation, up = read.producer(product.operands[left]), read.producer(product.operands[right])
        if activation is None or activation.name != "aweigh.activation" or up is None or not _is_linear(up):
            continue
        gate = read.producer(activation.operands[0])
        if gate is None or not _is_linear(gate) or operands(gate)["x"] != operands(up)["x"]:
            continue
        if any(sole_user(op.results[0]) is None for op in (activation, up, gate)):
            continue
        given = {"x": operands(gate)["x"]}
        for name, linear in (("gate", gate), ("up", up), ("down", down)):
            given[name] = operands(linear)["weight"]
            given[f"{name}_bias"] = operands(linear)["bias"]
        raised(down, "gated_mlp", given, {"activation": attributes(activation)["name"]}, [down.results[0]])
        return


def _is_linear(op: Any) -> bool:
    return bool(op.name == "aweigh.linear" and "transposed" not in op.attributes)
