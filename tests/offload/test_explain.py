"""What `--explain` says: calls in, lines out."""

import pytest

from aweigh.compiler.offload.explain import Crossing, Explanation, Kind, because, reason

STEP = Kind("Llama", "step", "custom Ban", remote_ops=43, local_ops=0)
LOCAL = Kind("Llama", "local", "it is saved", remote_ops=0, local_ops=0)
ONCE = Crossing(sent=100, received=2_500, waited=0.004, queue=0.001, engine=0.002)


def test_calls_in_a_row_share_a_line_with_their_mean() -> None:
    explanation = Explanation()
    assert explanation.add(STEP, ONCE, 0.005) is None
    assert explanation.add(STEP, Crossing(300, 1_500, 0.002, 0.0, 0.002), 0.003) is None
    line = explanation.add(LOCAL, Crossing(), 0.25)
    assert str(line) == (
        "Llama: step x 2, each (custom Ban): 43 ops there, 0 here; 200 B out, 2.0 kB in; "
        "stub 1.0 ms, wire 0.5 ms, queue 0.5 ms, engine 2.0 ms"
    )
    assert str(explanation.end()) == "Llama: local (it is saved): all here; 250.0 ms"
    assert explanation.end() is None


def test_one_call_has_no_count_and_the_highest_rung_no_reason() -> None:
    explanation = Explanation()
    explanation.add(Kind("Llama", "generate", "", 43, 0), ONCE, 0.004)
    assert str(explanation.end()) == (
        "Llama: generate: 43 ops there, 0 here; 100 B out, 2.5 kB in; "
        "stub 0.0 ms, wire 1.0 ms, queue 1.0 ms, engine 2.0 ms"
    )


def test_calls_that_ran_with_those_of_others_say_so() -> None:
    explanation = Explanation()
    kind = Kind("Bert", "module", "", 43, 0)
    for together in (3, 2):
        explanation.add(kind, Crossing(together=together), 0.001)
    assert str(explanation.end()).endswith("engine 0.0 ms, in steps of 2.5 calls")
    explanation.add(kind, Crossing(together=1), 0.001)
    assert str(explanation.end()).endswith("engine 0.0 ms")


def test_times_never_read_negative() -> None:
    """A worker's clock that says more than was waited for takes it from the wire, not below nothing."""
    assert Crossing(waited=0.001, queue=0.001, engine=0.001).wire == 0.0


def test_the_innermost_loop_gives_the_reason() -> None:
    assert reason() == "the script calls the model itself"
    with because("beam search"):
        with because("custom Ban"):
            assert reason() == "custom Ban"
        assert reason() == "beam search"
    with pytest.raises(ZeroDivisionError), because("beam search"):
        _ = 1 / 0
    assert reason() == "the script calls the model itself"
