"""Cases of `generate`: modes, options and callbacks, several at a time, also where they contradict each other."""

from __future__ import annotations

from random import Random

from bench.fuzz.case import Act, Value, chance, named, near, tensor, tokens
from bench.fuzz.families import ASSISTANT, BOS, EOS, PAD
from bench.fuzz.prompts import Prompts, prompts

Options = dict[str, Value]
MODES = ("greedy", "greedy", "sample", "sample", "sample", "beams", "beam sample", "lookup", "assisted", "moved")


def generate(random: Random) -> tuple[str, tuple[Act, ...]]:
    """A shape's name, and one or two calls."""
    mode = random.choice(MODES)
    if chance(random, 0.06):
        return "generate continued", continued(random, mode)
    given = prompts(random, most=1 if mode in ("lookup", "assisted") and chance(random, 0.9) else 3)
    options = mode_options(random, mode) | length_options(random, given.length) | token_options(random, mode)
    options |= ending_options(random)
    if chance(random, 0.25):
        options |= output_options(random)
    if chance(random, 0.25):
        options |= callback_options(random)
    if chance(random, 0.2):
        options |= machine_options(random, given)
    options = mixed(random, options)
    return f"generate {mode}", (Act("generate", {**inputs(random, given), **options}),)


def inputs(random: Random, given: Prompts) -> Options:
    """The prompt as ids, now and then by position's name, as embeddings, or none at all."""
    arguments = given.arguments(random)
    draw = random.random()
    if draw < 0.05:
        arguments["inputs_embeds"] = named("embedded", ids=given.rows)
        if chance(random, 0.5):
            del arguments["input_ids"]
    elif draw < 0.15:
        arguments["inputs"] = arguments.pop("input_ids")
    elif draw < 0.17:
        return {}
    return arguments


def mode_options(random: Random, mode: str) -> Options:
    match mode:
        case "greedy":
            return {"do_sample": False} if chance(random, 0.6) else {}
        case "sample":
            return {"do_sample": True, **warpers(random)} | several(random)
        case "beams":
            return {"num_beams": random.randint(2, 4), **beams(random)}
        case "beam sample":
            return {"do_sample": True, "num_beams": random.randint(2, 3), **beams(random), **warpers(random)}
        case "lookup":
            options: Options = {"prompt_lookup_num_tokens": random.randint(1, 4)}
            if chance(random, 0.5):
                options["max_matching_ngram_size"] = random.randint(1, 3)
            return options | ({"do_sample": True, **warpers(random)} if chance(random, 0.3) else {})
        case "assisted":
            options = {"assistant_model": named("model", family=ASSISTANT)}
            if chance(random, 0.5):
                options["num_assistant_tokens"] = random.randint(1, 5)
                options["num_assistant_tokens_schedule"] = random.choice(["constant", "heuristic"])
            return options | ({"do_sample": True, **warpers(random)} if chance(random, 0.4) else {})
    return random.choice(  # what this version of transformers has no more, or only by a name of its own
        [
            {"num_beams": 4, "num_beam_groups": 2, "diversity_penalty": 0.5},
            {"num_beams": 2, "force_words_ids": [[5], [7, 8]]},
            {"penalty_alpha": 0.6, "top_k": 4},
            {"dola_layers": "low"},
        ]
    )


def warpers(random: Random) -> Options:
    draws: Options = {
        "temperature": near(random, 0.2, 2.5),
        "top_k": random.choice([0, 1, 3, 20, 50, 300]),
        "top_p": near(random, 0.05, 1.0),
        "min_p": near(random, 0.0, 0.4),
        "typical_p": near(random, 0.1, 0.99),
        "epsilon_cutoff": near(random, 0.001, 0.02),
        "eta_cutoff": near(random, 0.001, 0.02),
        "top_h": near(random, 0.1, 0.9),
    }
    return {name: value for name, value in draws.items() if chance(random, 0.25)}


def several(random: Random) -> Options:
    return {"num_return_sequences": random.randint(1, 3)} if chance(random, 0.3) else {}


def beams(random: Random) -> Options:
    options: Options = several(random)
    if chance(random, 0.3):
        options["early_stopping"] = random.choice([True, False, "never"])
    if chance(random, 0.3):
        options["length_penalty"] = near(random, -1.0, 2.0)
    return options


def length_options(random: Random, length: int) -> Options:
    draw, options = random.random(), dict[str, Value]()
    if draw < 0.65:
        options["max_new_tokens"] = random.randint(1, 9)
    elif draw < 0.85:
        options["max_length"] = length + random.randint(-2, 8)
    elif draw < 0.9:
        options |= {"max_new_tokens": random.randint(1, 6), "max_length": random.randint(1, 40)}
    if chance(random, 0.12):
        options["min_length"] = length + random.randint(-3, 9)
    if chance(random, 0.12):
        options["min_new_tokens"] = random.randint(0, 8)
    return options


def token_options(random: Random, mode: str) -> Options:
    word = lambda: tokens(random, random.randint(1, 2))
    draws: Options = {
        "repetition_penalty": near(random, 0.6, 2.0),
        "no_repeat_ngram_size": random.randint(1, 3),
        "bad_words_ids": [word() for _ in range(random.randint(1, 40))],
        "suppress_tokens": sorted(set(tokens(random, random.randint(1, 60)))),
        "begin_suppress_tokens": sorted(set(tokens(random, random.randint(1, 60)))),
        "forced_bos_token_id": random.choice([BOS, 5]),
        "forced_eos_token_id": random.choice([EOS, 9, [EOS, 9]]),
        "renormalize_logits": True,
        "remove_invalid_values": True,
        "exponential_decay_length_penalty": [random.randint(0, 4), near(random, 1.0, 1.6)],
        "sequence_bias": [[word(), near(random, -8, 8)] for _ in range(random.randint(1, 20))],
        "guidance_scale": near(random, 1.1, 2.0),
        "watermarking_config": named(
            "watermark", bias=near(random, 1, 4), seeding_scheme=random.choice(["lefthash", "selfhash"])
        ),
        "encoder_repetition_penalty": near(random, 0.8, 1.5),
        "encoder_no_repeat_ngram_size": 2,
        "token_healing": True,
    }
    rare = ("guidance_scale", "watermarking_config", "encoder_repetition_penalty", "encoder_no_repeat_ngram_size")
    found = {
        name: value
        for name, value in draws.items()
        if chance(random, 0.02 if name in rare or name == "token_healing" else 0.08)
    }
    if "sequence_bias" in found and chance(random, 0.4):
        found["sequence_bias"] = named("pairs", items=found["sequence_bias"])
    if "guidance_scale" in found and chance(random, 0.5):
        found["negative_prompt_ids"] = tensor([tokens(random, 4)])
    return found


def ending_options(random: Random) -> Options:
    """Ends that random weights do reach: many tokens end a sequence."""
    options: Options = {}
    draw = random.random()
    if draw < 0.25:
        options["eos_token_id"] = sorted({EOS, *tokens(random, random.randint(1, 90))})
    elif draw < 0.35:
        options["eos_token_id"] = random.choice([EOS, tokens(random, 1)[0]])
    elif draw < 0.38:
        options["eos_token_id"] = None
    if chance(random, 0.3):
        options["pad_token_id"] = random.choice([PAD, 0, EOS])
    if chance(random, 0.08):
        letters = "etaoinshrdlu0123456789\u0120\u010a"
        count = random.randint(1, 12)
        options["stop_strings"] = [random.choice(letters) for _ in range(count)]
        if chance(random, 0.85):
            options["tokenizer"] = named("tokenizer")
    return options


def output_options(random: Random) -> Options:
    names = ("output_scores", "output_logits", "output_hidden_states", "output_attentions")
    options: Options = {name: True for name in names if chance(random, 0.4)}
    return options | {"return_dict_in_generate": chance(random, 0.9)}


def callback_options(random: Random) -> Options:
    options: Options = {}
    if chance(random, 0.4):
        options["logits_processor"] = [processor(random) for _ in range(random.randint(1, 2))]
    if chance(random, 0.3):
        options["stopping_criteria"] = [
            random.choice(
                [
                    named("stop_after", calls=random.randint(1, 6)),
                    named("library", name="MaxLengthCriteria", max_length=random.randint(1, 30)),
                    named("library", name="EosTokenCriteria", eos_token_id=tokens(random, 40)),
                ]
            )
        ]
    if chance(random, 0.15):
        options["prefix_allowed_tokens_fn"] = named("allowed", tokens=sorted(set(tokens(random, 12))))
    if chance(random, 0.35):
        options["streamer"] = named("recorder")
    return options


def processor(random: Random) -> Value:
    """One of the script's own, or one of transformers' that the script made."""
    return random.choice(
        [
            named("ban", tokens=tokens(random, 30)),
            named("shift", by=near(random, 0.5, 6)),
            named("library", name="TemperatureLogitsWarper", temperature=near(random, 0.3, 2)),
            named("library", name="RepetitionPenaltyLogitsProcessor", penalty=near(random, 0.8, 2)),
            named("library", name="TopKLogitsWarper", top_k=random.randint(1, 20), min_tokens_to_keep=2),
            named("library", name="TopPLogitsWarper", top_p=near(random, 0.2, 0.9), filter_value=-50.0),
            named("library", name="NoRepeatNGramLogitsProcessor", ngram_size=random.randint(1, 2)),
            named("library", name="SuppressTokensLogitsProcessor", suppress_tokens=tokens(random, 20)),
            named("library", name="InfNanRemoveLogitsProcessor"),
        ]
    )


def machine_options(random: Random, given: Prompts) -> Options:
    """How transformers computes, which must not change what it answers."""
    draw = random.random()
    if draw < 0.4:
        return {"use_cache": chance(random, 0.2)}
    if draw < 0.6:
        return {"cache_implementation": random.choice(["dynamic", "static", "offloaded", "dynamic_full", "nonsense"])}
    if draw < 0.7:
        return {"past_key_values": named("dynamic_cache")}
    if draw < 0.75:
        return {"past_key_values": named("static_cache", length=given.length + 40)}
    if draw < 0.85:
        return {"prefill_chunk_size": random.randint(1, 8)}
    if draw < 0.93:
        return {"disable_compile": True, "max_cache_len": 64}
    return {"position_ids": tensor([list(range(given.length))] * given.batch)}


def mixed(random: Random, options: Options) -> Options:
    """Some of the options as a GenerationConfig, the rest as they are."""
    if not chance(random, 0.3):
        return options
    arguments = {
        "assistant_model", "logits_processor", "stopping_criteria", "prefix_allowed_tokens_fn", "streamer", "tokenizer",
        "negative_prompt_ids", "past_key_values", "position_ids",
    }  # fmt: skip
    inside = {name: value for name, value in options.items() if name not in arguments and chance(random, 0.7)}
    rest = {name: value for name, value in options.items() if name not in inside}
    return {"generation_config": named("config", **inside), **rest}


def continued(random: Random, mode: str) -> tuple[Act, ...]:
    """A second call that goes on with the cache of the first."""
    given = prompts(random, odd=False, most=2)
    options = mode_options(random, mode if mode in ("greedy", "sample") else "greedy")
    options.pop("num_return_sequences", None)
    first = {
        **given.arguments(random),
        **options,
        "max_new_tokens": random.randint(1, 5),
        "return_dict_in_generate": True,
    }
    more = [tokens(random, random.randint(1, 3))] * given.batch
    second: Options = {"max_new_tokens": random.randint(1, 5), "past_key_values": named("previous", field="cache")}
    sequences = named("extended", tokens=more)
    if given.mask is None:
        return Act("generate", first), Act("generate", {"input_ids": sequences, **options, **second})
    mask = named("grown", mask=given.mask, tokens=more)
    return Act("generate", first), Act(
        "generate", {"input_ids": sequences, "attention_mask": mask, **options, **second}
    )
