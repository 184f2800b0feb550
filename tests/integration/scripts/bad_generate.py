"""An ordinary script that asks for what cannot be: each case prints one line, and the model answers afterwards as before."""

import sys

import torch
from transformers import AutoModelForCausalLM

model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
prompt = torch.arange(3, 13).unsqueeze(0)
long = torch.arange(3, 103).repeat(1, 4)
CASES = {
    "max_new_tokens 0": (prompt, {"max_new_tokens": 0}),
    "max_new_tokens -1": (prompt, {"max_new_tokens": -1}),
    "max_new_tokens 2^40": (prompt, {"max_new_tokens": 2**40}),
    "empty prompt": (prompt[:, :0], {"max_new_tokens": 3}),
    "id out of range": (prompt + 10_000, {"max_new_tokens": 3}),
    "negative id": (prompt - 100, {"max_new_tokens": 3}),
    "too long": (long, {"max_new_tokens": 3}),
    "temperature NaN": (prompt, {"max_new_tokens": 3, "do_sample": True, "temperature": float("nan")}),
    "temperature 0": (prompt, {"max_new_tokens": 3, "do_sample": True, "temperature": 0.0}),
    "temperature -1": (prompt, {"max_new_tokens": 3, "do_sample": True, "temperature": -1.0}),
    "top_p 2": (prompt, {"max_new_tokens": 3, "do_sample": True, "top_p": 2.0}),
    "top_k -3": (prompt, {"max_new_tokens": 3, "do_sample": True, "top_k": -3}),
    "repetition_penalty 0": (prompt, {"max_new_tokens": 3, "repetition_penalty": 0.0}),
    "rows 10^9": (prompt, {"max_new_tokens": 3, "do_sample": True, "num_return_sequences": 10**9}),
    "eos out of range": (prompt, {"max_new_tokens": 3, "eos_token_id": 10**12}),
    "float ids": (prompt.float(), {"max_new_tokens": 3}),
    "3-D ids": (prompt.unsqueeze(0), {"max_new_tokens": 3}),
}
before = model.generate(prompt, max_new_tokens=5, do_sample=False).tolist()
for name, (ids, options) in CASES.items():
    if len(sys.argv) > 2 and name not in sys.argv[2:]:
        continue
    try:
        answer = model.generate(ids, attention_mask=torch.ones_like(ids), **{"do_sample": False, **options})
    except Exception as error:
        print(f"{name}\t{type(error).__name__}\t{str(error).splitlines()[0] if str(error) else ''}")
    else:
        print(f"{name}\tok\t{list(answer.shape)}")
assert model.generate(prompt, max_new_tokens=5, do_sample=False).tolist() == before
