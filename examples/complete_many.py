"""Continue several functions with the text-generation pipeline."""

from pathlib import Path

from transformers import pipeline

MODEL = Path(__file__).parent / "model"
PROMPTS = [
    "def get(self, key, default=None):",
    "def is_empty(self):",
    "def __repr__(self):",
]

generator = pipeline("text-generation", model=str(MODEL), device_map="auto")
for answer in generator(PROMPTS, max_new_tokens=60, do_sample=False):
    print(answer[0]["generated_text"])
    print("#" + "-" * 40)
