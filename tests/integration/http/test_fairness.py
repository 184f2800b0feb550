"""Two keys at one door with one place: whose call is next, and who is told at once to come back later."""

import contextlib
import http.client
import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from tests.integration.http.door import EXAMPLE, Door, command, environment_of, started, until

from aweigh.proto.v1 import front_door_pb2, front_door_pb2_grpc

CALL = {"model": "small", "prompt": "def ", "max_tokens": 200, "temperature": 0, "ignore_eos": True}
LONG = {**CALL, "max_tokens": 1000, "stream": True, "n": 64}
WIDE = {**CALL, "max_tokens": 1000, "n": 128}  # more than ten seconds at ten thousand tokens a second


@pytest.fixture(scope="module")
def one_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    environment = environment_of(tmp_path_factory.mktemp("one-place"))
    assert command(environment, "publish", str(EXAMPLE), "--as", "small").returncode == 0
    settings = {"AWEIGH_FRONT_DOOR__MAX_RUNNING": "1", "AWEIGH_FRONT_DOOR__MAX_WAIT": "5"}
    with started(environment, {}, **settings) as door:
        yield door


@pytest.fixture(scope="module")
def keys(one_place: Door) -> dict[str, dict[str, str]]:
    """Headers of two tenants."""
    secrets = {name: command(one_place.environment, "key", "create", name).stdout.strip() for name in ("a", "b")}
    headers = {name: {"authorization": f"Bearer {secret}"} for name, secret in secrets.items()}
    until(lambda: one_place.get("/health", headers=headers["b"]).status_code == 200)
    assert one_place.post("/v1/completions", CALL, headers=headers["a"]).status_code == 200
    return headers


def status_of(door: Door) -> Any:
    with grpc.insecure_channel(door.engine) as channel:
        return front_door_pb2_grpc.FrontDoorStub(channel).Status(front_door_pb2.StatusRequest())


@contextlib.contextmanager
def asked(door: Door, body: dict[str, Any], headers: dict[str, str]) -> Iterator[http.client.HTTPConnection]:
    """A request whose client goes away at the end."""
    connection = http.client.HTTPConnection(*door.address, timeout=60)
    connection.request("POST", "/v1/completions", json.dumps(body), {"content-type": "application/json", **headers})
    try:
        yield connection
    finally:
        connection.close()


def test_who_asks_once_is_served_before_the_queue_of_who_floods(one_place: Door, keys: dict[str, Any]) -> None:
    with asked(one_place, LONG, keys["a"]) as first, ThreadPoolExecutor(7) as pool:
        flood = [pool.submit(one_place.post, "/v1/completions", CALL, headers=keys["a"]) for _ in range(6)]
        until(lambda: status_of(one_place).calls.waiting == 6)
        shown = command(one_place.environment, "status").stdout
        assert "1 running, 6 waiting" in shown and one_place.url in shown
        once = pool.submit(one_place.post, "/v1/completions", CALL, headers=keys["b"])
        until(lambda: status_of(one_place).calls.waiting == 7)
        first.close()
        assert once.result().status_code == 200
        assert sum(call.done() for call in flood) <= 1, "one may have been done while the answer was read"
        assert {call.result().status_code for call in flood} == {200}
    until(lambda: status_of(one_place).calls.running == 0)


def test_who_would_wait_for_too_long_hears_it_although_no_worker_answers(one_place: Door, keys: dict[str, Any]) -> None:
    with asked(one_place, LONG, keys["a"]) as first:
        answer = first.getresponse()
        for _ in range(40):
            assert answer.readline()  # the door has seen how fast it goes
        with asked(one_place, WIDE, keys["a"]):
            until(lambda: status_of(one_place).calls.waiting == 1)
            worker = status_of(one_place).workers[0].process
            os.kill(worker, signal.SIGSTOP)
            try:
                refused = one_place.post("/v1/completions", CALL, headers=keys["a"])
            finally:
                os.kill(worker, signal.SIGCONT)
            assert refused.status_code == 429 and int(refused.headers["retry-after"]) > 1
            assert refused.json()["error"]["type"] == "rate_limit_error"
            shown = one_place.get("/metrics", headers=keys["b"]).text
            assert 'aweigh:num_requests_waiting{worker="front-door"} 1.0' in shown
            assert 'aweigh:requests_refused_total{reason="wait"} 1.0' in shown
            assert 'aweigh:requests_refused_total{reason="full"} 0.0' in shown
    until(lambda: status_of(one_place).calls.running == status_of(one_place).calls.waiting == 0)


def test_a_key_has_so_many_requests_and_tokens_a_minute(one_place: Door, keys: dict[str, Any]) -> None:
    environment = one_place.environment
    secret = command(environment, "key", "create", "few", "--requests-per-minute", "2").stdout.strip()
    headers = {"authorization": f"Bearer {secret}"}
    until(lambda: one_place.get("/health", headers=headers).status_code == 200)

    def ask(**more: Any) -> Any:
        return one_place.post("/v1/completions", {**CALL, "max_tokens": 4, **more}, headers=headers)

    first, second, third = ask(), ask(), ask()
    assert (first.status_code, second.status_code, third.status_code) == (200, 200, 429)
    assert [answer.headers["x-ratelimit-remaining-requests"] for answer in (first, second, third)] == ["1", "0", "0"]
    assert first.headers["x-ratelimit-limit-requests"] == "2" and "x-ratelimit-limit-tokens" not in first.headers
    assert first.headers["x-ratelimit-reset-requests"].endswith("s")
    assert third.json()["error"]["code"] == "rate_limit_exceeded" and 1 <= int(third.headers["retry-after"]) <= 30
    assert "x-ratelimit-limit-requests" not in one_place.post("/v1/completions", CALL, headers=keys["b"]).headers

    changed = command(environment, "key", "limit", "few", "--requests-per-minute", "0", "--tokens-per-minute", "300")
    assert changed.returncode == 0, changed.stderr
    until(lambda: "x-ratelimit-limit-tokens" in ask(prompt="", max_tokens=1).headers, patience=5)
    assert int(ask(max_tokens=200).status_code) == 200
    wide = ask(max_tokens=400)
    assert wide.status_code == 429, "of a minute's worth some is gone"
    assert wide.json()["error"]["message"].startswith("this key has 300 tokens a minute: retry in")
    assert ask(max_tokens=1).status_code == 200, "and some is left"
    refused = one_place.get("/metrics", headers=keys["b"]).text
    assert 'aweigh:requests_refused_total{reason="tokens_per_minute"} 1.0' in refused
