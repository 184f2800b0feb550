"""Attributes of func.func in which the split pass says what emission needs to know."""

INPUTS, OUTPUTS, OPTIONAL, SYMBOL = "aweigh.inputs", "aweigh.outputs", "aweigh.optional", "aweigh.symbol"
