"""`python -m bench`: which peers take part, and the plot of what was measured."""

import json
from pathlib import Path
from xml.etree import ElementTree

from bench.__main__ import measurements
from bench.plots import shares, write
from bench.record import RESULTS


def test_peers_take_part_where_their_files_are(tmp_path: Path) -> None:
    (tmp_path / "model-0.5b-bf16.gguf").touch()
    (tmp_path / "model-0.5b-int8-openvino").mkdir()
    found = dict(measurements("python", Path("programs"), tmp_path))
    assert found["peers_model_0_5b"][1:] == ["--llama", "programs", "--gguf", str(tmp_path / "model-0.5b-bf16.gguf")]
    assert found["peers_model_0_5b_int8"][3:] == ["--openvino", "python", str(tmp_path / "model-0.5b-int8-openvino")]
    assert found["peers_model_0_5b_int4"] == ["bench.peers", "--bits", "int4"]
    assert all("--llama" not in words for words in dict(measurements(None, None, None)).values())


def test_a_side_s_share_is_its_rate_over_our_ceiling() -> None:
    record = {
        "series": {"decode 1, aweigh": {"median": 40.0}, "decode 1, openvino": {"median": 30.0}},
        "goals": {"decode 1: share of the ceiling": {"value": 0.8}, "decode 1: ours / best peer": {"value": 1.3}},
    }
    assert shares(record) == {"decode 1": {"aweigh": 0.8, "openvino": 0.6}}


def test_the_committed_results_give_a_plot(tmp_path: Path) -> None:
    (path,) = write(docs=tmp_path)
    assert ElementTree.parse(path).getroot().tag.endswith("svg")
    assert shares(json.loads((RESULTS / "peers_model_0_5b.json").read_text()))
