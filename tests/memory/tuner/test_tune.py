"""`aweigh tune` from end to end, on a small trace that it has to beat LRU in."""

import json
import sys
from pathlib import Path

import pytest

from aweigh.memory.replay.workload import Access, Model, Request, Workload
from aweigh.memory.tuner.command import main
from aweigh.memory.tuner.policy_file import PolicyFile, read
from aweigh.memory.tuner.search import play, search, with_policy, worst_against

PAGE = 1 << 21


def trace(path: Path) -> Path:
    """One model is asked for all the time, many others once in a while, in an arena for two: a scan that LRU falls for."""
    names = ["hot", *(f"cold{number}" for number in range(8))]
    rows: list[dict[str, object]] = [{"model": name, "extents": [20 * PAGE, 20 * PAGE]} for name in names]
    for number in range(30):
        rows.append({"time": 2.0 * number, "model": "hot", "prompt": 5, "new": 2})
        rows += [
            {"time": 2.0 * number + 0.5 + 0.5 * k, "model": f"cold{(2 * number + k) % 8}", "prompt": 5, "new": 2}
            for k in range(2)
        ]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def test_a_tuned_file_is_better_than_lru_and_the_same_for_a_seed(tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    file = tmp_path / "policy.toml"
    file.write_text(f"[arena]\nbytes = {80 * PAGE}\n")
    events = trace(tmp_path / "trace.jsonl")
    texts = []
    for name in ("one.toml", "two.toml"):
        out = tmp_path / name
        arguments = [str(file), "--trace", str(events), "--trials", "15", "--seed", "7", "--out", str(out)]
        assert main([*arguments, "--report", str(tmp_path / "report")]) == 0
        texts.append(out.read_text())
    assert texts[0] == texts[1]
    tuned = read(tmp_path / "one.toml")
    assert tuned.policy.name != "lru"
    report = (tmp_path / "report" / "report.html").read_text()
    assert report.count("<svg") == 2 and "MIN" in report and "tuned" in report and "s3-fifo" in report


def test_a_search_keeps_the_best_and_never_loses_to_lru_in_a_window(tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    models = tuple(Model(name, (10 * PAGE,)) for name in "abcdef")
    requests = tuple(Request(0.7 * n, "aabacadaeaf"[n * n % 11], 1, 1) for n in range(200))
    workload = Workload(models, requests)
    file = PolicyFile.model_validate({"arena": {"bytes": 30 * PAGE}})
    found = search(workload, file, trials=20, seed=1)
    assert found.outcome.stall_seconds <= play(workload, with_policy(file, "lru")).stall_seconds
    assert worst_against(found.outcome, found.lru, 20.0) <= 1.03
    assert len(found.trials) == 20 and {"lru", "arc", "arrivals"} <= {name for name, _ in found.trials}


def test_recorded_accesses_can_be_tuned_on(tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    uses = tuple(Access(1.0 * n, n % 6, 1) for n in range(120))
    workload = Workload((Model("m", (PAGE,) * 6),), accesses=uses)
    file = PolicyFile.model_validate({"arena": {"bytes": 4 * PAGE}})
    found = search(workload, file, trials=8, seed=0, policies=["lru", "layer-order"])
    assert found.file.policy.name == "layer-order"


def test_what_is_said_when_something_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "policy.toml"
    assert main([str(file), "--write-default"]) == 0
    assert read(file) == PolicyFile()
    assert main([str(file), "--write-default"]) == 4
    assert "is there already" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([str(file)])
    assert main([str(file), "--trace", str(tmp_path / "nothing.jsonl")]) == 4
    monkeypatch.setitem(sys.modules, "optuna", None)
    assert main([str(file), "--trace", str(trace(tmp_path / "trace.jsonl"))]) == 4
    assert "pip install 'aweigh[tune]'" in capsys.readouterr().err
