"""Wild events: a typed Fail or an answer, never an exception; and honest requests beside them keep their tokens."""

import random
from array import array
from typing import Any

from tests.engine.schedule.fakes import World, expected, group, spec

from aweigh.engine.schedule.events import (
    Cancel,
    CloseSessions,
    ForkSession,
    LeaseEnded,
    LeaseOpened,
    OpenSession,
    StepRow,
    SubmitStep,
)
from aweigh.engine.schedule.limits import Limits
from aweigh.proto.errors import AweighError, OurBug

WILD = [0, 1, 2, 3, -1, 7, 96, 97, 2**31, 2**63 - 1]


def event(generator: random.Random, request: int) -> Any:
    def number() -> int:
        return generator.choice(WILD[:6] if generator.random() < 0.9 else WILD)

    def row() -> StepRow:
        count = generator.choice([0, 1, 3, 9])
        wild = generator.random() < 0.1
        tokens = array("q", [generator.choice(WILD) if wild else generator.randrange(97) for _ in range(count)])
        positions = array("q", [number() for _ in range(count)]) if generator.random() < 0.1 else None
        embedded = count if generator.random() < 0.1 else 0
        keep = number() if generator.random() < 0.3 else None
        parent = number() if generator.random() < 0.3 else 0
        logits = generator.choice([0, 1, count])
        return StepRow(number(), parent, keep, None if embedded else tokens, positions, None, embedded, logits)

    lease = generator.choice(["lease"] * 8 + ["", "stranger"])
    model = generator.choice(["m"] * 8 + ["n", "nothing"])
    match generator.randrange(12):
        case 0:
            return OpenSession(request, lease, model, number())
        case 1:
            return ForkSession(request, lease, number(), number(), generator.choice([None, number()]))
        case 2:
            return CloseSessions(request, lease, [number(), number()])
        case 3:
            return Cancel(generator.randrange(request + 2), 0.0)
        case 4 if generator.random() < 0.1:
            return LeaseEnded("lease")
        case _:
            rows = [row() for _ in range(generator.choice([0, 1, 1, 2, 4]))]
            return SubmitStep(request, lease, model, rows, 0.0, close=[number()] if generator.random() < 0.2 else ())


def test_wild_events() -> None:
    kinds: set[str] = set()
    for seed in range(60):
        generator = random.Random(seed)
        world = World(60, limits=Limits(token_budget=8, sessions_per_lease=6))
        model = world.load(spec())
        world.load(spec("n", b"n", b"n", context=12))
        honest: dict[int, list[int]] = {}
        for request in range(1, 80):
            if generator.random() < 0.1:
                honest[request] = [generator.randrange(97) for _ in range(5)]
                world.submit(group(request, model, [honest[request]], 4, lease="honest"))
            else:
                world.tell(event(generator, request))
            world.tell(LeaseOpened("lease"))
            if generator.random() < 0.5 and world.start():
                world.finish_step()
        world.run()
        for request, prompt in honest.items():
            if request in world.finished and len(world.tokens.get(request, {}).get(0, ())) == 4:
                assert world.tokens[request][0] == expected(prompt, 4, model)
            else:
                assert request in world.finished, "only a Cancel may have ended it early"
        for error in world.failed.values():
            assert isinstance(error, AweighError) and not isinstance(error, OurBug)
            kinds.add(type(error).__name__)
        world.tell(LeaseEnded("lease"))
        counters = world.scheduler.counters()
        assert counters.blocks_free == counters.blocks_total and counters.sessions == 0
    assert {"InvalidRequest", "SessionNotFound", "LeaseEnded", "ModelNotFound", "Overloaded"} <= kinds
