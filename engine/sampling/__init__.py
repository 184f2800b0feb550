"""From logits to tokens: transformers' processors, stopping rules and draws, with torch alone."""
