"""Both sides of the comparison on one Asterisk: the same telephones, and a number for each side.

Asterisk's own transfer is that of its core: the operator's phone sends REFER (RFC 3515), ``res_pjsip_refer`` moves the
caller into the dialplan, and ``Dial`` rings the extension, with music for the caller as ours hears it. An attended one
is a second call of the phone and a REFER with Replaces (RFC 3891). Nothing is stored, recorded or shown there.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from asterisk_conf.rendered import Rendered
from asterisk_conf.secrets import phone_file, read_secret
from bench.a_call import found
from bench.installation import FIRST_EXTENSION, Installation, installed
from bench.sip.agent import Agent
from bench.sip.audio import Audio
from bench.sip.dialog import Dialog
from bench.sip.message import Message
from bench.sip.telephones import Phones, Rung
from kernel.centre import Centre, Queue
from kernel.operator import OperatorState
from kernel.routing import Lead
from kernel.settings import Settings

PORT = 5060
OURS_NUMBER, THEIRS_NUMBER = "0466250001", "0466250011"
QUEUE = Queue(id="transfers", label="transfers", wrap_up_seconds=0, limit=1000, ring_seconds=60)
RING_SECONDS = 30
DIALPLAN = """
[from-carrier](+)
exten = {number},1,Answer(,i)
 same = n,Dial(PJSIP/$[{first} + ${{CALLERID(num):-3}}])
 same = n,Hangup()

[from-phones](+)
exten = _9XXX,1,Dial(PJSIP/${{EXTEN}}@city-pbx,{seconds},m)
 same = n,Hangup()
"""
"""The caller's number says which phone is rung. Extensions from 9000 on are in no directory, and open at any hour."""

UNASKED = """
[city-pbx](+type=aor)
qualify_frequency = 0
"""
"""The PBX comes after Asterisk here, and would count as unreachable for a minute."""


class Departments:
    """All telephones behind the city's PBX, at one address. A call is waited for by the extension that is rung."""

    def __init__(self, host: str, port: int, server: tuple[str, int]) -> None:
        self._host = host
        self._agent = Agent(host, port, server, self._invited)
        self._awaited: dict[str, asyncio.Future[Rung]] = {}
        self.close = self._agent.close

    def rung_at(self, extension: str) -> asyncio.Future[Rung]:
        """The call that will ring there."""
        rung: asyncio.Future[Rung] = asyncio.get_running_loop().create_future()
        self._awaited[extension] = rung
        return rung

    def _invited(self, dialog: Dialog, invite: Message) -> None:
        rung = Rung(self._agent, dialog, invite, Audio(self._host))
        awaited = self._awaited.pop(rung.extension, None)
        if awaited is None or awaited.done():
            dialog.answer("486 Busy Here")
            return
        dialog.answer("180 Ringing")
        awaited.set_result(rung)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where transfers are made."""

    at: Installation
    carrier: Agent
    phones: Phones
    departments: Departments

    @property
    def server(self) -> tuple[str, int]:
        return str(self.at.settings.sip.bind), self.at.settings.sip.port

    def secret(self, extension: str) -> str:
        """The password of that phone."""
        return read_secret(self.at.settings.secrets / phone_file(extension))


@asynccontextmanager
async def ground_in(folder: Path, operators: int) -> AsyncGenerator[Ground]:
    """Both sides, with all operators ready."""
    async with installed(folder, operators, arrange=_ours, configure=_theirs) as at:
        with ExitStack() as stack:
            sip, server = at.settings.sip, (str(at.settings.sip.bind), at.settings.sip.port)
            carrier = Agent(str(sip.carrier.host), PORT, server)
            stack.callback(carrier.close)
            phones = Phones(at.phones, PORT, server)
            stack.callback(phones.close)
            departments = Departments(str(sip.city_pbx.host), sip.city_pbx.port, server)
            stack.callback(departments.close)
            ground = Ground(at, carrier, phones, departments)
            await _open(ground)
            yield ground


def _ours(centre: Centre) -> Centre:
    """A number that leads straight into a queue without wrap-up, which all operators serve."""
    document = centre.model_dump(mode="json") | {
        "numbers": [*centre.numbers, OURS_NUMBER],
        "number_leads": {OURS_NUMBER: Lead(queue=QUEUE.id).model_dump()},
        "queues": [*(queue.model_dump(mode="json") for queue in centre.queues), QUEUE.model_dump(mode="json")],
        "operators": [
            seat.model_copy(update={"queues": (QUEUE.id,)}).model_dump(mode="json") for seat in centre.operators
        ],
    }
    return Centre.model_validate(document)


def unasked(rendered: Rendered, _: Settings) -> None:
    """The city's PBX, which comes late, is rung without having been asked whether it is there."""
    with (rendered.folders.etc / "pjsip.conf").open("a", encoding="utf-8") as out:
        out.write(UNASKED)


def _theirs(rendered: Rendered, _: Settings) -> None:
    etc = rendered.folders.etc
    text = DIALPLAN.format(number=THEIRS_NUMBER, first=FIRST_EXTENSION, seconds=RING_SECONDS)
    refer = "require = res_pjsip_refer.so\n"
    for file, more in (("extensions.conf", text), ("modules.conf", refer), ("pjsip.conf", UNASKED)):
        with (etc / file).open("a", encoding="utf-8") as out:
            out.write(more)


async def _open(ground: Ground) -> None:
    """All phones registered, all operators ready."""
    at, extensions = ground.at, [seat.extension for seat in ground.at.centre.operators]
    await ground.phones.register({one: ground.secret(one) for one in extensions})
    for desk in at.desks.values():
        await desk.ready()

    async def all_ready() -> bool:
        statuses = await at.store.operators.statuses()
        return sum(one.state is OperatorState.READY for one in statuses) == len(extensions)

    await found(all_ready, "all operators are ready")
