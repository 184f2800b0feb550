"""T5 and BART: `generate` greedy, in batches, sampled with a seed, with beams, forced tokens, given encoder outputs, and a forward pass."""

import sys

import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, GenerationConfig, TextStreamer

SENTENCES = ["translate this sentence", "and a second one, which is longer than the first", "3"]

for name in ("t5_writer", "bart_writer"):
    tokenizer = AutoTokenizer.from_pretrained(f"{sys.argv[1]}/{name}")
    model = AutoModelForSeq2SeqLM.from_pretrained(f"{sys.argv[1]}/{name}").eval()
    batch = tokenizer(SENTENCES, padding=True, return_tensors="pt", return_token_type_ids=False)
    one = tokenizer(SENTENCES[0], return_tensors="pt", return_token_type_ids=False)
    print(type(model).__name__, model.config.is_encoder_decoder, model.generation_config.decoder_start_token_id)
    print("greedy", model.generate(**one, max_new_tokens=8).tolist())
    made = model.generate(**batch, max_new_tokens=10, no_repeat_ngram_size=2)
    print("batch", made.tolist(), tokenizer.batch_decode(made, skip_special_tokens=True))
    model.generate(**one, max_new_tokens=6, streamer=TextStreamer(tokenizer))
    torch.manual_seed(7)
    print("sampled", model.generate(**batch, max_new_tokens=7, do_sample=True, top_k=30, temperature=1.2).tolist())
    print("two each", model.generate(**one, max_new_tokens=5, do_sample=True, num_return_sequences=2).tolist())
    print("the generator after", torch.rand(2).tolist())
    print("beams", model.generate(**batch, max_new_tokens=6, num_beams=3, early_stopping=True).tolist())
    print("forced", model.generate(**batch, max_new_tokens=6, forced_bos_token_id=9, forced_eos_token_id=2).tolist())
    print("penalty", model.generate(**batch, max_new_tokens=12, repetition_penalty=1.4, min_new_tokens=3).tolist())
    print("no end", model.generate(**batch, max_length=9, suppress_tokens=[2]).tolist())
    start = torch.tensor([[model.generation_config.decoder_start_token_id, 7, 8]] * len(SENTENCES))
    print("begun", model.generate(**batch, decoder_input_ids=start, max_new_tokens=5).tolist())
    config = GenerationConfig(max_new_tokens=5, decoder_start_token_id=2, pad_token_id=0, eos_token_id=2)
    print("a config", model.generate(batch["input_ids"], generation_config=config).tolist())
    with torch.no_grad():
        encoded = model.get_encoder()(**batch)
        print("encoder", tuple(encoded.last_hidden_state.shape), encoded.last_hidden_state[0, 0, :3].tolist())
        given = model.generate(encoder_outputs=encoded, attention_mask=batch["attention_mask"], max_new_tokens=6)
        print("encoded before", given.tolist())
        output = model(**batch, labels=batch["input_ids"])
        print("forward", list(output.keys()), output.loss.item(), output.logits[0, 0, :3].tolist())
    scored = model.generate(**one, max_new_tokens=4, return_dict_in_generate=True, output_scores=True)
    print("scores", type(scored).__name__, scored.sequences.tolist(), scored.scores[0][0, :3].tolist())
    print("assisted", model.generate(**one, max_new_tokens=5, prompt_lookup_num_tokens=2).tolist())
