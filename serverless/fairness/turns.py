"""The shell around `Fairness`: a call waits for its turn, and says what it has written."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator, Callable

from aweigh.serverless.fairness.busy import Busy
from aweigh.serverless.fairness.events import Arrived, Instruction, Left, Produced, Start
from aweigh.serverless.fairness.fairness import Fairness


class Turns:
    """Belongs to the event loop."""

    def __init__(self, fairness: Fairness, clock: Callable[[], float] = time.monotonic) -> None:
        self.fairness = fairness
        self._clock = clock
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[None]] = {}

    @contextlib.asynccontextmanager
    async def turn(self, tenant: str, prompt: int, most_new: int) -> AsyncIterator[Callable[[int], None]]:
        """Entered when it is the call's turn, of a prompt of so many tokens and at most so many new ones; says how many of those were written.

        Raises Busy at once where it would wait for too long."""
        number = next(self._numbers)
        turn = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            self._obey(self.fairness.handle(Arrived(number, tenant, prompt, most_new, self._clock())))
            await turn
            yield lambda tokens: self._obey(self.fairness.handle(Produced(number, tokens, self._clock())))
        finally:
            self._waiting.pop(number, None)
            self._obey(self.fairness.handle(Left(number, self._clock())))

    def _obey(self, instructions: list[Instruction]) -> None:
        for instruction in instructions:
            turn = self._waiting.get(instruction.call)
            if turn is None or turn.done():
                continue
            if isinstance(instruction, Start):
                turn.set_result(None)
            else:
                sentence = f"too many calls wait already: retry in {instruction.seconds:.0f} s"
                turn.set_exception(Busy(sentence, instruction.seconds))
