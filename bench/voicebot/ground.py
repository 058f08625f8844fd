"""An installation whose second number is the voicebot's, and telephones around it; nobody sits at the console."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.a_call import found
from bench.installation import Installation, installed
from bench.sip.agent import Agent
from bench.sip.dialog import Dialog
from bench.sip.message import Message
from bench.transfer.ground import PORT, unasked
from kernel.centre import Centre
from kernel.directory import Entry, Reach
from kernel.routing import Lead

NUMBER = "0466250021"
BOT = "main"


@dataclass(frozen=True, slots=True)
class Ground:
    """``entries`` are the directory's by id."""

    at: Installation
    carrier: Agent
    entries: Mapping[str, Entry]

    def leads_there(self, departments: frozenset[str]) -> bool:
        """Whether a caller who wants one of ``departments`` can be served by the voicebot at this hour."""
        found = [self.entries[id] for id in departments if id in self.entries]
        return bool(found) and all(one.hours is None and one.reach is not Reach.NONE for one in found)


@asynccontextmanager
async def ground_in(folder: Path) -> AsyncGenerator[Ground]:
    """Callers are understood; each phone of the city rings and is not answered."""
    async with installed(folder, 1, arrange=_straight, configure=unasked) as at:
        with ExitStack() as stack:
            sip, server = at.settings.sip, (str(at.settings.sip.bind), at.settings.sip.port)
            carrier = Agent(str(sip.carrier.host), PORT, server)
            stack.callback(carrier.close)
            departments = Agent(str(sip.city_pbx.host), sip.city_pbx.port, server, _ringing)
            stack.callback(departments.close)

            async def understood() -> bool:
                return "callers are understood" in at.log.read_text(encoding="utf-8")

            await found(understood, "callers are understood")
            entries = {kept.entry.id: kept.entry for kept in await at.store.directory.all()}
            yield Ground(at, carrier, entries)


def _straight(centre: Centre) -> Centre:
    """A number that leads straight to the voicebot."""
    document = centre.model_dump(mode="json") | {
        "numbers": [*centre.numbers, NUMBER],
        "number_leads": {NUMBER: Lead(voicebot=BOT).model_dump()},
    }
    return Centre.model_validate(document)


def _ringing(dialog: Dialog, _: Message) -> None:
    dialog.answer("180 Ringing")
