"""An S3 server of its own process, and a proxy before it that does to packs what networks and disks do."""

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BUCKET = "weights"


@dataclass
class Server:
    """An S3 server. `environment` is what a process needs to reach it."""

    process: "subprocess.Popen[str]"
    port: int

    @property
    def environment(self) -> dict[str, str]:
        return environment_of(self.port)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def environment_of(port: int) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "key-of-a-test",
        "AWS_SECRET_ACCESS_KEY": "secret-of-a-test",
        "AWS_REGION": "us-east-1",
    }


@contextmanager
def serving(log: Path) -> Iterator[Server]:
    """An S3 server with an empty bucket."""
    command = [sys.executable, "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", "0"]
    with log.open("w") as said, subprocess.Popen(command, stderr=subprocess.PIPE, stdout=said, text=True) as process:
        assert process.stderr is not None
        port = 0
        for line in process.stderr:
            if found := re.search(r"Running on http://127\.0\.0\.1:(\d+)", line):
                port = int(found[1])
                break
        assert port, "the server says where it listens"
        drain = threading.Thread(target=process.stderr.read, daemon=True)
        drain.start()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("PUT", f"/{BUCKET}")
        assert connection.getresponse().status == 200
        connection.close()
        try:
            yield Server(process, port)
        finally:
            process.kill()
            process.wait()
            drain.join()


@dataclass
class Proxy:
    """`fault` is what becomes of reads of packs: "", "500", "cut", "wrong", "hang", or "gone". `asked` counts requests by method."""

    port: int
    fault: str = ""
    asked: dict[str, int] = field(default_factory=dict)
    packs_read: int = 0
    packs_written: int = 0
    release: threading.Event = field(default_factory=threading.Event)
    seen: threading.Event = field(default_factory=threading.Event)

    @property
    def environment(self) -> dict[str, str]:
        return environment_of(self.port)


@contextmanager
def proxied(server: Server) -> Iterator[Proxy]:
    proxy = Proxy(0)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            proxy.asked[self.command] = proxy.asked.get(self.command, 0) + 1
            packs = "/packs/" in self.path
            reads = packs and self.command == "GET"
            proxy.packs_read += reads
            proxy.packs_written += packs and self.command == "PUT"
            fault = proxy.fault if reads else ""
            if reads:
                proxy.seen.set()
            if fault == "hang":
                proxy.release.wait(60)
            if fault == "500":
                self.send_response(500)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            headers = {k: v for k, v in self.headers.items() if k.lower() not in ("connection", "host")}
            try:
                connection.request(self.command, self.path, body=body or None, headers=headers)
                answer = connection.getresponse()
                data = answer.read()
            except OSError:
                self.close_connection = True
                return
            finally:
                connection.close()
            self.send_response(404 if fault == "gone" else answer.status)
            for key, value in answer.getheaders():
                if key.lower() not in ("connection", "transfer-encoding", "content-length", "date", "server"):
                    self.send_header(key, value)
            size = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(data))
            self.send_header("Content-Length", size or "0")
            self.end_headers()
            if fault == "wrong":
                data = bytes([data[0] ^ 1]) + data[1:]
            if fault == "cut":
                self.wfile.write(data[: len(data) // 2])
                self.wfile.flush()
                self.close_connection = True
                return
            self.wfile.write(data)

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _do

        def log_message(self, format: str, *args: object) -> None:
            return

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            return

    listener = Quiet(("127.0.0.1", 0), Handler)
    proxy.port = listener.server_address[1]
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.release.set()
        listener.shutdown()
        listener.server_close()
        thread.join()


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """The environment of this process with these values, while the block runs."""
    before = {key: os.environ.get(key) for key in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                del os.environ[key]
            else:
                os.environ[key] = value
