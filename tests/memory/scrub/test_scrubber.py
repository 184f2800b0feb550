"""Bits that flip in memory: each is found within a period, and nobody computes with it after that."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.memory.scrub.desk import WAIT, Desk

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.residency.events import Priority
from aweigh.memory.scrub import scrubber
from aweigh.memory.scrub.look import hash_of
from aweigh.proto.errors import CheckpointInvalid

Make = Callable[..., Desk]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Desk] = []

    def begin(stored: int = 2, pages: int = 2, *, map_cached: bool = False) -> Desk:
        made.append(Desk(tmp_path / f"weights {len(made)}", stored, pages, map_cached=map_cached))
        return made[-1]

    yield begin
    for desk in made:
        desk.close()


def test_a_thousand_flips_of_a_thousand_are_found_within_a_period(make: Make) -> None:
    desk = make(stored=18, pages=1)
    found = 0
    desk.bring()
    desk.period()  # of what nobody knew the hashes of, they are known now
    rounds, rest = divmod(1000, len(desk.numbers))
    for turn in range(rounds + 1):
        hit = desk.numbers if turn < rounds else desk.numbers[:rest]
        for number in hit:
            desk.flip(number)
        known = len(desk.pager.damages)
        desk.period()
        assert sorted(desk.pager.damages[known:]) == sorted(hit), "all, and no others"
        found += len(hit)
        desk.bring()
        desk.period()
    assert found == 1000 == desk.pager.report().counters.damaged
    assert desk.pager._motion.scrubber.late == 0


@pytest.mark.parametrize("kind", ["stored", "plain", "made"])
def test_any_page_of_any_kind(make: Make, kind: str) -> None:
    desk = make()
    number = {"stored": 1, "plain": 2, "made": 3}[kind]
    desk.bring()
    desk.period()
    desk.flip(desk.numbers[number], page=0 if kind == "made" else 1)
    desk.period()
    assert desk.pager.damages == [desk.numbers[number]]
    desk.bring()
    desk.period()
    assert len(desk.pager.damages) == 1


def test_who_computes_keeps_what_he_has_and_nobody_else_gets_it(make: Make) -> None:
    desk = make()
    desk.bring()
    holder = desk.pager.need(desk.numbers[:1], "m")
    kept = desk.pager.need(desk.numbers[:1], "n")
    desk.pager.soften(kept, tuple(desk.numbers[:1]))
    desk.flip(desk.numbers[0])
    spoiled = desk.bytes_of(desk.numbers[0])
    desk.period()
    assert desk.bytes_of(desk.numbers[0]) == spoiled, "it reads on, and its answer is thrown away"
    assert not desk.pager.firm(kept), "who only kept it does not use it again"
    other = desk.pager.need(desk.numbers[:1], "n", Priority.NOW)
    assert not desk.pager.wait(other, 0.0)
    desk.pager.check_integrity()
    desk.pager.release(holder)
    assert desk.pager.wait(other, WAIT)
    assert desk.bytes_of(desk.numbers[0]) == desk.expected[0]
    desk.pager.release(other)
    desk.bring()


def test_a_drop_waits_for_the_look_in_hand_and_not_longer(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make(stored=1, pages=1)
    desk.bring()
    looking, go_on = threading.Event(), threading.Event()

    def slow(*arguments: object) -> bytes | None:
        looking.set()
        assert go_on.wait(WAIT)
        return hash_of(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(scrubber, "hash_of", slow)
    thread = threading.Thread(target=desk.period)
    thread.start()
    assert looking.wait(WAIT)
    free = desk.pager.frames.free
    desk.pager.remove(desk.numbers)
    held = desk.pager.frames.frames - desk.pager.frames.free
    assert free < desk.pager.frames.free and 1 <= held <= 2, "one region is still there"
    go_on.set()
    thread.join(WAIT)
    assert desk.pager.frames.free == desk.pager.frames.frames
    desk.pager.check_integrity()


def test_what_cannot_be_read_right_again_puts_its_model_into_quarantine(make: Make) -> None:
    desk = make()
    desk.pager.order("m", desk.numbers[:2])
    desk.bring()
    with desk.path.open("r+b") as file:  # the disk is wrong, too
        file.write(bytes(PAGE_BYTES))
        file.flush()
        os.fsync(file.fileno())
    desk.flip(desk.numbers[0])
    desk.period()
    for _ in range(2):
        with pytest.raises(CheckpointInvalid, match="is not what its hash says"):
            desk.pager.wait(desk.pager.need(desk.numbers[:1], "m"), WAIT)
    assert desk.pager.report().quarantined == {"m"}
    for ids in (desk.numbers[:1], desk.numbers[1:2]):
        with pytest.raises(CheckpointInvalid, match=r"2 times in a row .* publish it again"):
            desk.pager.wait(desk.pager.need(ids, "m"), 0.0)
    other = desk.pager.need(desk.numbers[2:], "n")
    assert desk.pager.wait(other, WAIT), "other models go on"
    desk.pager.release(other)
    desk.path.write_bytes(desk.content)
    desk.clock.now += 2.0
    desk.bring()
    assert not desk.pager.report().quarantined


def test_the_page_cache_is_memory_too(make: Make) -> None:
    desk = make(map_cached=True)
    desk.path.read_bytes()
    desk.bring()
    if not desk.pager.place(desk.numbers[0]).shows_file:
        pytest.skip("this system does not say what its page cache holds")
    desk.period()
    assert not desk.pager.damages and desk.pager.report().scrubbed_bytes >= len(desk.content)
    times = desk.path.stat()
    with desk.path.open("r+b") as file:
        file.seek(5)
        file.write(b"\x01" if desk.content[5] != 1 else b"\x02")
    os.utime(desk.path, ns=(times.st_atime_ns, times.st_mtime_ns))
    desk.period()
    assert desk.pager.damages == [desk.numbers[0]]
    with pytest.raises(CheckpointInvalid):
        desk.pager.wait(desk.pager.need(desk.numbers[:1], "m"), WAIT)
    desk.path.write_bytes(desk.content)
    os.utime(desk.path, ns=(times.st_atime_ns, times.st_mtime_ns))
    desk.bring()
    desk.period()
    assert len(desk.pager.damages) == 1


def test_a_file_that_was_written_to_is_no_damage_and_one_that_was_cut_no_signal(make: Make) -> None:
    desk = make(map_cached=True)
    desk.path.read_bytes()
    desk.bring()
    if not desk.pager.place(desk.numbers[2]).shows_file:
        pytest.skip("this system does not say what its page cache holds")
    desk.period()
    with desk.path.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"!")
    desk.period()
    os.truncate(desk.path, 100)
    desk.period()
    assert desk.numbers[2] not in desk.pager.damages


def test_a_thread_looks_by_itself(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "weights", 2, 1, period=0.05, clock=time.monotonic)
    found = threading.Event()
    desk.pager.on_damage = lambda number: found.set()
    desk.bring()
    desk.flip(desk.numbers[1])
    assert found.wait(WAIT)
    desk.bring()
    desk.close()
