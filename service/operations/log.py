"""Logs: a JSON object a line, without names of files, values of keywords or what was asked."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog

_ALLOWED: Final = frozenset(
    {
        "event", "level", "timestamp", "request_id", "method", "route", "status", "seconds",
        "bytes", "code", "error", "host", "port", "workers", "files", "recalculation", "item",
        "revision", "trace",
    }
)  # fmt: skip
"""What may stand in a line; the names are fixed here, so that no caller can add a subject's."""


def configure(level: str) -> None:
    """Write logs of the service and of the server to standard error as JSON."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
        ),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def log() -> Any:  # noqa: ANN401 - structlog's own
    """Return the logger of the service."""
    return structlog.get_logger("hladr")


def trace_of(error: BaseException) -> list[str]:
    """Return where an error came from: files and lines of code, no values."""
    found = []
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        found.append(f"{code.co_filename.rpartition('/')[2]}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return found[-12:]


def _only_allowed(
    _logger: object, _method: str, said: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    return {name: value for name, value in said.items() if name in _ALLOWED}
