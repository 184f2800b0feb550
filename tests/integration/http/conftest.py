"""One door for all tests of this folder."""

from collections.abc import Iterator

import pytest
from tests.integration.http.door import Door, command, environment_of, make_models, started


@pytest.fixture(scope="session")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    directory = tmp_path_factory.mktemp("door")
    environment = environment_of(directory)
    models = make_models(directory)
    for name, path in models.items():
        done = command(environment, "publish", str(path), "--as", name)
        assert done.returncode == 0, done.stderr
    with started(environment, models) as running:
        yield running
