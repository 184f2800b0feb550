"""The one door to pyarrow, which is heavy and which only traces need."""

from typing import Any

from aweigh.proto.errors import InvalidRequest


def pyarrow() -> tuple[Any, Any]:
    """The modules `pyarrow` and `pyarrow.parquet`. Raises InvalidRequest where they are not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise InvalidRequest("traces are Parquet files, and pyarrow is not here: pip install 'aweigh[tune]'") from None
    return pyarrow, pyarrow.parquet
