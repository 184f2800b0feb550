"""Write the decoding loop by hand: one forward pass for the prompt, then one for each new token.

The loop prints each token that it takes with the probability that the model gave it.
"""

from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

MODEL = Path(__file__).parent / "model"
PROMPT = "def __eq__(self, other):"
NEW_TOKENS = 40

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
tokenizer = AutoTokenizer.from_pretrained(MODEL)
model = AutoModelForCausalLM.from_pretrained(MODEL, dtype=torch.float32).to(device)
model.eval()

ids = tokenizer(PROMPT, return_tensors="pt").input_ids.to(device)
taken = []
past_key_values = None
with torch.no_grad():
    for _ in range(NEW_TOKENS):
        output = model(input_ids=ids, past_key_values=past_key_values, use_cache=True)
        past_key_values = output.past_key_values
        probabilities = output.logits[:, -1].softmax(dim=-1)
        ids = probabilities.argmax(dim=-1, keepdim=True)
        if ids.item() == tokenizer.eos_token_id:
            break
        taken.append(ids.item())
        print(f"{probabilities.max().item():6.1%}  {tokenizer.decode(taken[-1:])!r}")
print(PROMPT + tokenizer.decode(taken))
