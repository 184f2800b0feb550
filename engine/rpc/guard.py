"""What every handler is wrapped in: typed errors become statuses, anything else becomes OurBug and a line in the log.

A handler that raises never harms the process: gRPC would answer UNKNOWN with a traceback's text, this answers one sentence.
"""

import functools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import grpc

from aweigh.proto.errors import AweighError, OurBug
from aweigh.proto.status import abort_arguments, kind_of
from aweigh.proto.v1 import generation_pb2

_log = logging.getLogger(__name__)
_Request = TypeVar("_Request")
_Response = TypeVar("_Response")


def unary(
    handler: Callable[[Any, _Request, Any], Awaitable[_Response]],
) -> Callable[[Any, _Request, Any], Awaitable[_Response]]:
    """Wraps a handler that answers once."""

    @functools.wraps(handler)
    async def wrapped(self: Any, request: _Request, context: Any) -> _Response:
        try:
            return await handler(self, request, context)
        except grpc.aio.AbortError:
            raise
        except Exception as error:
            await refuse(context, error)
            raise AssertionError("abort raises") from error

    return wrapped


def streaming(
    handler: Callable[[Any, _Request, Any], AsyncIterator[_Response]],
) -> Callable[[Any, _Request, Any], AsyncIterator[_Response]]:
    """Wraps a handler that answers many times."""

    @functools.wraps(handler)
    async def wrapped(self: Any, request: _Request, context: Any) -> AsyncIterator[_Response]:
        try:
            async for response in handler(self, request, context):
                yield response
        except grpc.aio.AbortError:
            raise
        except Exception as error:  # noqa: BLE001  the boundary: nothing passes it untyped
            await refuse(context, error)

    return wrapped


def told(error: Exception) -> generation_pb2.Failure:
    """An error as data, for streams that go on after it."""
    if not isinstance(error, AweighError):
        _log.error("a request failed for a reason that nobody foresaw", exc_info=error)
        error = OurBug(f"{type(error).__name__} in the engine: {error}")
    return generation_pb2.Failure(kind=kind_of(error).__name__, message=str(error))


async def refuse(context: Any, error: Exception) -> None:
    """Ends a call with an error. Raises AbortError."""
    if not isinstance(error, AweighError):
        _log.error("a call failed for a reason that nobody foresaw", exc_info=error)
    code, details, metadata = abort_arguments(error)
    await context.abort(code, details, metadata)
