"""Running Programs: unrolled and checked once per structure, bound to weights once per model, executed on ragged batches."""
