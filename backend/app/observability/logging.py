"""Structured logs: one JSON object a line on standard error, with the request's id and without secrets."""

import asyncio
import logging
import logging.config
from typing import Final

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, WrappedLogger

SECRET_KEYS: Final = frozenset(
    {
        "access_token",
        "api_key",
        "authorization",
        "bootstrap_token",
        "code",
        "content",
        "cookie",
        "csrf_secret",
        "csrf_token",
        "current_password",
        "device_token",
        "invite_code",
        "new_password",
        "otp",
        "password",
        "prompt",
        "refresh_token",
        "secret",
        "secret_key",
        "text",
        "token",
    }
)
REDACTED: Final = "[redacted]"


class _Unbroken(logging.Filter):
    """Leaves out requests that ended because the server does: uvicorn calls each of them an exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


def redact(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Blank every value whose key names a secret or a person's words."""
    return {key: REDACTED if key.lower() in SECRET_KEYS else value for key, value in event.items()}


def configure(level: str) -> None:
    """Send the project's own and its libraries' logs through one chain.

    Args:
        level: `debug`, `info`, `warning` or `error`.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            # Local variables hold people's words and keys: they never go into a log.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": formatter},
            "filters": {"unbroken": {"()": _Unbroken}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": level.upper()},
            "loggers": {
                # The access line is ours.
                "uvicorn.access": {"level": "WARNING", "propagate": False},
                "uvicorn.error": {"filters": ["unbroken"]},
                "alembic": {"level": "WARNING"},
            },
        }
    )
