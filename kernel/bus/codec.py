"""Events and commands as JSON. Reading is strict in types; what a later version adds to a message is passed over."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from kernel.commands import Command
from kernel.events import StoredEvent

T = TypeVar("T")

_EVENT = TypeAdapter(StoredEvent)
_COMMAND = TypeAdapter(Command)


class Undecodable(ValueError):
    """The message is none of ours. The text names the fields that are wrong and repeats no value."""


def encode_event(stored: StoredEvent) -> bytes:
    """``stored`` as JSON."""
    return _EVENT.dump_json(stored)


def encode_command(command: Command) -> bytes:
    """``command`` as JSON."""
    return _COMMAND.dump_json(command)


def decode_event(message: bytes) -> StoredEvent:
    """Read what ``encode_event`` wrote. Raises Undecodable."""
    stored = _decode(_EVENT, message)
    _check_aware(stored.event.at, "event.at")
    return stored


def decode_command(message: bytes) -> Command:
    """Read what ``encode_command`` wrote. Raises Undecodable."""
    command = _decode(_COMMAND, message)
    _check_aware(command.expires, "expires")
    return command


def _decode(adapter: TypeAdapter[T], message: bytes) -> T:
    try:
        return adapter.validate_json(message, strict=True)
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, one['loc'])) or 'message'}: {one['type']}" for one in error.errors())
        raise Undecodable(", ".join(wrong)) from None


def _check_aware(moment: datetime, field: str) -> None:
    if moment.tzinfo is None:
        raise Undecodable(f"{field}: timezone_missing")
