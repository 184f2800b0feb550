"""A child process that is asked over its pipes: a frame is four bytes little-endian length, then a message.

Started at the first question, ended when it was asked nothing for a while (by itself) or with its parent. One question at a time. A child that has died is
started again, once per question. Whoever stops waiting in the middle of an answer ends the child, since the next answer would be his.
"""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable

from aweigh.proto.errors import PeerFailed

LIMIT = 1 << 28  # bytes of an answer


class Child:
    """`python -m MODULE SECONDS`; its complaints go where ours go."""

    def __init__(self, module: str, idle: float, patience: float) -> None:
        """`idle`: seconds without a question after which it ends. `patience`: seconds that an answer may take."""
        self._command = (sys.executable, "-m", module, str(idle))
        self._patience = patience
        self._process: Process | None = None
        self._lock = asyncio.Lock()

    async def ask(self, question: bytes, is_last: Callable[[bytes], bool] = lambda _: True) -> bytes:
        """The answer: the first frame that `is_last` takes. Raises PeerFailed."""
        async with self._lock:
            for _ in range(2):
                process = await self._started()
                try:
                    async with asyncio.timeout(self._patience):
                        return await _converse(process, question, is_last)
                except (EOFError, OSError):  # it has ended, perhaps for want of questions
                    await self._end()
                except BaseException:
                    await self._end()
                    raise
        raise PeerFailed(f"{self._command[2]} died twice over one question: look at the log")

    async def close(self) -> None:
        async with self._lock:
            await self._end()

    async def _started(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, env={**os.environ, "AWEIGH": "0"}, start_new_session=True
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await asyncio.shield(process.wait())


async def _converse(process: Process, question: bytes, is_last: Callable[[bytes], bool]) -> bytes:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(len(question).to_bytes(4, "little") + question)
    await process.stdin.drain()
    while True:
        length = int.from_bytes(await process.stdout.readexactly(4), "little")
        if length > LIMIT:
            raise PeerFailed(f"an answer of {length} bytes is longer than {LIMIT}")
        answer = await process.stdout.readexactly(length)
        if is_last(answer):
            return answer
