"""What weights of few bits cost: perplexity and agreement with the model as it is, on text that it has not learned.

    python -m bench.low_bit_quality [--model examples/model] [--windows 48]

The matrices of the layers are quantised as `aweigh publish --quantize` does it (the embedding, norms and the head stay), restored, and run by
transformers in float32, so that nothing but the weights differs. The text are sources of the standard library that examples/train_model.py
held out, in windows of 256 tokens. `equal` is how often the likeliest next token is that of the model as it is, given the same text; `greedy` how
many of the 64 tokens that both write after the first 32 of each window are equal until the first that is not.
"""

import argparse
import math
import sys
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional
from transformers import AutoModelForCausalLM, AutoTokenizer

from aweigh.kernels import low_bit
from aweigh.memory.store.quantize import pack, pack_scales, quantize
from aweigh.proto.dtypes import DType
from aweigh.proto.low_bit import PANEL, Packing

ROOT = Path(__file__).parents[1]
CASES = (("int8", 0), ("int8", 64), ("fp8", 0), ("int4", 128), ("int4", 64), ("int4", 32))
WINDOW, PROMPT, WRITTEN = 256, 32, 64


def restored(weight_OC: Tensor, packing: Packing) -> Tensor:
    """The weight after it was stored, in its dtype."""
    parts = []
    for first in range(0, len(weight_OC), PANEL):
        rows = weight_OC[first : first + PANEL]
        codes, scales = quantize(rows, packing)
        packed = pack(codes, packing.kind)[None], pack_scales(scales)[None], None
        parts.append(low_bit.dequantize(*packed, kind=packing.kind, outputs=len(rows), dtype=weight_OC.dtype))
    return torch.cat(parts)


def windows(tokenizer: object, count: int) -> Tensor:
    """Token ids [count, WINDOW] of held-out text."""
    sys.path.insert(0, str(ROOT / "examples"))
    from corpus import read_corpus  # type: ignore[import-not-found]

    ids: list[int] = []
    for text in read_corpus().held_out:
        ids += tokenizer(text)["input_ids"]  # type: ignore[operator]
        if len(ids) >= count * WINDOW:
            break
    return torch.tensor(ids[: len(ids) // WINDOW * WINDOW]).view(-1, WINDOW)[:count]


@torch.inference_mode()
def judged(model: torch.nn.Module, ids: Tensor) -> tuple[float, Tensor, Tensor]:
    """Perplexity, the likeliest tokens, and what is written greedily after the beginning of each window."""
    losses, likeliest = [], []
    for part in ids.split(8):
        logits = model(part).logits.float()
        losses.append(functional.cross_entropy(logits[:, :-1].flatten(0, 1), part[:, 1:].flatten(), reduction="sum"))
        likeliest.append(logits.argmax(-1))
    begin = ids[:16, :PROMPT]
    written = model.generate(  # type: ignore[operator]
        begin,
        attention_mask=torch.ones_like(begin),
        max_new_tokens=WRITTEN,
        min_new_tokens=WRITTEN,
        do_sample=False,
    )
    loss = float(sum(losses)) / (ids.numel() - len(ids))
    return math.exp(loss), torch.cat(likeliest), written[:, PROMPT:]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default=str(ROOT / "examples" / "model"))
    parser.add_argument("--windows", type=int, default=48)
    arguments = parser.parse_args()
    model = AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32).eval()
    ids = windows(AutoTokenizer.from_pretrained(arguments.model), arguments.windows)
    layers = {
        name: module.weight
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and module is not model.get_output_embeddings()
    }
    kept = {name: weight.detach().clone() for name, weight in layers.items()}
    perplexity, likeliest, written = judged(model, ids)
    print(f"{ids.numel()} tokens; as it is: perplexity {perplexity:.3f}")
    for kind, group in CASES:
        bits = errors = count = 0.0
        for name, weight in layers.items():
            packing = Packing(kind, DType.BFLOAT16, group or weight.shape[1])
            weight.data.copy_(restored(kept[name], packing))
            errors += float((weight - kept[name]).norm() / kept[name].norm())
            bits += weight.numel() * ({"int4": 4, "int8": 8, "fp8": 8}[kind] + 16 / packing.group)
            count += weight.numel()
        found, tokens, text = judged(model, ids)
        same = (text == written).cumprod(-1).sum(-1).float().mean().item()
        print(
            f"{kind} group {group or 'all':>3}: {bits / count:5.2f} bits, error {errors / len(layers):.4f}, perplexity {found:.3f} "
            f"({found / perplexity - 1:+.2%}), equal {float((tokens == likeliest).float().mean()):.2%}, greedy {same:.1f} of {WRITTEN}",
            flush=True,
        )


if __name__ == "__main__":
    main()
