"""Scripts at work beside the measurement."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.bare_call import BareServer
from bench.player import Player, plain

ECHO = """
import json, os, sys
print(json.dumps({"pid": os.getpid(), "word": os.environ["WORD"]}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if request.get("die"):
        sys.exit("a reason")
    print(json.dumps({"twice": 2 * request["number"], "arguments": sys.argv[1:]}), flush=True)
"""


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Player]:
    script = tmp_path / "echo.py"
    script.write_text(ECHO)
    with Player(plain(), str(script), "a", "b", environment={"WORD": "w"}) as player:
        yield player


def test_a_player_answers_in_order(player: Player) -> None:
    assert player.facts["word"] == "w"
    assert Path(f"/proc/{player.pid}").exists()
    assert player.ask({"number": 4}) == {"twice": 8, "arguments": ["a", "b"]}
    player.send({"number": 1})
    player.send({"number": 2})
    assert (player.receive()["twice"], player.receive()["twice"]) == (2, 4)


def test_a_script_that_ends_says_why(player: Player) -> None:
    with pytest.raises(RuntimeError, match=r"code 1:\na reason"):
        player.ask({"die": True})


def test_the_bare_call_is_answered() -> None:
    with BareServer(size=128) as server:
        seconds = server.seconds(20)
    assert len(seconds) == 20
    assert 0 < min(seconds) < 1
