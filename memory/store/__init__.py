"""The store: weights on the local disk as pages named by their content, published whole or not at all (docs/memory.md)."""
