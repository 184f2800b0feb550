"""Weights as pages: checkpoint reading, the arena, the address table, the block pool, access records."""
