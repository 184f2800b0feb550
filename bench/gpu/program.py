"""Compiles a model of which only the header of a checkpoint exists, for a machine that has a card and no compiler.

    python -m bench.gpu.program --out PROGRAM [--model llama-8b]

The file has the Program, its manifest and its fingerprint. The checkpoint is a header and a hole: on the card, weights are drawn in place.
"""

from __future__ import annotations

import argparse
import json
import struct
import tempfile
from pathlib import Path
from typing import Any

SHAPES: dict[str, dict[str, int]] = {
    "llama-8b": {
        "vocab_size": 128256,
        "hidden_size": 4096,
        "intermediate_size": 14336,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "head_dim": 128,
    },
    "tiny": {
        "vocab_size": 384,
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 16,
    },
}
CONTEXT = 65536


def hollow(folder: Path, shape: dict[str, int]) -> Path:
    """Writes configuration and checkpoint of a Llama in bfloat16 into a folder; the weights are a hole in the file."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(max_position_embeddings=CONTEXT, tie_word_embeddings=False, dtype="bfloat16", **shape)
    config.architectures = ["LlamaForCausalLM"]
    config.save_pretrained(folder)
    with torch.device("meta"):
        state = LlamaForCausalLM(config).to(torch.bfloat16).state_dict()
    header: dict[str, Any] = {}
    end = 0
    for name, tensor in state.items():
        begin, end = end, end + tensor.numel() * 2
        header[name] = {"dtype": "BF16", "shape": list(tensor.shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with (folder / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + end)
    return folder


def main() -> None:
    """Compile and write."""
    from aweigh.compiler.client import compile_model

    parser = argparse.ArgumentParser(description="A Program for a machine without a compiler.")
    parser.add_argument("--model", default="llama-8b", choices=SHAPES)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        compiled = compile_model(hollow(Path(temporary), SHAPES[options.model]))
    parts = (options.model.encode(), compiled.program.SerializeToString(), compiled.manifest.SerializeToString())
    options.out.write_bytes(b"".join(struct.pack("<Q", len(part)) + part for part in (*parts, compiled.fingerprint)))


if __name__ == "__main__":
    main()
