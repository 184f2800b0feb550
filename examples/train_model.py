"""Train the small language model that stands in `examples/model`.

    python examples/train_model.py --out examples/model

A Llama of 3.7 million parameters learns the Python standard library's own sources on one core of a CPU in
about an hour: matrices by Muon, everything else by AdamW, in bfloat16 arithmetic over float32 weights.
The learning rate is constant after a warm-up and falls to zero over the last `--decay-steps`, so that the
constant part of a run is the same for every length, and a run can be prolonged or shortened from its state.

Everything that is drawn comes from the seed and the number of the step.  The same command on the same
machine with the same libraries gives the same weights.

Shape suffixes: B windows in a batch, T tokens in a window.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from corpus import Corpus, read_corpus
from model_card import ModelFacts
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch.nn import functional
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

PAD, BOS, EOS = "<pad>", "<s>", "</s>"
VOCABULARY = 3072
CONTEXT = 1024


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a run does; each field is an option of the command line."""

    steps: int = 2000
    decay_steps: int = 200
    warm_up_steps: int = 100
    batch_windows: int = 16
    window_tokens: int = 256
    muon_rate: float = 0.02
    adam_rate: float = 0.004
    weight_decay: float = 0.05
    seed: int = 0
    save_every: int = 100

    def command(self) -> str:
        """The command line that asks for this recipe."""
        fields = "".join(f" --{name.replace('_', '-')} {value}" for name, value in vars(self).items())
        return f"python examples/train_model.py --out examples/model{fields}"

    def rate(self, step: int) -> float:
        """The factor on both learning rates at `step`, between 0 and 1."""
        return min((step + 1) / self.warm_up_steps, 1.0, (self.steps - step) / max(self.decay_steps, 1))


def model_config() -> LlamaConfig:
    """Five layers, 256 wide, with tied embeddings: 3.7 million parameters, 7.5 MB in bfloat16."""
    return LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=256,
        intermediate_size=512,
        num_hidden_layers=5,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=64,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        dtype="bfloat16",
    )


def train_tokenizer(corpus: Corpus) -> PreTrainedTokenizerFast:
    """Learn a byte-level BPE from the training documents."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[PAD, BOS, EOS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus.train, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        bos_token=BOS,
        eos_token=EOS,
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
    )


def token_stream(tokenizer: PreTrainedTokenizerFast, documents: tuple[str, ...]) -> torch.Tensor:
    """All documents one after the other, each between its marks: int64 `[tokens]`."""
    encoded = tokenizer(list(documents), add_special_tokens=False, verbose=False)["input_ids"]
    bos, eos = tokenizer.bos_token_id, tokenizer.eos_token_id
    return torch.tensor([token for ids in encoded for token in (bos, *ids, eos)])


def windows(stream: torch.Tensor, recipe: Recipe, first_step: int) -> Iterator[torch.Tensor]:
    """Batches `[B, T + 1]` from `first_step` on, without end: each epoch cuts the stream at another offset."""
    length = recipe.window_tokens
    per_epoch = (len(stream) - 2 * length) // (length * recipe.batch_windows)
    step = first_step
    while True:
        epoch, position = divmod(step, per_epoch)
        generator = torch.Generator().manual_seed(recipe.seed * 1_000_003 + epoch)
        offset = int(torch.randint(length, (1,), generator=generator))
        order = torch.randperm(per_epoch * recipe.batch_windows, generator=generator)
        for start in range(position, per_epoch):
            picked = order[start * recipe.batch_windows : (start + 1) * recipe.batch_windows] * length + offset
            yield stream[picked[:, None] + torch.arange(length + 1)]
            step += 1


Loss = Callable[[torch.Tensor], torch.Tensor]


def loss_function(model: LlamaForCausalLM, compiled: bool) -> Loss:
    """Mean cross entropy, in nats per token, of a batch `[B, T + 1]`."""

    def loss(ids: torch.Tensor) -> torch.Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(input_ids=ids[:, :-1], use_cache=False).logits
        return functional.cross_entropy(logits.float().flatten(0, 1), ids[:, 1:].flatten())

    return torch.compile(loss) if compiled else loss


class Optimizer:
    """Muon for the matrices of the layers, AdamW for embeddings and gains, under one schedule."""

    def __init__(self, model: LlamaForCausalLM, recipe: Recipe) -> None:
        matrices = [p for p in model.model.layers.parameters() if p.ndim == 2]
        others = [p for p in model.parameters() if not any(p is matrix for matrix in matrices)]
        self._recipe = recipe
        self._parts: tuple[torch.optim.Optimizer, ...] = (
            torch.optim.Muon(matrices, lr=recipe.muon_rate, weight_decay=recipe.weight_decay, momentum=0.95),
            torch.optim.AdamW(others, lr=recipe.adam_rate, weight_decay=0.0, betas=(0.9, 0.98)),
        )
        self._rates = (recipe.muon_rate, recipe.adam_rate)

    def update(self, step: int) -> None:
        """Move the weights by their gradients, and clear these."""
        for part, rate in zip(self._parts, self._rates, strict=True):
            part.param_groups[0]["lr"] = rate * self._recipe.rate(step)
            part.step()
            part.zero_grad(set_to_none=True)

    def tensors(self) -> dict[str, torch.Tensor]:
        """The optimizers' memory as named tensors."""
        return {
            f"{number}.{index}.{key}": value
            for number, part in enumerate(self._parts)
            for index, entry in part.state_dict()["state"].items()
            for key, value in entry.items()
        }

    def restore(self, tensors: dict[str, torch.Tensor]) -> None:
        """Take up the memory that `tensors` gave."""
        for number, part in enumerate(self._parts):
            state: dict[int, dict[str, torch.Tensor]] = {}
            for name, value in tensors.items():
                owner, index, key = name.split(".")
                if int(owner) == number:
                    state.setdefault(int(index), {})[key] = value
            part.load_state_dict({**part.state_dict(), "state": state})


def save_state(path: Path, step: int, model: LlamaForCausalLM, optimizer: Optimizer) -> None:
    """Write what a later run needs to go on after `step`, whole or not at all."""
    tensors = {f"model.{name}": p.detach().clone() for name, p in model.named_parameters()}
    tensors |= {f"optimizer.{name}": value.contiguous() for name, value in optimizer.tensors().items()}
    save_file(tensors, path.with_suffix(".new"), metadata={"step": str(step)})
    (path.with_suffix(".step.new")).write_text(json.dumps({"step": step}))
    os.replace(path.with_suffix(".new"), path)
    os.replace(path.with_suffix(".step.new"), path.with_suffix(".step"))


def load_state(path: Path, model: LlamaForCausalLM, optimizer: Optimizer) -> int:
    """Take up the run that `save_state` wrote; returns the number of the next step."""
    tensors = load_file(path)
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(tensors[f"model.{name}"])
    prefix = "optimizer."
    optimizer.restore({k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})
    return int(json.loads(path.with_suffix(".step").read_text())["step"])


@torch.no_grad()
def held_out_loss(loss: Loss, stream: torch.Tensor, recipe: Recipe, batches: int) -> float:
    """Mean loss over evenly spread windows of the held-out stream, in nats per token."""
    length = recipe.window_tokens
    starts = torch.linspace(0, len(stream) - length - 1, batches * recipe.batch_windows).long()
    chosen = [stream[part[:, None] + torch.arange(length + 1)] for part in starts.split(recipe.batch_windows)]
    return sum(loss(batch).item() for batch in chosen) / batches


def write_model(out: Path, model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, card: str) -> None:
    """Write the model's folder in bfloat16: each file appears whole, under its final name."""
    new = out.with_name(out.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    config = model_config()
    copy = LlamaForCausalLM(config)
    copy.load_state_dict(model.state_dict())
    copy.to(torch.bfloat16).save_pretrained(new)
    GenerationConfig(pad_token_id=0, bos_token_id=1, eos_token_id=2).save_pretrained(new)
    tokenizer.save_pretrained(new)
    (new / "README.md").write_text(card)
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(new.iterdir()):
        os.replace(path, out / path.name)
    new.rmdir()


def train(recipe: Recipe, out: Path, state: Path | None, compiled: bool) -> None:
    """Run the recipe, writing the model to `out` and, if asked, what is needed to go on to `state`."""
    torch.manual_seed(recipe.seed)
    corpus = read_corpus()
    tokenizer = train_tokenizer(corpus)
    train_stream = token_stream(tokenizer, corpus.train)
    held_out_stream = token_stream(tokenizer, corpus.held_out)
    held_out_bytes = sum(len(text.encode()) for text in corpus.held_out)
    bits_per_byte = len(held_out_stream) / held_out_bytes / math.log(2)
    model = LlamaForCausalLM(model_config()).float()
    optimizer = Optimizer(model, recipe)
    loss = loss_function(model, compiled)
    first = load_state(state, model, optimizer) if state and state.exists() else 0
    print(f"{model.num_parameters():,} parameters, {len(train_stream):,} tokens to learn from, "
          f"{len(held_out_stream):,} held out, from step {first}", flush=True)  # fmt: skip
    began = time.monotonic()
    seen = 0.0
    batches = windows(train_stream, recipe, first)
    for step in range(first, recipe.steps):
        value = loss(next(batches))
        value.backward()  # type: ignore[no-untyped-call]
        optimizer.update(step)
        seen = value.item() if step == first else 0.98 * seen + 0.02 * value.item()
        done = step + 1
        if done % 20 == 0:
            speed = (done - first) * recipe.batch_windows * recipe.window_tokens / (time.monotonic() - began)
            print(f"step {done}/{recipe.steps} loss {seen:.3f} {speed:.0f} tokens/s", flush=True)
        if done % recipe.save_every == 0 or done == recipe.steps:
            batches_held_out = 32 if done == recipe.steps else 16
            examined = held_out_loss(loss, held_out_stream, recipe, batches=batches_held_out)
            print(f"step {done}: held-out loss {examined:.4f} nats per token, "
                  f"{examined * bits_per_byte:.4f} bits per byte", flush=True)  # fmt: skip
            facts = ModelFacts(
                parameters=model.num_parameters(),
                vocabulary=VOCABULARY,
                window=recipe.window_tokens,
                steps=done,
                tokens=done * recipe.batch_windows * recipe.window_tokens,
                loss=examined,
                examined=batches_held_out * recipe.batch_windows,
                resumed=first,
                bits_per_byte=examined * bits_per_byte,
                command=recipe.command(),
            )
            write_model(out, model, tokenizer, facts.card())
            if state:
                save_state(state, done, model, optimizer)


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    parser.add_argument("--state", type=Path, help="file to keep the run's state in, and to go on from")
    parser.add_argument("--no-compile", action="store_true", help="do not compile the training step")
    for name, default in vars(Recipe()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    options = vars(parser.parse_args())
    out, state, plain = options.pop("out"), options.pop("state"), options.pop("no_compile")
    torch.set_num_threads(1)
    train(Recipe(**options), out, state, not plain)


if __name__ == "__main__":
    main()
