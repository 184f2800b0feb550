"""Who is resident: the pure decider over frames, tickets and policies."""
