"""These tests run in a process with TRITON_INTERPRET=1, which `tests/kernels/test_triton.py` starts; elsewhere they are skipped.

Triton decides at its import whether it interprets, and in a whole run of the suite somebody has imported it before.
"""

import os
from typing import Any

import pytest

from aweigh.kernels import load
from aweigh.kernels.base import Kernels


def pytest_collection_modifyitems(items: list[Any]) -> None:
    if os.environ.get("TRITON_INTERPRET") != "1":
        for item in items:
            if "interpreted" in item.path.parts:
                item.add_marker(
                    pytest.mark.skip(reason="runs in a process of its own: see tests/kernels/test_triton.py")
                )


@pytest.fixture(scope="session")
def triton_kernels() -> Kernels:
    return load("triton")


@pytest.fixture(scope="session")
def reference() -> Kernels:
    return load("reference")


@pytest.fixture(scope="session")
def kernels(triton_kernels: Kernels) -> Kernels:
    """What the tests that every master passes are about."""
    return triton_kernels
