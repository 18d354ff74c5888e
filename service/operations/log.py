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

_SERVER: Final = "uvicorn"


class _Lines(logging.Handler):
    """What the server and libraries say, as lines of the same kind.

    Of the server its fixed sentences, of libraries only where they stand in the code: what they
    say may hold anything.
    """

    def emit(self, record: logging.LogRecord) -> None:
        of_server = record.name.partition(".")[0] == _SERVER
        said = str(record.msg).strip() if of_server else f"{record.name}:{record.lineno}"
        error = record.exc_info[1] if record.exc_info else None
        more = {} if error is None else {"error": type(error).__name__, "trace": trace_of(error)}
        log().log(record.levelno, said, **more)


def configure(level: str) -> None:
    """Write logs of the service and of the server to standard error as JSON."""
    least = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    root = logging.getLogger()
    if not any(isinstance(each, _Lines) for each in root.handlers):
        root.addHandler(_Lines())
    # What it says below that are patterns without their values.
    logging.getLogger(_SERVER).setLevel(max(least, logging.WARNING))
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
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
