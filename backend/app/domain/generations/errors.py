"""What can go wrong with a run."""

from app.core.errors import Code, OmniError


class GenerationMissing(OmniError):
    code = Code.GENERATION_NOT_FOUND


class StreamGone(OmniError):
    code = Code.STREAM_GONE


class AlreadySubmitted(OmniError):
    code = Code.IDEMPOTENCY_CONFLICT


class OtherSubmission(OmniError):
    code = Code.IDEMPOTENCY_MISMATCH


class TooManyStreams(OmniError):
    code = Code.TOO_MANY_STREAMS
