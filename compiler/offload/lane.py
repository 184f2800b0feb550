"""A lane: one stream of steps to a worker, one step at a time. A message over a stream costs half of what a call does.

Couriers only. Typed failures come as data, and the lane goes on; when the stream itself ends, so does the lane.
"""

from queue import SimpleQueue
from typing import Any


class Lane:
    """`method` is the stub's `Steps`."""

    def __init__(self, method: Any) -> None:
        self._requests: SimpleQueue[Any] = SimpleQueue()
        self._call = method(iter(self._requests.get, None))

    @property
    def open(self) -> bool:
        active: bool = self._call.is_active()
        return active

    def ask(self, request: Any) -> Any:
        """The reply. Raises the RpcError that ends the stream."""
        self._requests.put(request)
        for reply in self._call:
            return reply
        raise self._call  # ended in good order, in the middle of a step: still an RpcError, and no answer

    def close(self) -> None:
        """Cancels what is asked, from any courier."""
        self._call.cancel()
        self._requests.put(None)
