"""What holds between any two events of the manager. For tests: it looks at everything."""

from collections.abc import Set as AbstractSet

from aweigh.memory.residency.admission import Admission
from aweigh.memory.residency.ledger import Ledger, Place
from aweigh.memory.residency.tickets import Tickets


def check(ledger: Ledger, tickets: Tickets, admission: Admission, forgotten: AbstractSet[int]) -> None:
    """Proves every invariant anew, or raises AssertionError."""
    ledger.check_integrity()
    tickets.check_integrity()
    pins: dict[int, int] = {}
    for ticket in tickets.all.values():
        if not ticket.admitted:
            continue
        for extent in ticket.ids:
            pins[extent] = pins.get(extent, 0) + 1
        here = sum(extent in ledger.resident for extent in ticket.ids)
        if not ticket.missing:
            here += sum(ledger.places.get(extent) is Place.SPOILED for extent in ticket.ids)
        assert ticket.missing == len(ticket.ids) - here if ticket.ids else ticket in admission.grants
    assert pins == ledger.pins, "pins are those of the tickets that are held"
    assert ledger.promised <= max(0, ledger.room), "a promise is kept"
    held = sum(ledger.frames(extent) for t in tickets.all.values() if t.ready for extent in t.ids)
    assert ledger.committed <= max(ledger.room, held), "only a smaller budget may find more in use than it has"
    assert ledger.deficit <= 0 or ledger.used - ledger.leaving <= held, "what can go, goes, until the rest fits"
    for extent, place in ledger.places.items():
        if place is Place.SPOILED:
            assert any(ticket.ready for ticket in tickets.holders[extent]), "what is spoiled goes when nobody reads it"
    assert forgotten <= ledger.items.keys()
