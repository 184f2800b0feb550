"""The measurement of pages on their way to a card, against a driver without one: it runs to its end and asks for no fault."""

import json

from bench.migration import measure
from tests.memory.frames.fake_driver import FakeDriver


def test_it_measures_everything_and_leaves_nothing() -> None:
    driver = FakeDriver(size=1 << 30)
    driver.torch_s = True
    record = json.loads(measure(driver, 64 << 20, 1 << 20, 5).as_json())
    driver.check()
    assert set(record["goals"]) == {"migration, share of the limit", "step beside migration, times alone"}
    assert {"through the pager, page cache", "through the pager, pinned tier", "unmap of 32, a frame"} <= set(
        record["series"]
    )
    assert all(min(series["values"]) > 0 for series in record["series"].values())
    assert min(record["facts"]["regions_that_came_beside_a_step"]) > 0
