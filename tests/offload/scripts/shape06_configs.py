"""GenerationConfig objects, beams, scores, and the options that make processors; wrong ones raise as they do."""

import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
inputs = tokenizer("configs", return_tensors="pt")
print(model.generation_config.eos_token_id, model.generation_config.pad_token_id, model.can_generate())
config = GenerationConfig(max_new_tokens=7, num_beams=3, num_return_sequences=2, pad_token_id=258, eos_token_id=257)
with torch.inference_mode():
    print(model.generate(**inputs, generation_config=config).tolist())
    beams = model.generate(
        **inputs, max_new_tokens=6, num_beams=2, return_dict_in_generate=True, output_scores=True, early_stopping=True
    )
    print(
        type(beams).__name__, beams.sequences.tolist(), [round(score, 3) for score in beams.sequences_scores.tolist()]
    )
    greedy = model.generate(
        **inputs, max_new_tokens=5, return_dict_in_generate=True, output_scores=True, output_logits=True
    )
    print(type(greedy).__name__, len(greedy.scores), greedy.scores[0].shape, greedy.past_key_values.get_seq_length())
    scores = model.compute_transition_scores(greedy.sequences, greedy.scores, normalize_logits=True)
    print([round(score, 3) for score in scores[0].tolist()])
    print(model.generate(**inputs, max_new_tokens=6, do_sample=True, num_beams=2).tolist())
    for settings in (
        {"bad_words_ids": [[12], [13, 14]], "suppress_tokens": [1, 2], "begin_suppress_tokens": [99]},
        {"forced_eos_token_id": 257, "exponential_decay_length_penalty": (2, 1.1)},
        {"sequence_bias": [[[45], 8.0]], "renormalize_logits": True, "min_length": 12},
        {"do_sample": True, "min_p": 0.05, "typical_p": 0.9, "epsilon_cutoff": 0.001, "eta_cutoff": 0.002},
        {"do_sample": True, "top_h": 0.5, "temperature": 1.4, "top_k": 0},
        {"max_length": 12, "encoder_repetition_penalty": 1.2},
        {"stop_strings": ["a", "e"], "tokenizer": tokenizer, "max_new_tokens": 30},
        {"guidance_scale": 1.5},
    ):
        settings = {"max_new_tokens": 8} | settings if "max_length" not in settings else settings
        print(sorted(settings), model.generate(**inputs, **settings).tolist())
for wrong in ({"max_new_tokens": 0}, {"max_new_tokens": -1}, {"temperature": 0.0, "do_sample": True}, {"wrong": 1}):
    try:
        model.generate(**inputs, **wrong)
    except Exception as error:
        print(type(error).__name__, str(error)[:60])
