"""The `aweigh` dialect of MLIR: the ops of a Program, before they are one."""
