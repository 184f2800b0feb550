"""The HTTP door: OpenAI's routes in front of the same placement, leases and workers that scripts use."""
