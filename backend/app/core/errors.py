"""The one registry of error codes and the base class of every expected failure.

Knows nothing of HTTP frameworks or nouns: a noun's errors are classes in its own `errors.py`, named for what happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Code(StrEnum):
    """Stable error codes of the wire contract."""

    BAD_REQUEST = "BAD_REQUEST"
    INVALID_INVITE = "INVALID_INVITE"
    INVALID_RESET = "INVALID_RESET"
    NO_USER_MESSAGE = "NO_USER_MESSAGE"
    AUTH_MODE_INVALID = "AUTH_MODE_INVALID"
    AUTH_REQUIRED = "AUTH_REQUIRED"
    SESSION_EXPIRED = "SESSION_EXPIRED"
    INVALID_CREDENTIALS = "INVALID_CREDENTIALS"
    REFRESH_REUSED = "REFRESH_REUSED"
    CSRF_INVALID = "CSRF_INVALID"
    USER_INACTIVE = "USER_INACTIVE"
    ADMIN_REQUIRED = "ADMIN_REQUIRED"
    ORIGIN_LOCKED = "ORIGIN_LOCKED"
    ORIGIN_NOT_ALLOWED = "ORIGIN_NOT_ALLOWED"
    REAUTH_REQUIRED = "REAUTH_REQUIRED"
    BOOTSTRAP_CLOSED = "BOOTSTRAP_CLOSED"
    NOT_FOUND = "NOT_FOUND"
    CONVERSATION_NOT_FOUND = "CONVERSATION_NOT_FOUND"
    MESSAGE_NOT_FOUND = "MESSAGE_NOT_FOUND"
    GENERATION_NOT_FOUND = "GENERATION_NOT_FOUND"
    MEMORY_NOT_FOUND = "MEMORY_NOT_FOUND"
    USER_NOT_FOUND = "USER_NOT_FOUND"
    INVITE_NOT_FOUND = "INVITE_NOT_FOUND"
    PROVIDER_NOT_FOUND = "PROVIDER_NOT_FOUND"
    MODEL_NOT_FOUND = "MODEL_NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    REQUEST_TIMEOUT = "REQUEST_TIMEOUT"
    STREAM_GONE = "STREAM_GONE"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    CONTEXT_TOO_LONG = "CONTEXT_TOO_LONG"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    MISDIRECTED = "MISDIRECTED"
    USERNAME_EXISTS = "USERNAME_EXISTS"
    LAST_ADMIN = "LAST_ADMIN"
    GENERATION_IN_PROGRESS = "GENERATION_IN_PROGRESS"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    CONFLICT = "CONFLICT"
    VALIDATION_ERROR = "VALIDATION_ERROR"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
    URL_NOT_ALLOWED = "URL_NOT_ALLOWED"
    RATE_LIMITED = "RATE_LIMITED"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
    TOO_MANY_STREAMS = "TOO_MANY_STREAMS"
    ACCOUNT_LOCKED = "ACCOUNT_LOCKED"
    INTERNAL_ERROR = "INTERNAL_ERROR"
    PROVIDER_ERROR = "PROVIDER_ERROR"
    PROVIDER_INTERRUPTED = "PROVIDER_INTERRUPTED"
    PROVIDER_UNREACHABLE = "PROVIDER_UNREACHABLE"
    PROVIDER_BUSY = "PROVIDER_BUSY"
    NO_MODELS_AVAILABLE = "NO_MODELS_AVAILABLE"
    DRAINING = "DRAINING"
    OVERLOADED = "OVERLOADED"
    DEEP_HEALTH_FAILED = "DEEP_HEALTH_FAILED"
    PROVIDER_TIMEOUT = "PROVIDER_TIMEOUT"
    STORAGE_FULL = "STORAGE_FULL"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code stands for.

    Attributes:
        status: HTTP status.
        text: One or two sentences for a person, without facts that change.
        retryable: Whether the same request may succeed later.
    """

    status: int
    text: str
    retryable: bool = False


MEANINGS: Final[Mapping[Code, Meaning]] = {
    Code.BAD_REQUEST: Meaning(400, "The request could not be read."),
    Code.INVALID_INVITE: Meaning(400, "This invite is not valid. It may be used up, expired or revoked."),
    Code.INVALID_RESET: Meaning(400, "This link is not valid. It may be used up or too old."),
    Code.NO_USER_MESSAGE: Meaning(400, "There is no question to answer again."),
    Code.AUTH_MODE_INVALID: Meaning(400, "This server does not accept that way of signing in."),
    Code.AUTH_REQUIRED: Meaning(401, "Sign in to go on."),
    Code.SESSION_EXPIRED: Meaning(401, "Your session has ended. Sign in again."),
    Code.INVALID_CREDENTIALS: Meaning(401, "The name or the password is not right."),
    Code.REFRESH_REUSED: Meaning(401, "This sign-in was used twice and has been ended. Sign in again."),
    Code.CSRF_INVALID: Meaning(403, "The page's security token is missing or old. Reload the page."),
    Code.USER_INACTIVE: Meaning(403, "This account is switched off."),
    Code.ADMIN_REQUIRED: Meaning(403, "Only an admin may do this."),
    Code.ORIGIN_LOCKED: Meaning(403, "This server is reached through its own address only."),
    Code.ORIGIN_NOT_ALLOWED: Meaning(403, "Requests from this page's address are not allowed."),
    Code.REAUTH_REQUIRED: Meaning(403, "Enter your password once more to do this."),
    Code.BOOTSTRAP_CLOSED: Meaning(403, "The owner's account exists already."),
    Code.NOT_FOUND: Meaning(404, "There is nothing at this address."),
    Code.CONVERSATION_NOT_FOUND: Meaning(404, "This conversation does not exist."),
    Code.MESSAGE_NOT_FOUND: Meaning(404, "This message does not exist."),
    Code.GENERATION_NOT_FOUND: Meaning(404, "This answer does not exist."),
    Code.MEMORY_NOT_FOUND: Meaning(404, "This memory does not exist."),
    Code.USER_NOT_FOUND: Meaning(404, "This person does not exist."),
    Code.INVITE_NOT_FOUND: Meaning(404, "This invite does not exist."),
    Code.PROVIDER_NOT_FOUND: Meaning(404, "This model server is not configured."),
    Code.MODEL_NOT_FOUND: Meaning(404, "This model is not there. Choose another one."),
    Code.METHOD_NOT_ALLOWED: Meaning(405, "This address does not take that method."),
    Code.REQUEST_TIMEOUT: Meaning(408, "The request did not arrive in time.", retryable=True),
    Code.STREAM_GONE: Meaning(410, "This stream is over. The stored message has the text."),
    Code.PAYLOAD_TOO_LARGE: Meaning(413, "The request is too large."),
    Code.CONTEXT_TOO_LONG: Meaning(413, "The question does not fit the model's context."),
    Code.UNSUPPORTED_MEDIA_TYPE: Meaning(
        415, "Send the body as this address takes it: as application/json, or a file as multipart/form-data."
    ),
    Code.MISDIRECTED: Meaning(421, "This server does not answer for that host name."),
    Code.USERNAME_EXISTS: Meaning(409, "This name is taken. Choose another one."),
    Code.LAST_ADMIN: Meaning(409, "There must be an active admin left."),
    Code.GENERATION_IN_PROGRESS: Meaning(409, "An answer is still being written in this conversation.", retryable=True),
    Code.IDEMPOTENCY_CONFLICT: Meaning(409, "This was sent before, and its answer is being written.", retryable=True),
    Code.CONFLICT: Meaning(409, "This does not go with the present state."),
    Code.VALIDATION_ERROR: Meaning(422, "Some fields are not as expected."),
    Code.IDEMPOTENCY_MISMATCH: Meaning(422, "This key was used before for another request."),
    Code.URL_NOT_ALLOWED: Meaning(422, "That address may not be called."),
    Code.RATE_LIMITED: Meaning(429, "That was too many requests. Wait a moment.", retryable=True),
    Code.QUOTA_EXCEEDED: Meaning(429, "The allowance of the day is used up.", retryable=True),
    Code.TOO_MANY_STREAMS: Meaning(429, "Too many answers are being written for you at once.", retryable=True),
    Code.ACCOUNT_LOCKED: Meaning(429, "Too many wrong passwords. Signing in is closed for a while.", retryable=True),
    Code.INTERNAL_ERROR: Meaning(500, "Something failed here. Nothing you sent was shown to others.", retryable=True),
    Code.PROVIDER_ERROR: Meaning(502, "The model server answered with an error.", retryable=True),
    Code.PROVIDER_INTERRUPTED: Meaning(502, "The model server broke off in the middle of the answer.", retryable=True),
    Code.PROVIDER_UNREACHABLE: Meaning(503, "The model server at home cannot be reached.", retryable=True),
    Code.PROVIDER_BUSY: Meaning(503, "The model server is busy.", retryable=True),
    Code.NO_MODELS_AVAILABLE: Meaning(503, "No model is available at the moment.", retryable=True),
    Code.DRAINING: Meaning(503, "The server is shutting down.", retryable=True),
    Code.OVERLOADED: Meaning(503, "The server is overloaded at the moment.", retryable=True),
    Code.DEEP_HEALTH_FAILED: Meaning(503, "Something that the server stands on does not work.", retryable=True),
    Code.PROVIDER_TIMEOUT: Meaning(504, "The model server did not answer in time.", retryable=True),
    Code.STORAGE_FULL: Meaning(507, "The server's disk is full."),
}

RETRY_AFTER_SECONDS: Final = 2
"""Default `Retry-After` of every 503, in seconds."""


class OmniError(Exception):
    """An expected failure with a stable code.

    Subclasses set `code`; facts travel in `detail`, never in a sentence built at the raise.

    Args:
        detail: Extra facts for the client, JSON-ready. Never holds what the client sent.
        text: Replaces the registry's text where the noun can say it better.
        retry_after: Seconds after which a retry makes sense.
    """

    code: Code = Code.INTERNAL_ERROR

    def __init__(
        self, detail: Mapping[str, object] | None = None, *, text: str | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(self.code.value)
        self.detail = detail
        self.text = text or MEANINGS[self.code].text
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """The HTTP status that belongs to the code."""
        return MEANINGS[self.code].status

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later."""
        return MEANINGS[self.code].retryable


class NotFound(OmniError):
    code = Code.NOT_FOUND


class BadRequest(OmniError):
    code = Code.BAD_REQUEST


class PayloadTooLarge(OmniError):
    code = Code.PAYLOAD_TOO_LARGE


class UnsupportedMediaType(OmniError):
    code = Code.UNSUPPORTED_MEDIA_TYPE


class InvalidFields(OmniError):
    """A request that parses and does not fit.

    Args:
        problems: Dotted field path → what is wrong with it.
    """

    code = Code.VALIDATION_ERROR

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__({"fields": [{"field": field, "problem": text} for field, text in problems.items()]})


class Overtaken(OmniError):
    """What a request relied on was taken away while it was being served."""

    code = Code.CONFLICT


class Overloaded(OmniError):
    code = Code.OVERLOADED


class StorageFull(OmniError):
    code = Code.STORAGE_FULL
