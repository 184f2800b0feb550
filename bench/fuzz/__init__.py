"""A differential fuzzer over calls: what a script gets with us is what it gets without us."""
