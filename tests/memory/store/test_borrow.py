"""Fine-tunes of a base refer to the tensors that they have in common: every byte is right, and few extents are their own."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.memory.store.checkpoints import Raw, put, raw, read_back, read_files, write

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store import borrow, record
from aweigh.memory.store import publish as publishing
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect, remove_model
from aweigh.memory.store.export import export
from aweigh.memory.store.plan import Plan
from aweigh.memory.store.stored import Stored
from aweigh.memory.store.verify import verify

LAYERS = 4
PARTS = ("q", "k", "v", "o", "gate", "up", "down")


def base() -> dict[str, Raw]:
    """Layers of seven matrices between a half and one and a half pages: a bundle each."""
    rows = {"q": 700, "k": 300, "v": 300, "o": 701, "gate": 1300, "up": 1301, "down": 1302}
    return {
        f"layers.{at}.{part}.weight": raw("BF16", rows[part], 1024, seed=10 * at + place)
        for at in range(LAYERS)
        for place, part in enumerate(PARTS)
    }


def tuned(changed: list[str], seed: int = 1000) -> dict[str, Raw]:
    model = base()
    for at, name in enumerate(changed):
        model[name] = raw("BF16", *model[name].shape, seed=seed + at)
    return model


def frames(store: Store, *names: str) -> int:
    """Frames that these models take together in an arena."""
    found: dict[bytes, int] = {}
    for name in names:
        with Stored(store, name) as stored:
            found |= {extent.digest: extent.pages for extent in stored.extents}
    return sum(found.values())


def test_a_changed_matrix_costs_its_bytes_and_not_its_layer(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "base", base()), "base")
    changed = ["layers.1.k.weight", "layers.3.v.weight"]
    done = put(store, write(tmp_path / "tuned", tuned(changed)), "tuned")
    assert read_back(store, "tuned") == tuned(changed)
    assert frames(store, "base", "tuned") == frames(store, "base") + 1, "both fit in one page"
    assert done.new_bytes == PAGE_BYTES
    assert done.read_bytes < 1.2 * done.bytes
    export(store, "tuned", tmp_path / "out")
    assert read_files(tmp_path / "out") == tuned(changed)
    assert verify(store).good


def test_equal_bytes_in_another_file_write_nothing(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "base", base()), "base")
    done = put(store, write(tmp_path / "copy", base()), "copy")
    assert (done.new_bytes, done.read_bytes) == (0, done.bytes)
    assert frames(store, "base", "copy") == frames(store, "base")


def test_what_is_brought_in_vain_is_little(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "base", base()), "base")
    changed = [f"layers.{at}.gate.weight" for at in range(LAYERS)]
    put(store, write(tmp_path / "tuned", tuned(changed)), "tuned")
    assert read_back(store, "tuned") == tuned(changed)
    assert frames(store, "tuned") <= frames(store, "base") * (1 + 1 / borrow.IN_VAIN) + 1


def test_a_model_in_which_all_is_different_is_given_up_soon(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(borrow, "LOOK", 4)
    put(store, write(tmp_path / "base", base()), "base")
    other = tuned(list(base()))
    done = put(store, write(tmp_path / "other", other), "other")
    assert read_back(store, "other") == other
    assert frames(store, "base", "other") == 2 * frames(store, "base")
    assert done.read_bytes < 1.7 * done.bytes


def test_the_base_may_go(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "base", base()), "base")
    changed = ["layers.0.q.weight"]
    put(store, write(tmp_path / "tuned", tuned(changed)), "tuned")
    remove_model(store, "base")
    collect(store)
    assert read_back(store, "tuned") == tuned(changed)
    third = tuned(["layers.2.o.weight"], seed=5)
    put(store, write(tmp_path / "third", third), "third")
    assert read_back(store, "third") == third
    assert verify(store).good


def test_the_base_goes_while_it_is_borrowed_from(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, write(tmp_path / "base", base()), "base")
    real, commit = borrow.borrow, record.commit
    borrowed = []

    def and_remove(plan: Plan, there: Stored, *rest: object) -> Plan:
        found = real(plan, there, *rest)  # type: ignore[arg-type]
        borrowed.append(found.borrowed)
        return found

    done = False

    def staged(*arguments: object, **named: object) -> int:
        nonlocal done
        if not done:
            done = True
            remove_model(store, "base")
            collect(store)
        return commit(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(publishing, "borrow", and_remove)
    monkeypatch.setattr(publishing, "commit", staged)
    changed = ["layers.0.q.weight"]
    put(store, write(tmp_path / "tuned", tuned(changed)), "tuned")
    assert borrowed[0], "it had begun to borrow"
    assert read_back(store, "tuned") == tuned(changed)
    assert verify(store).good


def test_a_damaged_page_is_not_borrowed(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "base", base()), "base")
    with Stored(store, "base") as stored:
        run = stored.extents[0].runs[0]
        path = Path(f"/proc/self/fd/{run.descriptor}").resolve()
        offset = run.offset
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)
    assert not verify(store).good
    changed = ["layers.0.o.weight"]
    put(store, write(tmp_path / "tuned", tuned(changed)), "tuned")
    assert read_back(store, "tuned") == tuned(changed)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(sorted(base())), max_size=8), st.integers(0, 2**30))
def test_whatever_is_changed_is_read_back(tmp_path_factory: pytest.TempPathFactory, names: set[str], seed: int) -> None:
    """Of changed tensors one byte differs, the first or the last or one between."""
    directory = tmp_path_factory.mktemp("any")
    store = Store(directory / "store")
    model = base()
    draw = random.Random(seed)
    for name in names:
        data = bytearray(model[name].data)
        data[draw.choice((0, len(data) - 1, draw.randrange(len(data))))] ^= 0x41
        model[name] = Raw("BF16", model[name].shape, bytes(data))
    put(store, write(directory / "base", base()), "base")
    put(store, write(directory / "tuned", model), "tuned")
    assert read_back(store, "tuned") == model
    assert read_back(store, "base") == base()
    assert verify(store).good
