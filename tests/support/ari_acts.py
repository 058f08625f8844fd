"""Small acts over ARI that several tests need."""

from __future__ import annotations

from collections.abc import Awaitable
from pathlib import Path

from dialplan.ari.client import Ari
from dialplan.ari.errors import NotFound
from dialplan.ari.events import ChannelStateChange, Event
from dialplan.ari.inbox import Inbox
from tests.support.sound import tone, write

ECHO = "Local/*43@from-phones"
"""An endpoint that hears what it says."""


async def quietly(act: Awaitable[object]) -> None:
    """Do it; that it is over already is fine."""
    try:
        await act
    except NotFound:
        return


async def until(inbox: Inbox[Event], kind: type[Event], state: str | None = None) -> Event:
    while True:
        event = await inbox.get()
        if isinstance(event, kind) and (state is None or event.state == state):
            return event


async def echo(ari: Ari, id: str) -> str:
    """A channel of ours that is up, and hears what it says."""
    with ari.listen(id) as inbox:
        await ari.channels.create(ECHO, id)
        await ari.channels.dial(id, timeout=5)
        await until(inbox, ChannelStateChange, "Up")
    return id


def beep(folder: Path, name: str, seconds: float = 0.2) -> str:
    """A tone of 700 Hz; its path without ending, as Asterisk takes it."""
    write(folder / f"{name}.wav", tone(700, seconds))
    return str(folder / name)
