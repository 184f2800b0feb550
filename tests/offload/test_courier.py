"""Couriers: errands come back, interrupts cancel them, and nothing of an interrupt is left behind."""

import _thread
import multiprocessing
import os
import queue
import signal
import sys
import threading
from types import FrameType
from typing import Any

import pytest

from aweigh.compiler.offload import connection, courier
from aweigh.compiler.offload.courier import Couriers, Errand, Stream
from aweigh.proto.errors import Overloaded


class At:
    """Raises KeyboardInterrupt in this thread at bytecode `number` of what runs of courier.py inside."""

    def __init__(self, number: int) -> None:
        self.number, self.count = number, 0

    def __enter__(self) -> None:
        sys.settrace(self._enter)

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _enter(self, frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename != courier.__file__:
            return None
        frame.f_trace_opcodes = True
        return self._trace

    def _trace(self, frame: FrameType, event: str, argument: Any) -> Any:
        self.count += event in ("opcode", "return")
        if self.count == self.number:
            raise KeyboardInterrupt
        return self._trace


class Work:
    """Runs until `go`, or until it is stopped, as a call does."""

    def __init__(self) -> None:
        self.go, self.over = queue.SimpleQueue[str](), queue.SimpleQueue[str]()

    def __call__(self, errand: Errand[str]) -> str:
        errand.stops_with(lambda: self.go.put("stopped"))
        found = self.go.get()
        self.over.put(found)
        return found


def test_an_answer_and_an_error_come_back() -> None:
    couriers = Couriers()
    assert couriers.ask(lambda errand: threading.get_ident()) != threading.get_ident()

    def fail(errand: Errand[None]) -> None:
        try:
            raise KeyError
        except KeyError:
            raise Overloaded("no room") from None

    with pytest.raises(Overloaded, match="no room") as caught:
        couriers.ask(fail)
    assert caught.value.__context__ is None  # nothing of the wire's is kept alive by it


def test_an_interrupt_at_any_bytecode_leaves_couriers_that_work() -> None:
    couriers = Couriers()
    for number in range(1, 500):
        work = Work()
        work.go.put("done")
        try:
            with At(number):
                found = couriers.ask(work)
        except KeyboardInterrupt:
            assert couriers.ask(lambda errand: 7) == 7
        else:
            assert found == "done"
            break
    assert 20 < number < 499


def test_who_waits_is_interrupted_by_a_signal_and_the_errand_ends() -> None:
    couriers = Couriers()
    for _ in range(10):
        work = Work()

        def go(errand: Errand[str], work: Work = work) -> str:
            os.kill(os.getpid(), signal.SIGINT)
            return work(errand)

        with pytest.raises(KeyboardInterrupt):
            couriers.ask(go)
        assert work.over.get() == "stopped"


def test_a_stream_gives_all_and_ends_with_what_ended_it() -> None:
    couriers = Couriers()

    def three(errand: Errand[None]) -> None:
        for number in range(3):
            errand.answers.put((False, number, None))
        raise Overloaded("enough")

    stream: Stream[int] = couriers.stream(three)
    assert [next(stream), next(stream), next(stream)] == [0, 1, 2]
    with pytest.raises(Overloaded):
        next(stream)
    assert list(couriers.stream(lambda errand: None)) == []


def test_a_stream_is_cancelled_wherever_it_stands() -> None:
    couriers, stopped = Couriers(), queue.SimpleQueue[str]()

    def endless(errand: Errand[None]) -> None:
        go = queue.SimpleQueue[str]()
        errand.stops_with(lambda: go.put("stopped"))
        errand.answers.put((False, 1, None))
        stopped.put(go.get())

    stream: Stream[int] = couriers.stream(endless)
    assert next(stream) == 1
    stream.cancel()
    assert stopped.get() == "stopped"
    unbegun: Stream[int] = couriers.stream(endless)
    unbegun.cancel()
    assert couriers.ask(lambda errand: 1) == 1  # the cancel was done, or will be: nothing begins either way
    assert stopped.empty()


def test_a_cancel_before_the_call_stands_stops_it_as_soon_as_it_does() -> None:
    errand, stops = Errand[None](lambda errand: None), []
    errand.cancel()
    errand.stops_with(lambda: stops.append(1))
    assert stops == [1]


def test_errands_within_errands_find_couriers() -> None:
    couriers = Couriers()

    def nested(depth: int) -> int:
        return couriers.ask(lambda errand: nested(depth - 1) + 1) if depth else 0

    assert nested(20) == 20


def test_a_machine_without_threads_to_spare_has_one_courier_that_serves_on(monkeypatch: pytest.MonkeyPatch) -> None:
    couriers = Couriers()
    assert couriers.ask(lambda errand: 1) == 1

    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(_thread, "start_new_thread", refuse)
    for number in range(20):
        assert couriers.ask(lambda errand, number=number: number, timeout=20) == number  # type: ignore[misc]


def test_who_waits_no_longer_than_some_time_is_told() -> None:
    couriers, work = Couriers(), Work()
    with pytest.raises(queue.Empty):
        couriers.ask(work, timeout=0.001)
    assert work.over.get() == "stopped"


def test_the_end_of_a_process_does_not_wait_for_a_connection_that_does_not_close(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hold = queue.SimpleQueue[None]()

    class Stuck:
        def close(self) -> None:
            hold.get()

    monkeypatch.setattr(connection, "_current", Stuck())
    monkeypatch.setattr(connection, "_FAREWELL", 0.001)
    connection._close()
    hold.put(None)


def _child(answers: Any) -> None:
    answers.put(connection.couriers().ask(lambda errand: 5))


def test_a_forked_child_has_couriers_of_its_own() -> None:
    assert connection.couriers().ask(lambda errand: 4) == 4
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=_child, args=(answers,))
    child.start()
    assert answers.get() == 5
    child.join()
