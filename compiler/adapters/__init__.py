"""peft's adapters in a model: what of it is the model that was loaded, and what stands beside that. Used by both sides of the pipe."""
