"""Turns over a real front door and engines that count: who goes next, who is refused, and who gives up."""

import asyncio
from pathlib import Path

import pytest
from tests.serverless.test_front_door import House, run, tokens_of, until

from aweigh.proto.errors import Overloaded
from aweigh.serverless.fairness.busy import Busy
from aweigh.serverless.fairness.fairness import Fairness
from aweigh.serverless.fairness.turns import Turns
from aweigh.serverless.http.errors import headers_of, status_of


def narrow(house: House, places: int, max_wait: float = 1e9) -> Fairness:
    house.door.turns = Turns(Fairness(places, max_wait))
    return house.door.turns.fairness


def test_a_script_that_asks_once_does_not_stand_behind_one_that_asks_ten_times(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        fairness = narrow(house, 1)
        engine = house.engines["w0"]
        engine.hold = asyncio.Event()
        async with house.lease() as greedy, house.lease() as other:
            await house.load("m")
            many = [asyncio.create_task(tokens_of(house.generate(greedy, "m", 5))) for _ in range(10)]
            await until(lambda: fairness.waiting == 9)
            once = asyncio.create_task(tokens_of(house.generate(other, "m", 5)))
            await until(lambda: fairness.waiting == 10)
            engine.hold.set()
            assert await once == list(range(5))
            assert sum(task.done() for task in many) <= 2
            assert await asyncio.gather(*many) == [list(range(5))] * 10
            assert fairness.running == fairness.waiting == 0

    run(tmp_path, body)


def test_a_client_that_goes_while_it_waits_leaves_no_place_taken(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        fairness = narrow(house, 1)
        engine = house.engines["w0"]
        engine.hold = asyncio.Event()
        async with house.lease() as one, house.lease() as two:
            await house.load("m")
            first, second = house.generate(one, "m", 5), house.generate(one, "m", 5)
            await until(lambda: fairness.waiting == 1)
            second.cancel()
            await until(lambda: fairness.waiting == 0)
            third = house.generate(one, "m", 5)
            await until(lambda: fairness.waiting == 1)
            first.cancel()
            engine.hold.set()
            assert await tokens_of(third) == list(range(5))
            assert await tokens_of(house.generate(two, "m", 5)) == list(range(5))
            assert fairness.running == 0

    run(tmp_path, body)


def test_a_model_that_nobody_knows_is_said_without_waiting(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        fairness = narrow(house, 1)
        engine = house.engines["w0"]
        engine.hold = asyncio.Event()
        async with house.lease() as lease:
            await house.load("m")
            running = asyncio.create_task(tokens_of(house.generate(lease, "m", 5)))
            await until(lambda: fairness.running == 1)
            with pytest.raises(Exception, match="load it first"):
                await tokens_of(house.generate(lease, "nobody", 5))
            engine.hold.set()
            await running

    run(tmp_path, body)


def test_who_would_wait_for_too_long_hears_it_at_once() -> None:
    now = [0.0]

    async def body() -> None:
        turns = Turns(Fairness(1, 5.0), clock=lambda: now[0])
        over = asyncio.Event()

        async def call() -> None:
            async with turns.turn("a", 100, 100) as wrote:
                now[0] += 10.0
                wrote(50)
                await over.wait()

        first = asyncio.create_task(call())
        await until(lambda: turns.fairness.running == 1)
        await asyncio.sleep(0)
        waiting = asyncio.create_task(call())
        await until(lambda: turns.fairness.waiting == 1)
        with pytest.raises(Busy, match="retry in") as refused:
            await call()
        assert refused.value.seconds == 25.0, "300 tokens of cost before it, at ten a second, are 30 s"
        assert isinstance(refused.value, Overloaded) and status_of(refused.value).status == 429
        assert headers_of(status_of(refused.value), refused.value)["retry-after"] == "25"
        over.set()
        await asyncio.gather(first, waiting)
        assert turns.fairness.running == turns.fairness.waiting == 0

    asyncio.run(body())
