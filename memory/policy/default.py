"""The policy of an engine that was told of none."""

from aweigh.memory.policy.base import Policy
from aweigh.memory.policy.layer_order import LayerOrder, LayerOrderParameters


def default_policy() -> Policy:
    """By layer order, without guesses: what a step needs next it says itself, in tickets of its own."""
    return LayerOrder(LayerOrderParameters(depth=0, idle_seconds=0.1))
