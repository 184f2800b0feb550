"""One S3 server for the tests of this folder, a proxy and a store of its own for every test."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.memory.tiers.object_store import BUCKET, Proxy, Server, environment, proxied, serving

from aweigh.memory.store.catalog import Store

_numbers = itertools.count()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("s3") / "log") as server:
        yield server


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    with proxied(server) as proxy, environment(proxy.environment):
        yield proxy


@pytest.fixture
def url(proxy: Proxy) -> str:
    """Nobody has used it before."""
    return f"s3://{BUCKET}/test-{next(_numbers)}"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home" / "store")


@pytest.fixture
def other(tmp_path: Path) -> Store:
    """Of somebody else."""
    return Store(tmp_path / "other" / "store")
