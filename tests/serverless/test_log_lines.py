"""Log lines: what a reader gets, and what it is told that it missed."""

import asyncio
import logging

from aweigh.serverless.log_lines import FRONT_DOOR, MOST_CHARACTERS, Line, LogLines, Tap


async def all_of(lines: LogLines, process: str = "") -> list[str]:
    return [line.text async for line in lines.read(process, follow=False)]


def test_the_last_lines_of_one_or_of_all() -> None:
    async def body() -> None:
        lines = LogLines(3)
        assert await all_of(lines) == []
        for number in range(5):
            lines.put("w0" if number % 2 else "w1", str(number))
        assert await all_of(lines) == ["2", "3", "4"]
        assert await all_of(lines, "w0") == ["3"] and await all_of(lines, "w2") == []

    asyncio.run(body())


def test_who_follows_gets_what_comes_and_hears_what_it_missed() -> None:
    async def body() -> None:
        lines = LogLines(3)
        lines.put("w0", "first")
        reader = lines.read("", follow=True)
        assert await anext(reader) == Line("w0", "first")
        coming = asyncio.ensure_future(anext(reader))
        await asyncio.sleep(0)
        assert not coming.done()
        lines.put("w0", "second")
        assert (await coming).text == "second"
        for number in range(5):
            lines.put("w0", str(number))
        assert [(await anext(reader)).text for _ in range(4)] == ["(2 lines were missed here)", "2", "3", "4"]
        await reader.aclose()  # type: ignore[attr-defined]

    asyncio.run(body())


def test_a_stream_s_bytes_pass_and_its_lines_are_kept_however_they_are_cut() -> None:
    async def body() -> None:
        lines, stream = LogLines(), asyncio.StreamReader()
        parts = [b"one\ntw", b"o\n", b"x" * 200_000, b"\nend \xff"]
        for part in parts:
            stream.feed_data(part)
        stream.feed_eof()
        passed = b"".join([data async for data in lines.carry("w0", stream)])
        assert passed == b"".join(parts)
        assert await all_of(lines, "w0") == ["one", "two", "x" * MOST_CHARACTERS, "end �"]

    asyncio.run(body())


def test_what_this_process_logs_is_kept() -> None:
    async def body() -> None:
        lines = LogLines()
        tap = Tap(lines, asyncio.get_running_loop())
        tap.setFormatter(logging.Formatter())
        record = logging.makeLogRecord({"msg": "a\nb %s", "args": ("c",)})
        await asyncio.to_thread(tap.emit, record)
        await asyncio.sleep(0)
        assert await all_of(lines, FRONT_DOOR) == ["a", "b c"]

    asyncio.run(body())
