"""The door on the wire: the bytes of a stream, clients that go or stall, and input that no client should send."""

import json
import random
import socket
import struct
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.integration.http.door import Door, until

STREAM = {"model": "small", "prompt": "def send(self, data):", "max_tokens": 6, "temperature": 0, "stream": True}
LONG = {**STREAM, "max_tokens": 1000, "ignore_eos": True}


def http(body: Any, route: str = "/v1/completions", *, close: bool = True, more: str = "") -> bytes:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    end = "connection: close\r\n" if close else ""
    head = f"POST {route} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {len(data)}\r\n{end}{more}\r\n"
    return head.encode() + data


def unchunked(answer: bytes) -> tuple[bytes, bytes]:
    """Head and body of an answer with transfer coding `chunked`."""
    head, _, rest = answer.partition(b"\r\n\r\n")
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        body += rest[: int(size, 16)]
        rest = rest[int(size, 16) + 2 :]
    return head, body


def error_of(answer: bytes) -> tuple[int, dict[str, Any]]:
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"chunked" in head.lower():
        head, body = unchunked(answer)
    found = json.loads(body)["error"]
    assert set(found) == {"message", "type", "param", "code"} and found["message"]
    return int(head.split()[1]), found


def test_the_bytes_of_a_stream(door: Door) -> None:
    asked = {**STREAM, "stream_options": {"include_usage": True}}
    head, body = unchunked(door.raw(http(asked)))
    lines = head.lower().split(b"\r\n")
    assert lines[0] == b"http/1.1 200 ok"
    assert b"content-type: text/event-stream; charset=utf-8" in lines
    assert any(line.startswith(b"x-request-id: ") for line in lines)
    events = body.split(b"\n\n")
    assert events[-2:] == [b"data: [DONE]", b""]
    chunks = [json.loads(event.removeprefix(b"data: ")) for event in events[:-2]]
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks[:-1]] == [None] * 6 + ["length"]
    assert chunks[-1]["choices"] == [] and chunks[-1]["usage"]["completion_tokens"] == 6
    whole = door.post("/v1/completions", {**STREAM, "stream": False}).json()
    assert "".join(chunk["choices"][0]["text"] for chunk in chunks[:-1]) == whole["choices"][0]["text"]


def test_a_request_keeps_its_name(door: Door) -> None:
    assert door.get("/health", headers={"x-request-id": "mine-1"}).headers["x-request-id"] == "mine-1"
    other = door.get("/health", headers={"x-request-id": "not mine;"}).headers["x-request-id"]
    assert other != "not mine;" and len(other) == 32
    assert door.get("/nowhere").headers["x-request-id"]


@pytest.mark.parametrize("stream", [True, False])
def test_whoever_hangs_up_leaves_nothing_behind(door: Door, stream: bool) -> None:
    for _ in range(5):
        with socket.create_connection(door.address, timeout=30) as connection:
            connection.sendall(http({**LONG, "n": 4, "stream": stream}, close=False))
            if stream:
                assert connection.recv(100)
            else:
                until(lambda: door.running() > 0)
            # A reset and not an end: as a client that was killed.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    until(lambda: door.running() == 0)


def test_clients_that_go_at_any_moment(door: Door) -> None:
    draw = random.Random(0)
    for _ in range(150):
        data = http({**LONG, "n": draw.choice([1, 2, 4]), "stream": draw.random() < 0.7}, close=False)
        cut = draw.choice([len(data), len(data), draw.randrange(len(data))])
        with socket.create_connection(door.address, timeout=30) as connection:
            connection.sendall(data[:cut])
            if cut == len(data) and b'"stream": true' in data:
                connection.recv(draw.choice([1, 100, 1000]))
            if draw.random() < 0.5:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    until(lambda: door.running() == 0)
    aborted = [
        line for line in door.get("/metrics").text.splitlines() if 'finished_reason="abort",model_name="small"' in line
    ]
    assert float(aborted[0].split()[-1]) > 0
    log = Path(door.environment["AWEIGH_RUNTIME"], "log").read_text()
    assert "Traceback" not in log


def test_a_head_that_is_cut_anywhere(door: Door) -> None:
    data = http({**STREAM, "stream": False, "user": "x" * 200_000})
    end = data.index(b"\r\n\r\n")
    for cut in (1, 20, end + 1, end + 2, end + 3, end + 4):
        with socket.create_connection(door.address, timeout=30) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(data[:cut])
            until(lambda: door.get("/health").status_code == 200)
            connection.sendall(data[cut:])
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200"), answer[:300]


def test_a_stop_string_ends_the_work_too(door: Door) -> None:
    answer = door.post("/v1/completions", {**LONG, "stream": False, "stop": "self"}).json()
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["usage"]["completion_tokens"] < 100
    until(lambda: door.running() == 0)


def test_a_client_that_does_not_read_holds_nobody_up(door: Door) -> None:
    with socket.create_connection(door.address, timeout=30) as idle:
        idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        idle.sendall(http({**LONG, "n": 16}, close=False))
        for _ in range(3):
            assert door.post("/v1/completions", {**STREAM, "stream": False}).status_code == 200
    until(lambda: door.running() == 0)


def test_half_open_clients_and_idle_ones(door: Door) -> None:
    idle = [socket.create_connection(door.address, timeout=30) for _ in range(200)]
    for connection in idle[:100]:
        connection.sendall(b"POST /v1/completions HTTP/1.1\r\ncontent-le")
    try:
        assert door.get("/health").status_code == 200
    finally:
        for connection in idle:
            connection.close()


@pytest.mark.parametrize(
    ("method", "route", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/v1/models/none/of/these", 404, "model_not_found"),
        ("GET", "/v1/completions", 405, "method_not_allowed"),
        ("DELETE", "/v1/models/small", 405, "method_not_allowed"),
        ("POST", "/health", 405, "method_not_allowed"),
    ],
)
def test_routes_that_are_none(door: Door, method: str, route: str, status: int, code: str) -> None:
    found = error_of(door.raw(f"{method} {route} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode()))
    assert (found[0], found[1]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (b"", None),
        (b"{", None),
        (b"[]", None),
        (b"\xff\xfe", None),
        (b'{"a":' * 3000, None),
        (b"null", None),
        ({"model": "small"}, "prompt"),
        ({"prompt": "x"}, "model"),
        ({"model": 5, "prompt": "x"}, "model"),
        ({"model": "small", "prompt": []}, "prompt"),
        ({"model": "small", "prompt": {"a": 1}}, "prompt"),
        ({"model": "small", "prompt": [[1], ["a"]]}, "prompt"),
        ({"model": "small", "prompt": ["x"] * 257}, "prompt"),
        ({**STREAM, "n": 0}, "n"),
        ({**STREAM, "n": 129}, "n"),
        ({**STREAM, "max_tokens": 0}, "max_tokens"),
        ({**STREAM, "max_tokens": 10**30}, "max_tokens"),
        (json.dumps({**STREAM, "temperature": "nan?"}).encode(), "temperature"),
        (json.dumps({**STREAM, "temperature": float("nan")}).encode(), "temperature"),
        (json.dumps({**STREAM, "top_p": float("inf")}).encode(), "top_p"),
        ({**STREAM, "top_p": 0}, "top_p"),
        ({**STREAM, "stop": ["a"] * 17}, "stop"),
        ({**STREAM, "stop": ""}, "stop"),
        ({**STREAM, "logprobs": 21}, "logprobs"),
        ({**STREAM, "logprobs": 1, "echo": True}, "logprobs"),
        ({**STREAM, "logit_bias": {"x": 1}}, "logit_bias"),
        ({**STREAM, "logit_bias": {"99999": 1}}, "logit_bias"),
        ({**STREAM, "logit_bias": {"5": 1000}}, "logit_bias"),
        ({**STREAM, "seed": 1 << 70}, "seed"),
        ({**STREAM, "min_tokens": 7}, "min_tokens"),
        ({**STREAM, "best_of": 3}, "best_of"),
    ],
)
def test_bodies_that_are_none(door: Door, body: Any, param: str | None) -> None:
    status, error = error_of(door.raw(http(body)))
    assert (status, error["type"], error["param"]) == (400, "invalid_request_error", param)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"model": "org/chat", "messages": []}, "messages"),
        ({"model": "org/chat", "messages": [{"role": "user"}] * 4097}, "messages"),
        ({"model": "org/chat", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, None),
        ({"model": "org/chat", "messages": [{"role": "user", "content": "x"}], "top_logprobs": 2}, "top_logprobs"),
        (
            {"model": "org/chat", "messages": [{"role": "user"}], "response_format": {"type": "xml"}},
            "response_format",
        ),
        ({"model": "org/chat", "messages": [{"role": "user", "content": "x" * 9000}]}, None),
    ],
)
def test_conversations_that_are_none(door: Door, body: Any, param: str | None) -> None:
    status, error = error_of(door.raw(http(body, "/v1/chat/completions")))
    assert (status, error["param"]) == (400, param)


def test_bounds_of_heads_and_bodies(door: Door) -> None:
    status, _ = error_of(
        door.raw(http(b"", more=f"content-length: {1 << 30}\r\n").replace(b"content-length: 0\r\n", b""))
    )
    assert status == 413
    head = b"POST /v1/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
    chunk = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
    with socket.create_connection(door.address, timeout=60) as connection:
        sender = threading.Thread(target=lambda: _send(connection, head + chunk * 17 + b"0\r\n\r\n"))
        sender.start()
        answer = b"".join(iter(lambda: _receive(connection), b""))
        sender.join()
    assert error_of(answer)[0] == 413
    for bad in (b"GET / HTTP/1.1\r\nx: " + b"a" * 70_000, b"GET /" + b"a" * 70_000):
        assert error_of(door.raw(bad))[0] == 431
    assert error_of(door.raw(b"nonsense\r\n\r\n"))[0] == 400
    assert door.get("/health").status_code == 200


def _send(connection: socket.socket, data: bytes) -> None:
    try:
        connection.sendall(data)
    except OSError:
        return


def _receive(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""


def test_tokens_and_back(door: Door) -> None:
    text = "def f(é): return '€'"
    found = door.post("/tokenize", {"model": "small", "prompt": text}).json()
    assert found["count"] == len(found["tokens"])
    assert door.post("/detokenize", {"model": "small", "tokens": found["tokens"]}).json()["prompt"].endswith(text)
    chat = door.post("/tokenize", {"model": "org/chat", "messages": [{"role": "user", "content": "close"}]}).json()
    answer = door.post(
        "/v1/chat/completions",
        {"model": "org/chat", "messages": [{"role": "user", "content": "close"}], "max_tokens": 1},
    ).json()
    assert chat["count"] == answer["usage"]["prompt_tokens"]
    assert door.post("/tokenize", {"model": "small"}).status_code == 400


def test_what_operators_ask(door: Door) -> None:
    assert door.get("/health").json() == door.get("/ready").json() == {"status": "ok"}
    assert set(door.get("/version").json()) == {"version"}
    document = door.get("/openapi.json").json()
    assert "/v1/chat/completions" in document["paths"]
    assert "422" not in json.dumps(document)
    door.post("/v1/completions", {**STREAM, "stream": False})
    lines = door.get("/metrics").text.splitlines()
    counted = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}
    assert counted['aweigh:generation_tokens_total{model_name="small"}'] >= 6
    assert counted['aweigh:request_success_total{finished_reason="length",model_name="small"}'] >= 1
    assert counted['aweigh:time_to_first_token_seconds_count{model_name="small"}'] >= 1
    assert counted['aweigh:num_requests_running{worker="worker-0"}'] == 0
    assert 0 <= counted['aweigh:kv_cache_usage_perc{worker="worker-0"}'] <= 1
    assert not any("nowhere" in line for line in lines)
