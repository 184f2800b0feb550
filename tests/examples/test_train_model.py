"""The training script: its schedule, its draws, and that a run can be taken up where it stopped."""

from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import torch
import train_model  # type: ignore[import-not-found]
from train_model import Optimizer, Recipe, load_state, loss_function, save_state, windows
from transformers import LlamaConfig, LlamaForCausalLM

RECIPE = Recipe(steps=100, decay_steps=40, warm_up_steps=10, batch_windows=2, window_tokens=8)


def small_model() -> Any:
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 48, "num_attention_heads": 2, "num_hidden_layers": 2}
    return LlamaForCausalLM(LlamaConfig(vocab_size=64, num_key_value_heads=1, tie_word_embeddings=True, **sizes))


def steps(model: Any, optimizer: Any, first: int, last: int) -> list[float]:
    """Train from step `first` to before `last`; the losses."""
    stream = torch.arange(1000) % 7 + torch.arange(1000) % 3
    loss = loss_function(model, compiled=False)
    losses = []
    for step, batch in zip(range(first, last), windows(stream, RECIPE, first), strict=False):
        value = loss(batch)
        value.backward()
        optimizer.update(step)
        losses.append(value.item())
    return losses


def test_the_rate_rises_stays_and_falls_to_zero() -> None:
    rates = [RECIPE.rate(step) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[9] == rates[60] == 1.0
    assert rates[80] == pytest.approx(0.5)
    assert rates[100] == 0.0


def test_an_epoch_shows_each_window_once_and_the_next_one_cuts_elsewhere() -> None:
    stream = torch.arange(8 * 2 * 5 + 16)
    first, second = (list(islice(windows(stream, RECIPE, start), 5)) for start in (0, 5))
    for epoch in (first, second):
        starts = torch.cat(epoch)[:, 0]
        assert len(set(starts.tolist())) == 10
        assert torch.equal(torch.cat(epoch), starts[:, None] + torch.arange(9))
    assert not torch.equal(torch.cat(first), torch.cat(second))


def test_batches_of_a_step_do_not_depend_on_where_a_run_began() -> None:
    stream = torch.arange(1000)
    whole = list(islice(windows(stream, RECIPE, 0), 70))
    later = list(islice(windows(stream, RECIPE, 50), 20))
    assert all(torch.equal(one, other) for one, other in zip(whole[50:], later, strict=True))


def test_training_lowers_the_loss_and_repeats_itself() -> None:
    runs = []
    for _ in range(2):
        model = small_model()
        runs.append(steps(model, Optimizer(model, RECIPE), 0, 40))
    assert runs[0] == runs[1]
    assert runs[0][-1] < 0.7 * runs[0][0]


def test_a_run_goes_on_from_its_state(tmp_path: Path) -> None:
    whole = small_model()
    steps(whole, Optimizer(whole, RECIPE), 0, 20)

    model = small_model()
    optimizer = Optimizer(model, RECIPE)
    steps(model, optimizer, 0, 12)
    save_state(tmp_path / "state.safetensors", 12, model, optimizer)
    model = small_model()
    optimizer = Optimizer(model, RECIPE)
    assert load_state(tmp_path / "state.safetensors", model, optimizer) == 12
    steps(model, optimizer, 12, 20)

    for name, value in whole.state_dict().items():
        assert torch.equal(value, model.state_dict()[name]), name


def test_the_recipe_says_its_command() -> None:
    command = RECIPE.command()
    assert command.startswith("python examples/train_model.py --out examples/model ")
    assert "--steps 100 --decay-steps 40" in command


def test_the_model_fits_into_eight_megabytes() -> None:
    with torch.device("meta"):
        model = LlamaForCausalLM(train_model.model_config())
    assert 2 * model.num_parameters() < 7_600_000
