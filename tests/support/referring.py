"""A desk phone with a transfer key: it sends REFER (RFC 3515) and reads what NOTIFY says of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asterisk_conf.secrets import phone_file, read_secret
from bench.sip.message import sdp
from bench.sip.telephones import Phones, Rung
from tests.support.asterisk import World

PORT = 5060
PATIENCE_SECONDS = 30.0
HOLDS = "sendonly"


class TransferKey:
    """That of the phone that talks in ``rung``."""

    def __init__(self, rung: Rung, centre: str) -> None:
        self._rung = rung
        self._centre = centre

    async def holds(self) -> None:
        """As most phones do before they transfer."""
        dialog = self._rung.dialog
        dialog.ask("INVITE", sdp(*self._rung.audio.address).replace("sendrecv", HOLDS))
        await dialog.answered("INVITE")

    async def transfers(self, extension: str, parameters: str = "") -> str:
        """How it ended, by the last NOTIFY: the first line of the message that it holds."""
        dialog = self._rung.dialog
        dialog.ask("REFER", **{"Refer-To": f"<sip:{extension}@{self._centre}{parameters}>"})
        answer = await dialog.answered("REFER")
        assert answer.status == 202, answer.first
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                told = await dialog.requests.get()
                if told.method == "NOTIFY" and told["subscription-state"].startswith("terminated"):
                    return told.body.strip()


@asynccontextmanager
async def desk_phone(world: World, extension: str) -> AsyncIterator[Phones]:
    """The phone of ``extension``, in place of the one of the world outside."""
    settings = world.centre.settings
    await world.outside.cli(f"pjsip send unregister phone-{extension}")
    server = (str(settings.sip.bind), settings.sip.port)
    phones = Phones(f"{server[0].rpartition('.')[0]}.9", PORT, server)
    try:
        await phones.register({extension: read_secret(settings.secrets / phone_file(extension))})
        yield phones
    finally:
        phones.close()
