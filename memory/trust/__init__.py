"""Who published a model: keys, signatures, and which of them an engine believes. Knows nothing of stores."""
