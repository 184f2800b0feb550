"""The `module` rung for models that transformers loads from a checkpoint: captured from their configuration, weights never here."""
