"""The leases of a worker: whoever keeps something for them hears of their beginning and end. Lives on the event loop."""

from collections.abc import Callable

from aweigh.engine.rpc.transfers import Transfers
from aweigh.memory.contents import Contents
from aweigh.proto.errors import LeaseEnded


class Leases:
    """Who is alive. A lease opens before the first call of it, and ends once."""

    def __init__(self, transfers: Transfers, contents: Contents, ended: Callable[[str], None]) -> None:
        """`ended` is called with a lease that is over, after tensors in transit and contents were dropped."""
        self._transfers = transfers
        self._contents = contents
        self._ended = ended
        self._alive: set[str] = set()

    def known(self, lease: str) -> bool:
        return lease in self._alive

    def check(self, lease: str) -> None:
        """Raises LeaseEnded for a lease that is not alive."""
        if lease not in self._alive:
            raise LeaseEnded("the lease is unknown or over: connect again")

    def open(self, lease: str) -> None:
        self._alive.add(lease)
        self._transfers.open(lease)
        self._contents.open(lease)

    def end(self, lease: str) -> None:
        """Ends a lease; one that is unknown is no mistake."""
        if lease in self._alive:
            self._alive.discard(lease)
            self._transfers.end(lease)
            self._contents.end(lease)
            self._ended(lease)
