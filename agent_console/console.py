"""What the console is given, and where its handlers find it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from agent_console.directory.finder import Finder
from agent_console.live.hub import Hub
from agent_console.live.streams import Streams
from agent_console.pages import Pages
from agent_console.phone.exchange import PhoneExchange
from agent_console.phone.line import PhoneLine
from agent_console.wall.pulse import Pulse
from agent_console.wall.usual import Usual
from crm.sessions import Session
from crm.store import Store
from crm.users import User
from ivr.rehearsal import Rehearsal
from kernel.ports import Bus, Clock
from kernel.settings import SmsSettings


@dataclass(frozen=True, slots=True)
class Console:
    """The parts that the pages stand on. ``node_modules`` is the folder that ``npm ci`` fills; ``recordings`` that in
    which the messages of callers lie. ``phones`` is where browsers' phones are connected to; without it there are none.
    ``sms`` says whether links can be sent, and how many.
    """

    store: Store
    bus: Bus
    clock: Clock
    node_modules: Path
    recordings: Path
    phones: PhoneExchange | None = None
    sms: SmsSettings = field(default_factory=SmsSettings)


CONSOLE = web.AppKey("console", Console)
HUB = web.AppKey("hub", Hub)
STREAMS = web.AppKey("streams", Streams)
PHONES = web.AppKey("phones", dict[str, PhoneLine])
"""The lines that are open, by extension."""
PAGES = web.AppKey("pages", Pages)
FINDER = web.AppKey("finder", Finder)
PULSE = web.AppKey("pulse", Pulse)
USUAL = web.AppKey("usual", Usual)
REHEARSAL = web.AppKey("rehearsal", Rehearsal)
SESSION = web.RequestKey("session", Session)


def user_of(request: web.Request) -> User:
    """Who asks. Only for handlers behind a route that asks for a role."""
    return request[SESSION].user
