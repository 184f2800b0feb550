"""Coverage: every causal language model type of transformers, compiled from a tiny random configuration and compared with transformers."""
