"""The house's own rules hold, and each tool that holds them reports a planted fault."""

import datetime
import json
import subprocess
from pathlib import Path

import pytest

from house import audit, bill, collected, licences, links, protogen, rules, sbom, sizes
from house.tree import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """An empty git checkout."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


TOOLS = [links, sizes, rules, protogen, bill, pytest.param(collected, id="house.collected", marks=pytest.mark.slow)]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: getattr(tool, "__name__", None))
def test_the_house_keeps_its_rules(tool: object) -> None:
    faults = getattr(tool, "faults")  # noqa: B009
    assert faults() == []


def test_licences_page_is_fresh() -> None:
    assert licences.PAGE.read_text(encoding="utf-8") == licences.page()


def test_links_that_lead_nowhere_are_reported(checkout: Path) -> None:
    write(checkout, "docs/other.md", "# A `second` Heading: yes\n\n# Twice\n\n# Twice\n")
    good = "[a](docs/other.md) [b](docs/other.md#a-second-heading-yes) [c](https://example.org/x) [d](docs/other.md#twice-1)"
    write(checkout, "README.md", f"{good} [e](#here)\n\n## Here\n\n`[no](link.md)`\n")
    assert links.faults(checkout) == []
    write(
        checkout, "README.md", '[a](gone.md) [b](docs/other.md#gone) [c](../out.md) <img src="gone.png"> [d](#gone)\n'
    )
    assert len(links.faults(checkout)) == 5


def test_long_files_vague_names_and_fat_houses_are_reported(checkout: Path) -> None:
    write(checkout, "engine/a.py", "x = 1\n" * 400)
    write(checkout, "engine/b.py", "x = 1\n")
    write(checkout, "engine/c.py", "x = 1\n")
    assert sizes.faults(checkout) == []
    write(checkout, "engine/utils.py", "x = 1\n" * 401)
    write(checkout, "engine/b.py", "x = 1\n" * 150)
    fault_text = "\n".join(sizes.faults(checkout))
    assert "engine/utils.py has 401 lines" in fault_text
    assert "engine/utils.py names nothing" in fault_text
    assert "half of the sources" in fault_text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("import pickle", "pickle"),
        ("from marshal import loads", "marshal"),
        ("x = eval('1')", "eval"),
        ("import torch\ntorch.load('f')", "torch.load"),
        ("import subprocess\nsubprocess.run('ls', shell=True)", "shell=True"),
        ("f(trust_remote_code=True)", "trust_remote_code=True"),
        ("f(verify=False)", "verify=False"),
        ("f('0.0.0.0:80')", "wildcard address"),
        ("f('[::]:80')", "wildcard address"),
        ("try:\n    f()\nexcept Exception:\n    pass", "swallowed error"),
    ],
)
def test_risky_calls_are_reported(text: str, rule: str) -> None:
    assert [hit.rule for hit in rules.hits(text)] == [rule]


def test_harmless_neighbours_pass() -> None:
    text = '"""Never pickle, never eval(), never 0.0.0.0."""\nmodel.eval()\nf(shell=False)\nf("127.0.0.1:80")\nx[::2]\n'
    assert list(rules.hits(text)) == []


def test_an_allowance_needs_a_reason_and_a_use(checkout: Path) -> None:
    write(checkout, "a.py", "import pickle\n")
    allowed = checkout / "allowed.toml"
    for reason, faults in (("reads a peer's own test file", 0), ("", 1)):
        allowed.write_text(f'[[allow]]\npath = "a.py"\nrule = "pickle"\nreason = "{reason}"\n', encoding="utf-8")
        assert len([fault for fault in rules.faults(checkout, allowed) if fault.startswith("a.py")]) == faults
    write(checkout, "a.py", "x = 1\n")
    assert rules.faults(checkout, allowed) == ["allowed.toml: pickle in a.py is allowed and does not occur."]


def test_uncollected_tests_are_reported(checkout: Path) -> None:
    write(
        checkout, "pyproject.toml", '[tool.pytest.ini_options]\nmarkers = ["slow: x"]\naddopts = ["-m", "not slow"]\n'
    )
    write(checkout, "tests/a/test_slow.py", "import pytest\n\n@pytest.mark.slow\ndef test_a() -> None:\n    pass\n")
    assert collected.faults(checkout) == []
    write(checkout, "tests/a/test_empty.py", "def tset_a() -> None:\n    pass\n")
    write(checkout, "tests/a/misnamed.py", "def test_a() -> None:\n    pass\n")
    assert len(collected.faults(checkout)) == 2


def test_stale_generated_code_is_reported(checkout: Path) -> None:
    contract = 'syntax = "proto3";\npackage aweigh.v1;\nmessage Thing { int32 count = 1; }\n'
    write(checkout, "src/aweigh/proto/v1/thing.proto", contract)
    protogen.generate(checkout / "src", checkout)
    assert protogen.faults(checkout) == []
    write(checkout, "src/aweigh/proto/v1/thing.proto", contract.replace("int32", "int64"))
    write(checkout, "src/aweigh/proto/v1/gone_pb2.py", "")
    assert [fault.split()[0] for fault in protogen.faults(checkout)] == [
        "aweigh/proto/v1/thing_pb2.py",
        "aweigh/proto/v1/gone_pb2.py",
    ]


def test_a_package_without_hash_or_licence_is_reported(tmp_path: Path) -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    write(tmp_path, "pyproject.toml", text)
    write(tmp_path, "locks/dev.txt", "grpcio==1.85.1\nno-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n")
    write(tmp_path, "locks/cpu.txt", "grpcio==1.85.0 --hash=sha256:" + "0" * 64 + "\n")
    faults = "\n".join(bill.faults(tmp_path))
    assert "differ about grpcio" in faults
    assert "grpcio 1.85.1 has no hash" in faults
    assert "no-such-package 1.0 declares no known licence" in faults
    assert "pyproject.toml asks for torch==2.13.0" in faults


def test_the_bill_of_materials_names_every_locked_package_with_hashes() -> None:
    document = json.loads(json.dumps(sbom.document()))
    parts = {part["name"]: part for part in document["components"]}
    assert set(parts) == {package.name for package in bill.locked("cpu")}
    assert all(part["externalReferences"][0]["hashes"] and part["licenses"] for part in parts.values())


def test_waivers_end() -> None:
    text = '[[waiver]]\nid = "A"\nreason = "r"\nuntil = 2026-12-31\n[[waiver]]\nid = "B"\nuntil = 2026-12-31\n'
    assert audit.waived(text, datetime.date(2026, 12, 31))[0] == {"A"}
    passing, faults = audit.waived(text, datetime.date(2027, 1, 1))
    assert not passing and len(faults) == 2


def test_an_audit_that_skipped_a_package_is_no_answer() -> None:
    scanned = {"name": "a", "version": "1", "vulns": [{"id": "GHSA-1"}]}
    assert audit.advisories(json.dumps({"dependencies": [scanned]})) == {"a 1": ["GHSA-1"]}
    with pytest.raises(ValueError, match="skipped"):
        audit.advisories(json.dumps({"dependencies": [scanned, {"name": "b", "skip_reason": "not found"}]}))
