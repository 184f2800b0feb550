"""The one table from typed errors to gRPC status codes, and the way back."""

import grpc

from aweigh.proto.errors import (
    AweighError,
    CheckpointInvalid,
    DeadlineMissed,
    EngineLost,
    EngineUnreachable,
    InvalidRequest,
    LeaseEnded,
    ModelNotFound,
    NumericalFailure,
    OurBug,
    Overloaded,
    ProgramInvalid,
    PromptTooLong,
    SessionNotFound,
    StoreFailed,
    Unauthenticated,
    UnsupportedModel,
    Untrusted,
)

_S = grpc.StatusCode
STATUS_OF: dict[type[AweighError], grpc.StatusCode] = {
    InvalidRequest: _S.INVALID_ARGUMENT,
    PromptTooLong: _S.OUT_OF_RANGE,
    ModelNotFound: _S.NOT_FOUND,
    CheckpointInvalid: _S.DATA_LOSS,
    ProgramInvalid: _S.INVALID_ARGUMENT,
    UnsupportedModel: _S.UNIMPLEMENTED,
    SessionNotFound: _S.NOT_FOUND,
    LeaseEnded: _S.FAILED_PRECONDITION,
    Overloaded: _S.RESOURCE_EXHAUSTED,
    Unauthenticated: _S.UNAUTHENTICATED,
    Untrusted: _S.PERMISSION_DENIED,
    EngineUnreachable: _S.UNAVAILABLE,
    EngineLost: _S.UNAVAILABLE,
    StoreFailed: _S.DATA_LOSS,
    NumericalFailure: _S.ABORTED,
    DeadlineMissed: _S.DEADLINE_EXCEEDED,
    OurBug: _S.INTERNAL,
}
KINDS: dict[str, type[AweighError]] = {kind.__name__: kind for kind in STATUS_OF}
METADATA_KEY = "aweigh-error"  # trailing metadata: the kind's name

_WITHOUT_KIND = {
    _S.UNAVAILABLE: EngineLost,
    _S.DEADLINE_EXCEEDED: DeadlineMissed,
    _S.RESOURCE_EXHAUSTED: Overloaded,
    _S.UNAUTHENTICATED: Unauthenticated,
    _S.INVALID_ARGUMENT: InvalidRequest,
}


def from_kind(kind: str, message: str) -> AweighError:
    """The error that a peer reported as data."""
    return KINDS.get(kind, OurBug)(message)


def from_rpc(error: grpc.RpcError) -> AweighError:
    """The typed error behind a failed call, by its kind if the peer sent one, else by its status code."""
    message = error.details() or str(error.code())
    for key, value in error.trailing_metadata() or ():
        if key == METADATA_KEY:
            return from_kind(value if isinstance(value, str) else value.decode(), message)
    return _WITHOUT_KIND.get(error.code(), OurBug)(message)


def kind_of(error: AweighError) -> type[AweighError]:
    """The nearest class of `error` that the table knows."""
    for kind in type(error).__mro__:
        if kind in STATUS_OF:
            return kind
    return OurBug


def abort_arguments(error: BaseException) -> tuple[grpc.StatusCode, str, tuple[tuple[str, str], ...]]:
    """What to pass to `ServicerContext.abort`-like calls: code, details, trailing metadata. Foreign exceptions read as OurBug."""
    kind = kind_of(error) if isinstance(error, AweighError) else OurBug
    message = str(error) if isinstance(error, AweighError) else f"{type(error).__name__}: {error}"
    return STATUS_OF[kind], message, ((METADATA_KEY, kind.__name__),)
