"""One round: so many calls to one side's number, the wire read meanwhile, and everything quiet afterwards."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

import aiohttp

from asterisk_conf.secrets import ARI_PASSWORD, read_secret
from bench.acd import contest, sipp
from bench.acd.capture import captured, packets
from bench.acd.contest import Line
from bench.acd.times import Ends, Seen, seen
from bench.installation import Installation, installed

PATIENCE_SECONDS = 30.0
QUIET_SECONDS = 60.0
LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Play:
    """``calls`` to a line, ``rate`` a second; the operator hangs up ``hold_ms`` after the answer."""

    line: Line
    calls: int
    rate: float
    hold_ms: int


@dataclass(frozen=True, slots=True)
class Played:
    """``clean``: every call came to a phone and ended well, and nothing had to be sent twice."""

    seen: Seen
    clean: bool


@dataclass
class Ring:
    """Where the rounds are fought."""

    at: Installation
    folder: Path
    numbers: Iterator[str] = field(default_factory=lambda: (f"0901{place:07}" for place in count()))

    @property
    def peers(self) -> sipp.Peers:
        sip = self.at.settings.sip
        return sipp.Peers(str(sip.bind), sip.port, str(sip.carrier.host), self.at.phones, contest.PHONES_PORT)

    async def play(self, side: str, play: Play) -> Played:
        """Fight one round and read it."""
        peers = self.peers
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            file = Path(folder) / "wire.pcap"
            async with captured(peers.server.rpartition(".")[0], peers.port, file):
                well = await self.unseen(side, play, Path(folder))
            what = seen(packets(file), Ends(peers.callers, peers.phones))
        return Played(what, well and not what.lost and not what.repeated)

    async def unseen(self, side: str, play: Play, folder: Path) -> bool:
        """As ``play``, with nobody who reads the wire; whether all calls ended well."""
        shows = list(islice(self.numbers, play.calls))
        async with sipp.phones(self.peers, folder, play.hold_ms):
            number = play.line.number(side)
            well = await sipp.ring(self.peers, folder, sipp.Calls(number, shows, play.rate), PATIENCE_SECONDS)
            await self._quiet()
        return well

    async def _quiet(self) -> None:
        """Return when no call is left in Asterisk and none is carried by the platform."""
        async with asyncio.timeout(QUIET_SECONDS):
            while await self._channels() or await self.at.store.calls.unfinished():  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)

    async def _channels(self) -> bool:
        ari = self.at.settings.ari
        password = read_secret(self.at.settings.secrets / ARI_PASSWORD)
        headers = {"Authorization": aiohttp.encode_basic_auth(ari.user, password)}
        async with aiohttp.ClientSession(ari.url, headers=headers) as http, http.get("/ari/channels") as answer:
            return bool(await answer.json())


@asynccontextmanager
async def ring_in(folder: Path) -> AsyncGenerator[Ring]:
    """Both sides, ready."""
    async with installed(
        folder,
        contest.WIDE.members,
        arrange=contest.ours,
        configure=contest.theirs,
        admission=contest.NO_LIMITS,
        at_console=False,
    ) as at:
        yield Ring(at, folder)
