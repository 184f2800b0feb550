"""Who may come in: keys, TLS, and addresses; and what becomes of a door that is told to leave, or whose model's files are gone."""

import datetime
import http.client
import json
import shutil
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.integration.http.door import EXAMPLE, command, environment_of, started, until

ROUTES = (
    ("GET", "/v1/models"), ("GET", "/v1/models/small"), ("POST", "/v1/completions"), ("POST", "/v1/chat/completions"),
    ("POST", "/tokenize"), ("POST", "/detokenize"), ("GET", "/health"), ("GET", "/ready"), ("GET", "/ping"),
    ("GET", "/version"), ("GET", "/metrics"), ("GET", "/openapi.json"), ("GET", "/nowhere"), ("PUT", "/v1/models"),
)  # fmt: skip


def certificate(directory: Path) -> tuple[Path, Path]:
    """One for 127.0.0.1, signed by itself, and its key."""
    import ipaddress

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "aweigh")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + datetime.timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    paths = directory / "certificate.pem", directory / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return paths


def test_keys_on_every_route_and_over_tls(tmp_path: Path) -> None:
    environment = environment_of(tmp_path)
    paths = certificate(tmp_path)
    settings = {"AWEIGH_HTTP__CERTIFICATE": str(paths[0]), "AWEIGH_HTTP__CERTIFICATE_KEY": str(paths[1])}
    context = ssl.create_default_context(cafile=str(paths[0]))
    with started(environment, {}, **settings) as door, httpx2.Client(base_url=door.url, verify=context) as client:
        assert door.url.startswith("https://127.0.0.1:")
        assert client.get("/v1/models").json() == {"object": "list", "data": []}, "no key was made, and it is loopback"
        secret = command(environment, "key", "create", "ci").stdout.strip()
        until(lambda: client.get("/health").status_code == 401, patience=5)

        def statuses(key: str | None) -> set[int]:
            headers = {} if key is None else {"authorization": f"Bearer {key}"}
            return {client.request(method, route, headers=headers).status_code for method, route in ROUTES}

        assert statuses(None) == {401} == statuses("aweigh-wrong")
        assert 401 not in statuses(secret)
        refused = client.get("/v1/models")
        assert refused.json()["error"]["code"] == "invalid_api_key" and refused.headers["www-authenticate"] == "Bearer"
        assert command(environment, "key", "revoke", "ci").returncode == 0
        began = time.monotonic()
        until(lambda: statuses(secret) == {401}, patience=5)
        assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("address", "key", "says"),
    [
        ("192.0.2.1:8000", False, "there is no key"),
        ("192.0.2.1:8000", True, "choose another address"),
        ("127.0.0.1:99999", False, "choose another address"),
        ("127.0.0.1", False, "http.listen"),
    ],
)
def test_addresses_that_it_does_not_take(tmp_path: Path, address: str, key: bool, says: str) -> None:
    environment = {**environment_of(tmp_path), "AWEIGH_HTTP__LISTEN": address}
    if key:
        command(environment, "key", "create")
    done = subprocess.run(
        [sys.executable, "-m", "aweigh.serverless"], capture_output=True, text=True, env=environment, timeout=60, check=False
    )  # fmt: skip
    assert done.returncode == 4
    assert says in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_certificate_that_is_none_is_a_wrong_configuration(tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("nothing")
    environment = {**environment_of(tmp_path), "AWEIGH_HTTP__LISTEN": "127.0.0.1:0"}
    environment["AWEIGH_HTTP__CERTIFICATE"] = str(tmp_path / "bad.pem")
    done = subprocess.run(
        [sys.executable, "-m", "aweigh.serverless"], capture_output=True, text=True, env=environment, timeout=60, check=False
    )  # fmt: skip
    assert done.returncode == 4 and "http.certificate" in done.stderr


def test_a_model_outlives_its_directory_and_a_door_ends_its_streams_in_order(tmp_path: Path) -> None:
    environment = environment_of(tmp_path)
    shutil.copytree(EXAMPLE, tmp_path / "model")
    assert command(environment, "publish", str(tmp_path / "model"), "--as", "small").returncode == 0
    shutil.rmtree(tmp_path / "model")
    asked = {
        "model": "small",
        "prompt": "def ",
        "max_tokens": 600,
        "temperature": 0,
        "ignore_eos": True,
        "stream": True,
    }
    with started(environment, {}) as door:
        connection = http.client.HTTPConnection(*door.address, timeout=60)
        connection.request("POST", "/v1/completions", json.dumps(asked), {"content-type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == 200
        said: list[bytes] = []
        reader = threading.Thread(target=lambda: said.append(answer.read()))
        reader.start()
        door.process.terminate()
        reader.join(60)
        assert said[0].endswith(b"data: [DONE]\n\n"), "what ran when it was told to leave came to its end"
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(door.url + "/health")
        assert door.process.wait(60) == 0
