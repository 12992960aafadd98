"""One tree of errors.

    PolluxError
    |-- ConfigurationError            wrong flags, file or environment; never crosses the wire
    `-- ApiError                      has a google.rpc status and an HTTP code
        |-- InvalidArgument           400 INVALID_ARGUMENT
        |   `-- InvalidApiKey         400 INVALID_ARGUMENT, reason API_KEY_INVALID
        |-- FailedPrecondition        400 FAILED_PRECONDITION
        |-- Unauthenticated           401 UNAUTHENTICATED
        |-- PermissionDenied          403 PERMISSION_DENIED
        |   `-- MissingApiKey         403 PERMISSION_DENIED, reason API_KEY_MISSING
        |-- NotFound                  404 NOT_FOUND
        |-- MethodNotAllowed          405 UNIMPLEMENTED (what google.rpc maps 405 to)
        |-- AlreadyExists             409 ALREADY_EXISTS
        |-- ResourceExhausted         429 RESOURCE_EXHAUSTED
        |-- Cancelled                 499 CANCELLED
        |-- Internal                  500 INTERNAL
        |-- Unimplemented             501 UNIMPLEMENTED
        |-- Unavailable               503 UNAVAILABLE
        `-- DeadlineExceeded          504 DEADLINE_EXCEEDED

A class's docstring is its message when none is given.  Shapes of the details follow google.rpc `error_details.proto`
as the official SDKs read them.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

TYPE_PREFIX = "type.googleapis.com/google.rpc."
SERVICE = "generativelanguage.googleapis.com"

Detail = Mapping[str, Any]

# Numbers of google/rpc/code.proto, for google.rpc.Status in resources.
RPC_CODES: Mapping[str, int] = {
    "CANCELLED": 1,
    "INVALID_ARGUMENT": 3,
    "DEADLINE_EXCEEDED": 4,
    "NOT_FOUND": 5,
    "ALREADY_EXISTS": 6,
    "PERMISSION_DENIED": 7,
    "RESOURCE_EXHAUSTED": 8,
    "FAILED_PRECONDITION": 9,
    "UNIMPLEMENTED": 12,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
    "UNAUTHENTICATED": 16,
}


def error_info(reason: str, **metadata: str) -> Detail:
    """google.rpc.ErrorInfo: a machine-readable reason."""
    return {
        "@type": TYPE_PREFIX + "ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": SERVICE, **metadata},
    }


def bad_request(violations: Sequence[tuple[str, str]]) -> Detail:
    """google.rpc.BadRequest: (field path, what is wrong with it) pairs."""
    return {
        "@type": TYPE_PREFIX + "BadRequest",
        "fieldViolations": [{"field": field, "description": text} for field, text in violations],
    }


def retry_info(seconds: float) -> Detail:
    """google.rpc.RetryInfo: when to come back, as a protobuf duration ("1.5s")."""
    return {
        "@type": TYPE_PREFIX + "RetryInfo",
        "retryDelay": f"{max(seconds, 0.001):.3f}".rstrip("0").rstrip(".") + "s",
    }


def quota_failure(metric: str, limit: int, dimensions: Mapping[str, str]) -> Detail:
    """google.rpc.QuotaFailure for one exceeded limit."""
    return {
        "@type": TYPE_PREFIX + "QuotaFailure",
        "violations": [
            {
                "quotaMetric": f"{SERVICE}/{metric}",
                "quotaId": metric,
                "quotaDimensions": dict(dimensions),
                "quotaValue": str(limit),
            }
        ],
    }


class PolluxError(Exception):
    """Something went wrong in Pollux."""

    def __init__(self, message: str | None = None) -> None:
        self.message = message or inspect.cleandoc(type(self).__doc__ or "").splitlines()[0]
        super().__init__(self.message)


class ConfigurationError(PolluxError):
    """The configuration cannot be used."""


class ApiError(PolluxError):
    """The request could not be served."""

    code: ClassVar[int] = 500
    status: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str | None = None, *, details: Sequence[Detail] = ()) -> None:
        super().__init__(message)
        self.details: tuple[Detail, ...] = tuple(details)

    def rpc_status(self) -> dict[str, Any]:
        """google.rpc.Status, as a resource or a batch line holds it.

        Without details: google-genai takes those of a batch line for texts, and refuses the whole job for an object.
        """
        return {"code": RPC_CODES[self.status], "message": self.message}


class InvalidArgument(ApiError):
    """Request contains an invalid argument.

    `field` is the path of the offending field in the request ("contents[0].parts[1].inlineData"); it becomes a
    google.rpc.BadRequest detail.
    """

    code = 400
    status = "INVALID_ARGUMENT"

    def __init__(self, message: str | None = None, *, field: str | None = None, details: Sequence[Detail] = ()) -> None:
        super().__init__(message, details=details)
        self.field = field
        if field is not None:
            self.details = (bad_request([(field, self.message)]), *self.details)


class InvalidApiKey(InvalidArgument):
    """API key not valid. Please pass a valid API key."""

    def __init__(self) -> None:
        super().__init__(details=[error_info("API_KEY_INVALID")])


class FailedPrecondition(ApiError):
    """The request cannot be executed in the current state."""

    code = 400
    status = "FAILED_PRECONDITION"


class Unauthenticated(ApiError):
    """The caller could not be authenticated."""

    code = 401
    status = "UNAUTHENTICATED"


class PermissionDenied(ApiError):
    """The caller does not have permission."""

    code = 403
    status = "PERMISSION_DENIED"


class MissingApiKey(PermissionDenied):
    """Method doesn't allow unregistered callers. Please pass an API key in the x-goog-api-key header."""

    def __init__(self) -> None:
        super().__init__(details=[error_info("API_KEY_MISSING")])


class NotFound(ApiError):
    """The requested entity was not found."""

    code = 404
    status = "NOT_FOUND"


class MethodNotAllowed(ApiError):
    """The path exists, but not with this HTTP method."""

    code = 405
    status = "UNIMPLEMENTED"


class AlreadyExists(ApiError):
    """The entity already exists."""

    code = 409
    status = "ALREADY_EXISTS"


class ResourceExhausted(ApiError):
    """A limit was reached. Please retry later.

    `retry_after` is in seconds and becomes google.rpc.RetryInfo (and the Retry-After header).
    """

    code = 429
    status = "RESOURCE_EXHAUSTED"

    def __init__(self, message: str | None = None, *, retry_after: float = 1.0, details: Sequence[Detail] = ()) -> None:
        super().__init__(message, details=[*details, retry_info(retry_after)])
        self.retry_after = retry_after


class Cancelled(ApiError):
    """The request was cancelled by the caller."""

    code = 499
    status = "CANCELLED"


class Internal(ApiError):
    """An internal error has occurred."""


class Unimplemented(ApiError):
    """This feature is not built yet."""

    code = 501
    status = "UNIMPLEMENTED"


class Unavailable(ApiError):
    """The service is currently unavailable."""

    code = 503
    status = "UNAVAILABLE"


class DeadlineExceeded(ApiError):
    """The deadline expired before the request could be completed."""

    code = 504
    status = "DEADLINE_EXCEEDED"
