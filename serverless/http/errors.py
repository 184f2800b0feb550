"""The one table from typed errors to HTTP, and the shape of OpenAI's errors."""

import json
from dataclasses import dataclass
from math import ceil

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
    Overloaded,
    PeerFailed,
    ProgramInvalid,
    PromptTooLong,
    StoreFailed,
    Unauthenticated,
    UnsupportedModel,
    Untrusted,
)
from aweigh.serverless.fairness.busy import Busy

RETRY_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Status:
    """What a kind of error is to a client of HTTP."""

    status: int
    type: str
    code: str | None = None


INVALID = "invalid_request_error"
SERVER = "server_error"
OF_STATUS = {
    400: Status(400, INVALID),
    401: Status(401, "authentication_error", "invalid_api_key"),
    404: Status(404, INVALID, "not_found"),
    405: Status(405, INVALID, "method_not_allowed"),
    408: Status(408, INVALID, "request_timeout"),
    413: Status(413, INVALID, "request_too_large"),
    415: Status(415, INVALID, "unsupported_media_type"),
    429: Status(429, "rate_limit_error", "overloaded"),
    431: Status(431, INVALID, "headers_too_large"),
    499: Status(499, INVALID, "client_gone"),
    500: Status(500, SERVER, "internal_error"),
    503: Status(503, SERVER, "unavailable"),
}
OF_KIND: tuple[tuple[type[AweighError], Status], ...] = (
    (PromptTooLong, Status(400, INVALID, "context_length_exceeded")),
    (ModelNotFound, Status(404, INVALID, "model_not_found")),
    (UnsupportedModel, Status(400, INVALID, "unsupported_model")),
    (InvalidRequest, OF_STATUS[400]),
    (Unauthenticated, OF_STATUS[401]),
    (Overloaded, OF_STATUS[429]),
    (EngineLost, OF_STATUS[503]),
    (EngineUnreachable, OF_STATUS[503]),
    (LeaseEnded, OF_STATUS[503]),
    (DeadlineMissed, Status(503, SERVER, "deadline_missed")),
    (NumericalFailure, Status(500, SERVER, "numerical_failure")),
    (CheckpointInvalid, Status(500, SERVER, "model_damaged")),
    (ProgramInvalid, Status(500, SERVER, "model_damaged")),
    (StoreFailed, Status(500, SERVER, "store_failed")),
    (Untrusted, Status(403, SERVER, "model_untrusted")),
    (PeerFailed, OF_STATUS[500]),
)


class Unfit(InvalidRequest):
    """A field of a request body, by its name."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class NoWorker(Overloaded):
    """Nobody is there yet, or any more, who could do it."""


def status_of(error: AweighError) -> Status:
    """What an error is to a client. One that is not in the table is a bug of ours."""
    if isinstance(error, NoWorker):
        return OF_STATUS[503]
    return next((status for kind, status in OF_KIND if isinstance(error, kind)), OF_STATUS[500])


def body_of(status: Status, message: str, param: str | None = None) -> bytes:
    """OpenAI's shape."""
    error = {"message": message, "type": status.type, "param": param, "code": status.code}
    return json.dumps({"error": error}, ensure_ascii=False).encode("utf-8", "replace")


def headers_of(status: Status, error: Exception | None = None) -> dict[str, str]:
    """That go with an error."""
    found = {"content-type": "application/json"}
    if status.status in (429, 503):
        found["retry-after"] = str(ceil(error.seconds) if isinstance(error, Busy) else RETRY_SECONDS)
    if status.status == 401:
        found["www-authenticate"] = "Bearer"
    return found
