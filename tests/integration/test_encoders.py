"""Models with an encoder: the engine runs it, and the decoder over it, with the tokens of the plain script."""

import json
from pathlib import Path

import pytest
from tests.integration.house import House

SCRIPTS = Path(__file__).parent / "scripts"
FAMILIES = ("bart", "t5", "whisper")
OTHERS = ("mbart", "marian", "pegasus", "mt5", "umt5", "plbart", "blenderbot", "m2m_100")


def make(family: str, directory: Path) -> str:
    """A tiny checkpoint with random weights; returns its path. Made once."""
    import torch
    from transformers import CONFIG_MAPPING, AutoModelForSeq2SeqLM, AutoModelForSpeechSeq2Seq

    path = directory / family
    if path.exists():
        return str(path)
    common = {
        "vocab_size": 99,
        "d_model": 32,
        "decoder_start_token_id": 2,
        "pad_token_id": 1,
        "eos_token_id": 2,
        "bos_token_id": 0,
    }
    if family.endswith("t5"):
        sizes = {"d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4, "relative_attention_max_distance": 20}
    else:
        sizes = {
            "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4, "decoder_attention_heads": 4,
            "encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "max_position_embeddings": 64,
        }  # fmt: skip
    if family == "whisper":
        sizes |= {"max_source_positions": 30, "max_target_positions": 40, "num_mel_bins": 8}
    auto = AutoModelForSpeechSeq2Seq if family == "whisper" else AutoModelForSeq2SeqLM
    model = auto.from_config(CONFIG_MAPPING[family](**common, **sizes))
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(noise * 0.25 if parameter.dim() > 1 else parameter + noise * 0.1)
    model.generation_config.forced_eos_token_id = None
    model.generation_config.num_beams = 1
    model.generation_config.encoder_no_repeat_ngram_size = 0  # Blenderbot's; the engine has no such processor
    if family == "whisper":
        model.generation_config.update(is_multilingual=False, no_timestamps_token_id=90)
    model.save_pretrained(path)
    return str(path)


def both(house: House, script: str, *arguments: str, options: tuple[str, ...] = ()) -> tuple[str, str, str]:
    """What the script prints plain and offloaded, and what it then says on stderr."""
    plain = house.plain(str(SCRIPTS / script), *arguments)
    ours = house.offloaded(str(SCRIPTS / script), *arguments, options=options)
    for done in (plain, ours):
        assert done.returncode == 0, done.stderr[-4000:]
    return plain.stdout, ours.stdout, ours.stderr


@pytest.mark.slow
def test_generate_runs_on_the_engine_with_the_same_tokens(house: House, checkpoints: Path) -> None:
    paths = [make(family, checkpoints) for family in FAMILIES]
    plain, ours, _ = both(house, "encoders.py", *paths, options=("--strict",))
    assert json.loads(ours) == json.loads(plain)


@pytest.mark.slow
@pytest.mark.parametrize("family", OTHERS)
def test_other_families(house: House, checkpoints: Path, family: str) -> None:
    plain, ours, _ = both(house, "encoders.py", make(family, checkpoints), options=("--strict",))
    assert json.loads(ours) == json.loads(plain)


@pytest.mark.slow
def test_padding_in_a_decoders_prompt_stays_here(house: House, checkpoints: Path) -> None:
    """M2M100 numbers its tokens but for padding, by the call; without padding the number is the position."""
    plain, ours, said = both(house, "encoders_padded.py", make("m2m_100", checkpoints))
    assert ours == plain
    assert "with a padded prompt of the decoder" in said
    assert "2 generate" in said


@pytest.mark.parametrize("family", [pytest.param(name, marks=pytest.mark.slow) for name in ("bart", "t5")])
def test_what_runs_here_answers_the_same(house: House, checkpoints: Path, family: str) -> None:
    plain, ours, said = both(house, "encoders_here.py", make(family, checkpoints))
    assert ours == plain
    assert "runs here: beam_search of a model with an encoder" in said
    assert "with custom Own" in said
    assert "runs here: a forward pass of a model with an encoder" in said


@pytest.mark.slow
def test_a_decoder_alone_runs_here_where_it_is_given_an_encoder_s_output(house: House, checkpoints: Path) -> None:
    plain, ours, said = both(house, "decoder_alone.py", make("whisper", checkpoints))
    expected = json.loads(plain)
    assert json.loads(ours) == expected
    assert expected["alone"] != expected["over an encoder's output"]
    assert "(2 generate, 1 step" in said
