"""Attributes of func.func in which the passes `split` and `whole` say what emission needs to know.

`DIMS` is there where inputs have more than one symbol: one entry per dimension of each input, a size, or -1 - the number of a symbol.
"""

INPUTS, OUTPUTS, OPTIONAL = "aweigh.inputs", "aweigh.outputs", "aweigh.optional"
SYMBOLS, DIMS = "aweigh.symbols", "aweigh.dims"
