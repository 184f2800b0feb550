"""Tiers below the arena: where the bytes of a page can come from, in which order they are asked, and how pages go to and fro (docs/memory.md)."""
