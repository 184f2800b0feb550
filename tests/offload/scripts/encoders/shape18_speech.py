"""Whisper: features made by its extractor and by hand, tokens by `generate`, text by the pipeline for speech."""

import math
import sys

import torch
from transformers import (
    AutoModelForSpeechSeq2Seq,
    WhisperFeatureExtractor,
    WhisperForConditionalGeneration,
    WhisperProcessor,
    pipeline,
)

path = f"{sys.argv[1]}/whisper_writer"
RATE = 16_000
time = torch.arange(RATE) / RATE
sounds = [torch.sin(2 * math.pi * pitch * time).numpy() for pitch in (220, 660)]

extractor = WhisperFeatureExtractor.from_pretrained(path)
model = WhisperForConditionalGeneration.from_pretrained(path)
features = extractor(sounds, sampling_rate=RATE, return_tensors="pt").input_features
print(tuple(features.shape), features[0, :2, :2].tolist())
print("greedy", model.generate(features, max_new_tokens=8).tolist())
print("one", model.generate(input_features=features[:1], max_new_tokens=5).tolist())
torch.manual_seed(3)
print("sampled", model.generate(features, max_new_tokens=6, do_sample=True, temperature=1.3).tolist())
print("beams", model.generate(features, max_new_tokens=5, num_beams=2).tolist())
torch.manual_seed(4)
random = torch.randn(2, *features.shape[1:])
print("by hand", AutoModelForSpeechSeq2Seq.from_pretrained(path).generate(random, max_new_tokens=6).tolist())
with torch.no_grad():
    encoded = model.get_encoder()(features)
    print("encoder", encoded.last_hidden_state[0, 0, :3].tolist())
    logits = model(features, decoder_input_ids=torch.tensor([[1, 5], [1, 6]])).logits
    print("forward", tuple(logits.shape), logits[0, -1, :3].tolist())

processor = WhisperProcessor.from_pretrained(path)
print("decoded", processor.batch_decode(model.generate(features, max_new_tokens=8), skip_special_tokens=True))
listen = pipeline("automatic-speech-recognition", model=path)
print("pipeline", type(listen.model).__name__, listen(sounds[0], generate_kwargs={"max_new_tokens": 6, "num_beams": 1}))
print("list", listen([sound.copy() for sound in sounds], batch_size=2, generate_kwargs={"max_new_tokens": 4}))
print("raw", listen({"raw": sounds[1], "sampling_rate": RATE}, generate_kwargs={"max_new_tokens": 4}))
