"""Structured logs: one line for each thing that happened, with the call's id, without personal data."""

from __future__ import annotations

import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from denwa.redaction import redacted

LEVEL = logging.INFO
QUIET = {"alembic": logging.WARNING, "asyncio": logging.WARNING, "aiosqlite": logging.WARNING}


def configure_logging(format: Literal["json", "text"], file: Path | None = None) -> None:
    """Send structlog and the standard library's logging, the one through the other, to standard error or to ``file``.

    The file is begun anew, and is its owner's alone. Safe to call again. Times are UTC, ISO 8601.
    """
    handler = logging.StreamHandler(sys.stderr) if file is None else _to_file(file)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *_shared()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_last(format, file)],
        )
    )
    root = logging.getLogger()
    for old in list(root.handlers):
        if isinstance(old.formatter, structlog.stdlib.ProcessorFormatter):
            root.removeHandler(old)
            old.close()
    root.addHandler(handler)
    root.setLevel(LEVEL)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(LEVEL),
    )


@contextmanager
def bind_call(call: str) -> Generator[None]:
    """Put the id of ``call`` on every line that this task, and those it starts, write meanwhile."""
    with structlog.contextvars.bound_contextvars(call=call):
        yield


def hide_personal_data(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Redact every value of a line; the last step before the time is set and the line is written."""
    record = {key: event.pop(key) for key in ("_record", "_from_structlog") if key in event}
    return {**{key: redacted(value) for key, value in event.items()}, **record}


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        hide_personal_data,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _to_file(file: Path) -> logging.Handler:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    return logging.FileHandler(file, mode="w", encoding="utf-8")


def _last(format: Literal["json", "text"], file: Path | None) -> list[Processor]:
    if format == "json":
        return [structlog.processors.JSONRenderer(ensure_ascii=False)]
    colours = file is None and sys.stderr.isatty()
    return [structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)]
