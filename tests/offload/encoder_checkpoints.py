"""Tiny checkpoints with random weights of models that are no causal language models, and a tokenizer that knows letters.

``python encoder_checkpoints.py DIRECTORY`` makes one folder per model in it.
"""

import sys
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedModel, PreTrainedTokenizerFast

TEXT: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 48,
    "max_position_embeddings": 128,
    "pad_token_id": 0,
}
VISION: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 48,
    "image_size": 32,
    "patch_size": 8,
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,?!'-"


def tokenizer() -> PreTrainedTokenizerFast:
    """WordPiece over single characters, with the special tokens of BERT."""
    words = ["[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]", *_LETTERS, *(f"##{letter}" for letter in _LETTERS)]
    vocabulary = {word: index for index, word in enumerate(words)}
    raw = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    raw.normalizer = normalizers.Lowercase()
    raw.pre_tokenizer = pre_tokenizers.Whitespace()
    raw.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=raw,
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        unk_token="[UNK]",
        model_max_length=128,
    )


def make(directory: Path, kind: str, config: dict[str, Any], seed: int, *, text: bool = True) -> None:
    """A checkpoint of the class named `kind`, whose answers are far enough apart to differ."""
    model_class: type[PreTrainedModel] = getattr(transformers, kind)
    words = tokenizer()
    said = {"vocab_size": len(words)} if text else {}
    torch.manual_seed(seed)
    model = model_class(model_class.config_class(**config, **said))
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.normal_(0, 0.12, generator=generator)
    model.save_pretrained(directory)
    if text:
        words.save_pretrained(directory)


def make_speech(directory: Path, config: dict[str, Any], seed: int) -> None:
    """A Whisper that writes letters, with its extractor of features (a second of sound) and its tokenizer."""
    special = ("<|endoftext|>", "<|startoftranscript|>", "<|notimestamps|>")
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())[: config["vocab_size"] - len(special)]
    vocabulary = {word: index for index, word in enumerate((*letters, *special))}  # what lies behind the last is a time
    words = transformers.WhisperTokenizer(vocabulary, merges=[], pad_token=special[0])
    words.save_pretrained(directory)
    features = transformers.WhisperFeatureExtractor(feature_size=config["num_mel_bins"], chunk_length=1)
    features.save_pretrained(directory)
    end, start, timeless = map(vocabulary.__getitem__, special)
    ends = {"eos_token_id": end, "pad_token_id": end, "bos_token_id": end, "decoder_start_token_id": start}
    make(directory, "WhisperForConditionalGeneration", {**config, **ends}, seed, text=False)
    said = transformers.GenerationConfig.from_pretrained(directory)
    said.update(is_multilingual=False, no_timestamps_token_id=timeless, max_length=40)
    said.save_pretrained(directory)


def make_all(base: Path) -> None:
    """Everything that the scripts in `scripts/encoders` load."""
    names = ("entailment", "neutral", "contradiction")
    labels = {"id2label": dict(enumerate(names)), "label2id": {name: number for number, name in enumerate(names)}}
    make(base / "bert", "BertModel", TEXT, 1)
    make(base / "roberta", "RobertaModel", TEXT, 2)
    make(base / "modernbert", "ModernBertModel", {**TEXT, "global_attn_every_n_layers": 2, "local_attention": 8}, 3)
    make(base / "classifier", "BertForSequenceClassification", {**TEXT, **labels}, 4)
    make(base / "ranker", "BertForSequenceClassification", {**TEXT, "num_labels": 1}, 5)
    make(
        base / "tagger",
        "DistilBertForTokenClassification",
        {"dim": 32, "hidden_dim": 48, "n_layers": 2, "n_heads": 2},
        6,
    )
    make(base / "reader", "RobertaForQuestionAnswering", TEXT, 7)
    make(base / "filler", "BertForMaskedLM", TEXT, 8)
    make(base / "vit", "ViTForImageClassification", {**VISION, "num_labels": 4}, 9, text=False)
    make(
        base / "clip",
        "CLIPModel",
        {"text_config": TEXT | {"vocab_size": 99, "eos_token_id": 2}, "vision_config": VISION},
        10,
        text=False,
    )
    whisper = {
        "d_model": 32, "encoder_layers": 2, "decoder_layers": 1, "encoder_attention_heads": 2, "decoder_attention_heads": 2,
        "encoder_ffn_dim": 48, "decoder_ffn_dim": 48, "num_mel_bins": 16, "max_source_positions": 50, "vocab_size": 99, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1,
    }  # fmt: skip
    make(base / "whisper", "WhisperModel", whisper, 11, text=False)
    bart = {
        "d_model": 32, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 2, "decoder_attention_heads": 2,
        "encoder_ffn_dim": 48, "decoder_ffn_dim": 48, "max_position_embeddings": 128, "pad_token_id": 0, "bos_token_id": 1,
        "eos_token_id": 2, "decoder_start_token_id": 2, "forced_eos_token_id": 2,
    }  # fmt: skip
    make(base / "bart", "BartForSequenceClassification", {**bart, **labels}, 12)
    t5 = {"d_model": 32, "d_kv": 16, "d_ff": 48, "num_layers": 2, "num_heads": 2}
    make(base / "t5", "T5EncoderModel", t5, 13)
    make(base / "t5_writer", "T5ForConditionalGeneration", {**t5, "decoder_start_token_id": 0, "eos_token_id": 2}, 15)
    writer = {**bart, "decoder_start_token_id": 1, "forced_eos_token_id": None}
    make(base / "bart_writer", "BartForConditionalGeneration", writer, 16)
    make_speech(base / "whisper_writer", whisper | {"vocab_size": 83, "decoder_layers": 2}, 17)
    detector = {
        "d_model": 32, "encoder_layers": 1, "decoder_layers": 2, "encoder_attention_heads": 2, "decoder_attention_heads": 2,
        "encoder_ffn_dim": 48, "decoder_ffn_dim": 48, "num_queries": 5, "num_labels": 3, "use_timm_backbone": False,
        "use_pretrained_backbone": False, "backbone": None,
        "backbone_config": {
            "model_type": "resnet", "embedding_size": 16, "hidden_sizes": [16, 24, 32, 40], "depths": [1, 1, 1, 1],
            "layer_type": "basic", "out_features": ["stage4"],
        },
    }  # fmt: skip
    make(base / "detr", "DetrForObjectDetection", detector, 14, text=False)


if __name__ == "__main__":
    make_all(Path(sys.argv[1]))
