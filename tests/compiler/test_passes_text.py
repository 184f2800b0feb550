"""What each pass makes of a text: `filecheck/PASS.mlir`, which is also its documentation."""

from pathlib import Path

import pytest
from tests.compiler.checker import Case, cases, check
from tests.compiler.modules import parse

from aweigh.compiler import pipeline
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.low_bit import Packing

FOLDER = Path(__file__).parent / "filecheck"
CASES = [case for path in sorted(FOLDER.glob("*.mlir")) for case in cases(path)]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_text(case: Case) -> None:
    packings = {"q.weight": Packing("int4", DType.BFLOAT16, 32, zeros=True)}
    known = {step.name: step for step in pipeline.passes(1, packings)}
    module = parse(case.source)
    steps = [known[name] for name in case.passes]
    if case.error:
        with pytest.raises(UnsupportedModel, match=case.error):
            pipeline.run(module, steps)
        return
    pipeline.run(module, steps)
    assert check(case, str(module)) == ""


def test_every_pass_has_a_text() -> None:
    assert {step.name for step in pipeline.passes()} == {path.stem for path in FOLDER.glob("*.mlir")}


def test_the_checker_can_fail() -> None:
    case = Case("", "", (), ((True, "%[[A:.*]] = one"), (False, "two"), (True, "three %[[A]]")), "")
    assert check(case, "%0 = one\nthree %0") == ""
    assert "CHECK: three" in check(case, "%0 = one\nthree %1")
    assert "CHECK-NOT: two" in check(case, "%0 = one\ntwo\nthree %0")
