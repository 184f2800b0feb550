"""From a model's Python to a Program: capture, MLIR passes, emission, and the script's side of a remote call."""
