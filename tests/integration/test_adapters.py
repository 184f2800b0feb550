"""peft's adapters: a model with them is another model on the engine, over the same files; what changes an adapter is honoured."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.integration.house import House

SCRIPTS = Path(__file__).parent / "scripts"


@pytest.fixture(scope="module")
def base(checkpoints: Path) -> str:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=3, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=128, bos_token_id=1, eos_token_id=2, pad_token_id=0,
    )  # fmt: skip
    torch.manual_seed(0)
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(8.0 if parameter.dim() > 1 else 1.0)
    path = checkpoints / "adapted"
    model.save_pretrained(path)
    return str(path)


def adapter(base: str, name: str, config: Any, seed: int) -> str:
    """Saves an adapter with random weights in all of its tensors; returns its path."""
    import torch
    from peft import get_peft_model
    from transformers import AutoModelForCausalLM

    config.task_type = "CAUSAL_LM"
    torch.manual_seed(seed)
    made = get_peft_model(AutoModelForCausalLM.from_pretrained(base), config)
    with torch.no_grad():
        for parameter in made.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn(parameter.shape) * 0.3)
    path = f"{base}-{name}"
    made.save_pretrained(path)
    return path


@pytest.fixture(scope="module")
def adapters(base: str) -> list[str]:
    """Two that are built alike, and one of each of some other kinds."""
    from peft import IA3Config, LoraConfig, VeraConfig

    targets = ["q_proj", "v_proj", "down_proj"]
    patterns: dict[str, Any] = {
        "rank_pattern": {"layers.0.self_attn.q_proj": 2},
        "alpha_pattern": {"layers.1.self_attn.v_proj": 32},
    }
    configs = {
        "one": LoraConfig(r=4, target_modules=targets, lora_dropout=0.1),
        "two": LoraConfig(r=4, target_modules=targets, lora_dropout=0.1),
        "stabilised": LoraConfig(r=4, target_modules=targets, use_rslora=True, modules_to_save=["lm_head"], **patterns),
        "magnitudes": LoraConfig(r=2, target_modules=["q_proj", "v_proj"], use_dora=True, layers_to_transform=[1, 2]),
        "scaled": IA3Config(target_modules=targets, feedforward_modules=["down_proj"]),
        "shared": VeraConfig(r=4, target_modules=["q_proj"]),
    }
    return [adapter(base, name, config, seed) for seed, (name, config) in enumerate(configs.items())]


@pytest.mark.slow
def test_every_kind_is_answered_by_the_engine_as_by_peft(
    house: House, base: str, adapters: list[str], tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    script = str(SCRIPTS / "adapters.py")
    plain = house.plain(script, base, *adapters)
    ours = house.offloaded(script, base, *adapters, options=("--report", str(report)))
    for done in (plain, ours):
        assert done.returncode == 0, done.stderr[-4000:]
    expected, found = json.loads(plain.stdout), json.loads(ours.stdout)
    assert list(found) == list(expected)
    for name, (logits, tokens, drawn) in expected.items():
        assert close(found[name][0], logits), name
        assert found[name][1:] == [tokens, drawn], name
    assert len({str(answer) for answer in found.values()}) == 7, "six adapters and none"
    summary = json.loads(report.read_text())
    calls = [model["calls"] for model in summary["models"]]
    assert sum(call["local"] for call in calls) == 0
    assert sum(call["generate"] for call in calls) == 2 * len(expected)
    assert sum(call["step"] for call in calls) == len(expected)


def close(found: Any, expected: Any, within: float = 1e-4) -> bool:
    """Whether two nested lists of numbers agree."""
    if isinstance(expected, list):
        return len(found) == len(expected) and all(close(*pair, within) for pair in zip(found, expected, strict=True))
    return found == expected if isinstance(expected, str) else bool(abs(found - expected) <= within)


@pytest.mark.slow
def test_what_a_script_does_to_adapters_counts(house: House, base: str, adapters: list[str]) -> None:
    script = str(SCRIPTS / "adapters_here.py")
    plain, ours = house.plain(script, base, *adapters[:2]), house.offloaded(script, base, *adapters[:2], options=())
    for done in (plain, ours):
        assert done.returncode == 0, done.stderr[-4000:]
    expected, found = json.loads(plain.stdout), json.loads(ours.stdout)
    assert list(found) == list(expected)
    for name, answer in expected.items():
        assert close(found[name], answer, 2e-4), (name, found[name], answer)
    for said in (
        "a cache that other adapters have filled",
        "a hook was registered on",
        "not what their configurations make",
    ):
        assert said in ours.stderr


LOOK = """
import json, sys, torch
from peft import PeftModel
from transformers import AutoModelForCausalLM
base, one, two = sys.argv[1:]
ids = torch.tensor([[5, 6, 7, 8]])
places = []
for path in (one, two, one):
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), path, adapter_name=f"n{len(places)}")
    model.generate(input_ids=ids, max_new_tokens=2, do_sample=False)
    (placed,) = vars(model.base_model.model)["_aweigh_stub"].adapters._placed.values()
    places.append([placed.place.model, sorted({entry.expression.WhichOneof("node") for entry in placed.entries})])
of_script = [value for name, value in model.named_parameters() if "lora_B" in name]
of_script[0].mul_(2)
model.generate(input_ids=ids, max_new_tokens=2, do_sample=False)
(placed,) = vars(model.base_model.model)["_aweigh_stub"].adapters._placed.values()
places.append([placed.place.model, sorted({entry.expression.WhichOneof("node") for entry in placed.entries})])
print(json.dumps(places))
"""


@pytest.mark.slow
def test_adapters_built_alike_share_a_program_and_no_name(
    house: House, base: str, adapters: list[str], tmp_path: Path
) -> None:
    """The model's name on the engine is that of its weights: keys and values of one adapter are none of another's."""
    report = tmp_path / "report.json"
    folder = Path(house.environment["AWEIGH_CACHE"])
    first = house.offloaded("-c", LOOK, base, adapters[0], adapters[0], options=("--strict", "--report", str(report)))
    assert first.returncode == 0, first.stderr
    before = sorted(os.listdir(folder))
    done = house.offloaded("-c", LOOK, base, *adapters[:2], options=("--strict", "--report", str(report)))
    assert done.returncode == 0, done.stderr
    assert [name for name in sorted(os.listdir(folder)) if name not in before] == [], "the second one was compiled anew"
    (one, two, again, written) = json.loads(done.stdout)
    assert one == again
    assert one[0] != two[0]
    assert one[1] == two[1] == ["file"], "an adapter that was loaded from a file stays there"
    assert written[1] == ["content", "file"]
    assert written[0] not in (one[0], two[0])
    assert json.loads(report.read_text())["weight_bytes_read"] == 0, "nothing of the base came here"


@pytest.mark.slow
def test_the_usual_script_goes_to_the_engine(house: House, base: str, tmp_path: Path) -> None:
    """Here stay: what peft made for training and left in that mode, the merged model, and training."""
    script = str(SCRIPTS.parents[1] / "offload" / "scripts" / "shape14_adapters.py")
    report = tmp_path / "report.json"
    plain, ours = house.plain(script, base), house.offloaded(script, base, options=("--report", str(report)))
    assert ours.stdout == plain.stdout, ours.stderr
    models = json.loads(report.read_text())["models"]
    assert sum(model["calls"]["generate"] for model in models) == 10
    assert sum(model["calls"]["step"] for model in models) == 10
    reasons = {reason for model in models for reason in model["local_reasons"]}
    assert reasons == {"an adapter is in training mode", "the script changed a weight", "the model is in training mode"}
