"""Modules of many kinds, tiny and with random weights, one call each: `python kinds.py FOLDER OUTPUT [KIND ...]`.

FOLDER holds the checkpoints of transformers' (`python kinds.py --make FOLDER` writes them); the tensors that the calls return go to OUTPUT as
an archive of numpy, named `KIND 0`, `KIND 1` and so on. A call that fails leaves its error as a text.
"""

import sys
from pathlib import Path

import numpy
import torch
import transformers
from torch import nn
from torch.nn import functional as F

TEXT = {
    "vocab_size": 99, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 48,
    "max_position_embeddings": 64, "pad_token_id": 0,
}  # fmt: skip
IMAGE = {
    "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 48, "image_size": 32,
    "patch_size": 8,
}  # fmt: skip
PAIR = {
    "d_model": 32, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 2, "decoder_attention_heads": 2,
    "encoder_ffn_dim": 48, "decoder_ffn_dim": 48, "vocab_size": 99, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2,
    "decoder_start_token_id": 1,
}  # fmt: skip
STAGES = {"embedding_size": 16, "hidden_sizes": [16, 24, 32, 40], "depths": [1, 1, 1, 1], "layer_type": "basic"}
DETR = {
    **PAIR, "num_queries": 5, "num_labels": 3, "use_timm_backbone": False, "use_pretrained_backbone": False, "backbone": None,
    "backbone_config": {"model_type": "resnet", **STAGES, "out_features": ["stage4"]},
}  # fmt: skip
# kind: class of transformers, its configuration
LIBRARY = {
    "bert": ("BertModel", TEXT),
    "roberta": ("RobertaForSequenceClassification", TEXT),
    "modernbert": ("ModernBertModel", {**TEXT, "global_attn_every_n_layers": 2, "local_attention": 8}),
    "distilbert": ("DistilBertForTokenClassification", {"vocab_size": 99, "dim": 32, "hidden_dim": 48, "n_layers": 2, "n_heads": 2}),
    "t5": ("T5EncoderModel", {"vocab_size": 99, "d_model": 32, "d_kv": 16, "d_ff": 48, "num_layers": 2, "num_heads": 2}),
    "bart": ("BartForSequenceClassification", {**PAIR, "max_position_embeddings": 64}),
    "vit": ("ViTForImageClassification", {**IMAGE, "num_labels": 4}),
    "swin": ("SwinModel", {"image_size": 32, "patch_size": 4, "embed_dim": 16, "depths": [1, 1], "num_heads": [2, 2], "window_size": 4}),
    "convnext": ("ConvNextForImageClassification", {"hidden_sizes": [8, 16, 24, 32], "depths": [1, 1, 1, 1], "num_labels": 4}),
    "resnet": ("ResNetForImageClassification", {**STAGES, "num_labels": 4}),
    "clip": ("CLIPModel", {"text_config": {**TEXT, "eos_token_id": 2}, "vision_config": IMAGE}),
    "detr": ("DetrForObjectDetection", DETR),
    "whisper": ("WhisperModel", {**PAIR, "num_mel_bins": 16, "max_source_positions": 50, "use_cache": False}),
    "wav2vec2": (
        "Wav2Vec2Model",
        {**TEXT, "conv_dim": [8, 8], "conv_kernel": [10, 3], "conv_stride": [5, 2], "num_conv_pos_embeddings": 16,
         "num_conv_pos_embedding_groups": 2},
    ),
}  # fmt: skip


class Layer(nn.Module):
    def __init__(self, width=32, heads=4):
        super().__init__()
        self.norm1, self.norm2, self.heads = nn.LayerNorm(width), nn.LayerNorm(width), heads
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.feed = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        x = x + self.out(F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(b, t, c))
        return x + self.feed(self.norm2(x))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.places = nn.Embedding(99, 32), nn.Embedding(64, 32)
        self.layers, self.head = nn.ModuleList(Layer() for _ in range(2)), nn.Linear(32, 99)

    def forward(self, ids):
        x = self.tokens(ids) + self.places(torch.arange(ids.shape[1]))
        for layer in self.layers:
            x = layer(x)
        return self.head(x)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.down = nn.Conv2d(3, 16, 3, 1, 1), nn.Conv2d(16, 32, 3, 2, 1)
        self.time, self.middle = nn.Linear(16, 32), nn.Conv2d(32, 32, 3, 1, 1)
        self.up, self.last = nn.ConvTranspose2d(32, 16, 4, 2, 1), nn.Conv2d(32, 3, 3, 1, 1)
        self.norm = nn.GroupNorm(4, 32)

    def forward(self, x, t):
        angles = t[:, None] * torch.exp(torch.arange(8) * -0.5)
        time = self.time(torch.cat((angles.sin(), angles.cos()), dim=1))
        first = F.silu(self.first(x))
        low = self.norm(F.silu(self.down(first))) + time[:, :, None, None]
        return self.last(torch.cat((first, self.up(F.silu(self.middle(low)))), dim=1))


class Convolutions(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.5), nn.Linear(32, 7),
        )  # fmt: skip


class Recommender(nn.Module):
    def __init__(self):
        super().__init__()
        self.users, self.items = nn.Embedding(50, 16), nn.Embedding(70, 16)
        self.deep = nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, users, items):
        user, item = self.users(users), self.items(items)
        return self.deep(torch.cat((user, item), dim=-1)).squeeze(-1) + (user * item).sum(-1)


class Series(nn.Module):
    def __init__(self):
        super().__init__()
        self.steps, self.head = nn.LSTM(4, 16, batch_first=True), nn.Linear(16, 4)

    def forward(self, x):
        return self.head(self.steps(x)[0])


class Routed(nn.Module):
    """Experts that Python chooses by what the data say."""

    def __init__(self):
        super().__init__()
        self.one, self.other = nn.Linear(16, 16), nn.Linear(16, 16)

    def forward(self, x):
        return self.one(x) if x.mean() > 0 else self.other(x)


OWN = {
    "transformer": Transformer,
    "u-net": UNet,
    "cnn": Convolutions,
    "recommender": Recommender,
    "lstm": Series,
    "routed": Routed,
}
KINDS = (*LIBRARY, *OWN)


def arguments(kind):
    """Of the call: keyword arguments for transformers' classes, else a tuple."""
    ids, mask = torch.randint(5, 99, (2, 9)), torch.ones(2, 9, dtype=torch.long)
    pixels = torch.randn(2, 3, 32, 32)
    mask[1, 6:] = 0
    match kind:
        case "vit" | "swin" | "convnext" | "resnet" | "detr":
            return {"pixel_values": pixels}
        case "clip":
            return {"input_ids": ids, "attention_mask": mask, "pixel_values": pixels}
        case "whisper":
            return {"input_features": torch.randn(2, 16, 100), "decoder_input_ids": ids}
        case "wav2vec2":
            return {"input_values": torch.randn(2, 400)}
        case "bart":
            ids[:, -1] = 2
            return {"input_ids": ids}
        case _ if kind in LIBRARY:
            return {"input_ids": ids, "attention_mask": mask}
        case "transformer":
            return (ids,)
        case "u-net":
            return pixels, torch.tensor([3.0, 11.0])
        case "cnn":
            return (pixels,)
        case "recommender":
            return torch.randint(0, 50, (6,)), torch.randint(0, 70, (6,))
        case "lstm":
            return (torch.randn(2, 9, 4),)
        case _:
            return (torch.randn(2, 16),)


def make(folder):
    """Writes the checkpoints of transformers' classes."""
    for kind, (name, config) in LIBRARY.items():
        model_class = getattr(transformers, name)
        torch.manual_seed(1)
        model = model_class(model_class.config_class(**config))
        with torch.no_grad():
            for parameter in model.parameters():
                if parameter.dim() > 1:
                    parameter.normal_(0, 0.12)  # answers far enough apart to differ
        model.save_pretrained(folder / kind)


def called(kind, folder):
    """The tensors that the call returns, in order."""
    torch.manual_seed(2)
    if kind in LIBRARY:
        model = getattr(transformers, LIBRARY[kind][0]).from_pretrained(folder / kind)
    else:
        model = OWN[kind]().eval()
    given = arguments(kind)
    with torch.no_grad():
        found = model(**given) if isinstance(given, dict) else model(*given)
    values = found.to_tuple() if hasattr(found, "to_tuple") else (found,)
    return [value for value in values if isinstance(value, torch.Tensor)]


def main():
    if sys.argv[1] == "--make":
        make(Path(sys.argv[2]))
        return
    folder, output, *kinds = sys.argv[1:]
    found = {}
    for kind in kinds or KINDS:
        for number, tensor in enumerate(called(kind, Path(folder))):
            found[f"{kind} {number}"] = tensor.numpy()
    numpy.savez(output, **found)


if __name__ == "__main__":
    main()
