"""Tiny float32 checkpoints with random weights, one per family, and what turns texts and sounds into their inputs.

All texts go through one byte-level tokenizer. Windows are shorter than prompts.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from importlib import metadata
from pathlib import Path

from bench.fuzz.families import ASSISTANT, CONTEXT, FAMILIES, FRAMES, MELS, SMALL, VOCABULARY, Family
from bench.make_model import models_root

TEMPLATE = (
    "{% for message in messages %}<{{ message['role'] }}>{{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)


def home() -> Path:
    """Where the checkpoints are kept: a folder of their own for each way of making them."""
    digest = hashlib.blake2b(metadata.version("transformers").encode(), digest_size=4)
    for name in ("checkpoints.py", "families.py"):
        digest.update(Path(__file__).with_name(name).read_bytes())
    return models_root() / "fuzz" / digest.hexdigest()


def made(root: Path) -> Path:
    """A folder below `root` with all checkpoints, and that of the assistant; made now where they are not there yet."""
    for name, family in {**FAMILIES, ASSISTANT: Family({"hidden_size": 32}, "llama")}.items():
        if (root / name).exists():
            continue
        new = root / f"{name}.{os.getpid()}.new"
        write_inputs(new, family.kind)
        write_weights(new, name, family)
        new.rename(root / name)
    return root


def write_weights(folder: Path, name: str, family: Family) -> None:
    """Save a model whose answers lie far apart. Deterministic."""
    import torch
    import transformers
    from transformers import AutoConfig

    transformers.logging.set_verbosity_error()
    torch.manual_seed(zlib.crc32(name.encode()))
    settings = {
        key: value for key, value in {**SMALL, **_extent(family.kind), **family.settings}.items() if value is not None
    }
    config = AutoConfig.for_model(family.model_type or name, **settings)
    model = getattr(transformers, family.loader).from_config(config, dtype=torch.float32)
    with torch.no_grad():
        for parameter in model.parameters():
            # norms and biases are ones and zeros before, which hides mistakes
            parameter.add_(0.1 * torch.randn_like(parameter))
    model.save_pretrained(folder)


def _extent(kind: str) -> dict[str, int]:
    return {"vocab_size": VOCABULARY + 1} if kind == "reader" else {}


def write_inputs(folder: Path, kind: str) -> None:
    """Save what prepares a model's inputs. Nothing prepares images: that would take a library for them."""
    if kind == "viewer":
        return
    if kind == "listener":
        _write_ears(folder)
    write_tokenizer(folder, masks=kind == "reader")


def _write_ears(folder: Path) -> None:
    from transformers import WhisperFeatureExtractor

    WhisperFeatureExtractor(feature_size=MELS, chunk_length=FRAMES // 100).save_pretrained(folder)


def write_tokenizer(folder: Path, *, masks: bool = False) -> None:
    """Save a tokenizer of one token per byte, with a chat template; or one that masks words and puts texts between <s> and </s>."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    more = ["<mask>"] if masks else []
    vocabulary = {token: index for index, token in enumerate([*alphabet, "<s>", "</s>", "<pad>", *more])}
    raw = Tokenizer(models.BPE(vocabulary, merges=[]))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    special = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}
    if masks:
        special |= {"cls_token": "<s>", "sep_token": "</s>", "mask_token": "<mask>"}
        raw.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>",
            pair="<s> $A </s> $B:1 </s>:1",
            special_tokens=[(token, vocabulary[token]) for token in ("<s>", "</s>")],
        )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, padding_side="right" if masks else "left", model_max_length=CONTEXT, **special
    )
    if not masks:
        tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
