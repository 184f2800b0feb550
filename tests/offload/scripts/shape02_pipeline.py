"""`pipeline("text-generation")` over one text, a list and a generator, greedy and sampled."""

import sys

from transformers import pipeline

generator = pipeline("text-generation", model=sys.argv[1], max_new_tokens=8)
print(type(generator.model).__name__, generator.model.device)
print(generator("import os"))
print(generator(["one", "three words here"], return_full_text=False))
print(list(generator(text for text in ["a", "b"])))
print(generator("sampled", do_sample=True, num_return_sequences=2, temperature=0.8))
