"""A user's policy, in a process of its own: what it may cost is bounded, and the default policy stands behind it."""
