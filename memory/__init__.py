"""Weights as pages: checkpoint reading, the store, the arena, the address table, the block pool, access records."""
