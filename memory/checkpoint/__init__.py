"""Reading of checkpoints: safetensors files and the index that joins several of them. Nothing else is ever opened."""
