"""Attributes of func.func in which the split pass says what emission needs to know."""

INPUTS, OUTPUTS, OPTIONAL, SYMBOL = "aweigh.inputs", "aweigh.outputs", "aweigh.optional", "aweigh.symbol"

HEADS, VALUE_SIZE = "aweigh.heads", "aweigh.value_size"
"""Attributes of `aweigh.cross_attend`: sizes of its memory, which none of its operands shows."""
