"""A worker that owns one device and no model: scheduling, KV blocks, sampling, running Programs."""
