"""An ordinary script that tries models one after another. ``broken_checkpoints.py HEALTHY BROKEN ...``: what each one raises, and whether the
healthy one answers as before."""

import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

prompt = torch.arange(3, 13).unsqueeze(0)


def answer(directory: str) -> list[int]:
    model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32)
    found: list[int] = model.generate(prompt, max_new_tokens=3, do_sample=False)[0].tolist()
    return found


healthy, *broken = sys.argv[1:]
expected = answer(healthy)
for directory in broken:
    try:
        sentence = f"no error\t{answer(directory)}"
    except Exception as error:  # a script that wants to know what went wrong
        sentence = f"{type(error).__name__}\t{' '.join(str(error).split())}"
    print(Path(directory).name, sentence, answer(healthy) == expected, sep="\t")
