"""IR to `aweigh.proto.program.Program`."""
