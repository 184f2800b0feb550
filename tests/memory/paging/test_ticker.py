"""A guess is made when it is due, also where something that happened made it due sooner. Time is the test's."""

import threading

from aweigh.memory.paging.ticker import Ticker


class World:
    """A due time that the test sets, and ticks that it can wait for."""

    def __init__(self) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.now = 0.0
        self.due: float | None = None
        self.ticks: list[float] = []
        self.ticker = Ticker(self.changed, lambda: self.due, self.tick, lambda: self.now)

    def tick(self) -> None:
        self.ticks.append(self.now)
        self.due = None
        self.changed.notify_all()

    def set(self, now: float, due: float | None) -> None:
        """Something happens."""
        with self.changed:
            self.now, self.due = now, due
            self.ticker.look()

    def ticked(self, count: int) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: len(self.ticks) == count, 30)

    def asleep(self) -> None:
        """Returns when the thread waits for what is due now."""
        while True:
            with self.changed:
                wanted = float("inf") if self.due is None else self.due
                if self.ticker._wakes == wanted:
                    return


def test_what_is_due_sooner_wakes_the_thread() -> None:
    world = World()
    world.asleep()
    world.set(1.0, 1.0)
    assert world.ticked(1), "it slept without an end"
    world.asleep()
    world.set(2.0, 1e6)
    world.asleep()
    world.set(3.0, 2.5)
    assert world.ticked(2), "it slept for days"
    assert world.ticks == [1.0, 3.0]
    world.asleep()
    with world.changed:
        world.ticker.close()
