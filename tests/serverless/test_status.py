"""What `aweigh status` says of calls at the front door."""

import pytest

from aweigh.proto.v1 import front_door_pb2
from aweigh.serverless import client
from aweigh.serverless.status import main


def test_calls_that_run_wait_and_were_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = front_door_pb2.StatusResponse.Calls(running=3, waiting=5, refused={"wait": 2, "full": 0})
    answer = front_door_pb2.StatusResponse(version="1", calls=calls, http="http://127.0.0.1:8000")
    monkeypatch.setattr(client, "status", lambda address: answer)
    assert main(["--engine", "unix:x"]) == 0
    said = capsys.readouterr().out
    assert "calls: 3 running, 5 waiting for their turn, 2 refused (wait)\n" in said
    assert "http: http://127.0.0.1:8000\n" in said
    answer.http = ""
    assert main(["--engine", "unix:x"]) == 0 and "http" not in capsys.readouterr().out
