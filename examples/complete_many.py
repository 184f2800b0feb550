"""Continue several functions with the text-generation pipeline."""

from pathlib import Path

from transformers import pipeline

MODEL = Path(__file__).parent / "model"
PROMPTS = [
    "def get(self, key, default=None):",
    "def remove(self, key):",
    "def join(self, timeout=None):",
]

generator = pipeline("text-generation", model=str(MODEL), device_map="auto")
for answer in generator(PROMPTS, max_new_tokens=100, do_sample=False, repetition_penalty=1.2):
    print(answer[0]["generated_text"])
    print("#" + "-" * 40)
