"""The error family of every wire. `status.py` holds the one table from these to gRPC status codes.

Two families, after h11: `BrokenContract`, the caller did what it may not; `PeerFailed`, the other side did. A third, `OurBug`,
is raised by nobody on purpose: it is how a caller sees an exception that a peer did not foresee, and is never swallowed.
"""


class AweighError(Exception):
    """Root of the family. The message is one sentence that says what to do."""


class BrokenContract(AweighError, ValueError):
    """The caller did what the contract forbids."""


class InvalidRequest(BrokenContract):
    """A field of a request has no meaning: NaN, negative, out of range, of the wrong shape."""


class PromptTooLong(BrokenContract):
    """Prompt and output together do not fit into the model's context or the engine's memory."""


class ModelNotFound(BrokenContract):
    """No model of that name is loaded, and no directory of that name exists."""


class CheckpointInvalid(BrokenContract):
    """A weight file is truncated, lies about itself, or does not fit the Program."""


class ProgramInvalid(BrokenContract):
    """A Program that the verifier rejects."""


class UnsupportedModel(BrokenContract):
    """The compiler cannot turn this model or this call into a Program; the message names what stands in the way."""


class SessionNotFound(BrokenContract):
    """The session was closed, belongs to another lease, or never existed."""


class LeaseEnded(BrokenContract):
    """The lease is unknown or over."""


class Overloaded(AweighError):
    """The engine has no room for this now. Retry later."""


class Unauthenticated(AweighError):
    """The caller did not prove who it is."""


class Untrusted(AweighError):
    """An engine that takes signed models only was given one that nobody it trusts has signed."""


class PeerFailed(AweighError):
    """The other side did not do what the contract promises."""


class EngineUnreachable(PeerFailed, ConnectionError):
    """Nothing answers at the engine's address."""


class EngineLost(PeerFailed, ConnectionError):
    """The engine went away while it held work of ours."""


class StoreFailed(PeerFailed):
    """The store of weights cannot be read or written: its disk is full, read-only or broken, or a stored byte has changed."""


class NumericalFailure(PeerFailed):
    """The model produced NaN or no admissible token for this request."""


class DeadlineMissed(PeerFailed, TimeoutError):
    """The answer did not come in the time that the caller allowed."""


class OurBug(AweighError):
    """An exception that nobody foresaw, seen from the other side of a wire."""
