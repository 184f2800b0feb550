"""KV blocks as numbers: who holds which, what may be shared, what is free. The bytes belong to `aweigh.memory`."""
