"""Make the models that the measurements run: Llama architecture, random weights, bfloat16, own tokenizer.

    python -m bench.make_model [NAME] [--out DIR]

Speed does not depend on what weights say, so nothing is downloaded: the byte-level BPE tokenizer learns from
the standard library's sources. A model is made once and kept in the temporary directory, never in the repository.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

SHAPES: dict[str, dict[str, int]] = {
    # 24 layers of width 1024, 0.70 GB in bfloat16, of which a decoded token reads 0.63: its cost is reading them.
    "model-0.5b": {
        "vocab_size": 32000,
        "hidden_size": 1024,
        "intermediate_size": 2816,
        "num_hidden_layers": 24,
        "num_attention_heads": 16,
        "num_key_value_heads": 8,
        "head_dim": 64,
    },
    # 16 layers of width 2048, 2.2 GB in bfloat16.
    "model-1.2b": {
        "vocab_size": 32000,
        "hidden_size": 2048,
        "intermediate_size": 8192,
        "num_hidden_layers": 16,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "head_dim": 64,
    },
    # 27 layers of width 2560, 4.1 GB in bfloat16: for loading.
    "model-2b": {
        "vocab_size": 32000,
        "hidden_size": 2560,
        "intermediate_size": 6912,
        "num_hidden_layers": 27,
        "num_attention_heads": 40,
        "num_key_value_heads": 10,
        "head_dim": 64,
    },
    # A step of this one costs nothing, so that what remains is the way to the engine and back.
    "model-nothing": {
        "vocab_size": 384,
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 1,
        "num_attention_heads": 1,
        "num_key_value_heads": 1,
        "head_dim": 64,
    },
}
CONTEXT = 4096


def models_root() -> Path:
    """Where the models of the measurements are kept."""
    return Path(os.environ.get("TMPDIR") or tempfile.gettempdir()) / "aweigh-bench"


def library_texts() -> list[str]:
    """The standard library's own sources, the text that the tokenizer learns from."""
    files = sorted(path for pattern in ("*.py", "*/*.py") for path in Path(os.__file__).parent.glob(pattern))
    kept = (path for path in files if "site-packages" not in path.parts and path.stat().st_size < 400_000)
    return [path.read_text(encoding="utf-8", errors="replace") for path in kept]


def write_tokenizer(folder: Path, vocabulary: int) -> None:
    """Learn a byte-level BPE of `vocabulary` tokens and save it as transformers expects it."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=["<unk>", "<s>", "</s>"],
        min_frequency=1,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(library_texts(), trainer)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>", model_max_length=CONTEXT
    ).save_pretrained(folder)


def write_weights(folder: Path, shape: dict[str, int]) -> None:
    """Save a model of `shape` with weights drawn from a fixed seed, in bfloat16."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        max_position_embeddings=CONTEXT,
        rope_theta=10000.0,
        tie_word_embeddings=False,
        bos_token_id=1,
        eos_token_id=2,
        initializer_range=0.02,
        dtype="bfloat16",
        **shape,
    )
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)


def made(name: str, root: Path | None = None) -> Path:
    """The folder of model `name`, made now if it is not there yet."""
    if name not in SHAPES:
        raise ValueError(f"there is no model named {name!r}; choose one of {', '.join(SHAPES)}.")
    root = root or models_root()
    folder = root / name
    if folder.exists():
        return folder
    new = root / f"{name}.{os.getpid()}.new"
    new.mkdir(parents=True)
    write_tokenizer(new, SHAPES[name]["vocab_size"])
    write_weights(new, SHAPES[name])
    new.rename(folder)
    return folder


def main() -> None:
    """Read the command line and make what it names, or every model."""
    parser = argparse.ArgumentParser(description="Make the models of the measurements.")
    parser.add_argument("name", nargs="*", default=list(SHAPES))
    parser.add_argument("--out", type=Path, default=models_root())
    options = parser.parse_args()
    for name in options.name:
        print(made(name, options.out))


if __name__ == "__main__":
    main()
