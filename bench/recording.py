"""``python -m bench.recording``: what it costs Asterisk to record a talk, way by way, in one run.

So many talks stand on an Asterisk started for the run, with the platform's own configuration; both ends are SIP
telephones. Each way of recording is measured while nothing is sent, while both ends send silence and while both send a
tone. The last line is one JSON object: ``cpu`` is Asterisk's processor time as a share of one processor, ``ms`` what
beginning and ending the recording of one talk took of it, ``bytes`` how long the file of one talk became.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

from asterisk_conf.install import find_asterisk
from asterisk_conf.process import running
from asterisk_conf.rendered import Rendered
from bench import usage
from bench.ari import render
from bench.choir import Choir
from bench.sip import mulaw
from bench.talks import Talk, talks
from dialplan.ari.client import Ari, connect
from dialplan.ari.events import RecordingFinished

PLAIN, MONITORED = "0466250001", "0466250002"
HERTZ = 400
SOUNDS = {"nothing": None, "silence": mulaw.SILENCE, "tone": mulaw.tone(HERTZ)}
SETTLE_SECONDS = 2.0
DIALPLAN = """
[from-carrier](+)
exten = {plain},1,Stasis({app})
exten = {monitored},1,MixMonitor({folder}/${{UNIQUEID}}.wav)
 same = n,Stasis({app})
"""

Do = Callable[[Ari, Talk, str], Awaitable[None]]
"""With the name of a take: Asterisk loses events of a channel whose id it has seen before."""
Spy = Literal["both", "in", "out"]


class Way:
    """How a talk is recorded: ``begin`` it, and ``end`` it."""

    def __init__(self, begin: Do, end: Do, number: str = PLAIN) -> None:
        self.begin = begin
        self.end = end
        self.number = number


async def nothing(ari: Ari, talk: Talk, take: str) -> None:
    """Not recorded, or by the dialplan, which has begun before."""


async def by_bridge(ari: Ari, talk: Talk, take: str) -> None:
    await ari.bridges.record(talk.bridge, name=f"{talk.caller}~{take}", format="wav")


def by_snoop(kind: str, *spies: Spy) -> Do:
    async def begin(ari: Ari, talk: Talk, take: str) -> None:
        for spy in spies:
            id = f"{talk.caller}~{take}~{spy}"
            await ari.channels.snoop(talk.caller, snoop_id=id, spy=spy)
            await ari.channels.record(id, name=id, format=kind)

    return begin


async def bridge_over(ari: Ari, talk: Talk, take: str) -> None:
    with ari.listen(name := f"{talk.caller}~{take}") as inbox:
        await ari.recordings.stop(name)
        while not isinstance(await inbox.get(), RecordingFinished):
            continue


def snoop_over(*spies: Spy) -> Do:
    async def end(ari: Ari, talk: Talk, take: str) -> None:
        for spy in spies:
            with ari.listen(id := f"{talk.caller}~{take}~{spy}") as inbox:
                await ari.channels.hangup(id)
                while not isinstance(await inbox.get(), RecordingFinished):
                    continue

    return end


WAYS = {
    "unrecorded": Way(nothing, nothing),
    "bridge": Way(by_bridge, bridge_over),
    "snoop": Way(by_snoop("wav", "both"), snoop_over("both")),
    "snoop, ulaw": Way(by_snoop("ulaw", "both"), snoop_over("both")),
    "snoop of each side": Way(by_snoop("wav", "in", "out"), snoop_over("in", "out")),
    "MixMonitor": Way(nothing, nothing, MONITORED),
}


class Bench:
    def __init__(self, ari: Ari, pid: int, choir: Choir, folder: Path, seconds: float) -> None:
        self._ari = ari
        self._pid = pid
        self._choir = choir
        self._folder = folder
        self._seconds = seconds

    async def measure(self, name: str, standing: list[Talk]) -> dict[str, Any]:
        """One way, with each kind of sound."""
        way, found, spent = WAYS[name], dict[str, float](), list[float]()
        for sound, packet in SOUNDS.items():
            self._choir.saying = packet
            begun = await self._all(way.begin, standing, sound)
            await asyncio.sleep(SETTLE_SECONDS)
            before = usage.cpu_ms(self._pid)
            await asyncio.sleep(self._seconds)
            found[sound] = round((usage.cpu_ms(self._pid) - before) / self._seconds / 1000, 3)
            self._choir.saying = None
            await asyncio.sleep(SETTLE_SECONDS)
            spent.append(begun + await self._all(way.end, standing, sound))
            size = self._swept(way)
            print(f"{name}, {sound}: {found[sound]}, {size} bytes", file=sys.stderr, flush=True)
        return {"cpu": found, "ms": round(spent[0] / len(standing), 2)}

    async def _all(self, do: Do, standing: list[Talk], take: str) -> float:
        before = usage.cpu_ms(self._pid)
        for talk in standing:
            await do(self._ari, talk, take)
        return usage.cpu_ms(self._pid) - before

    def _swept(self, way: Way) -> int:
        files = [file for file in self._folder.iterdir() if not file.name.startswith(".")]
        size = max((file.stat().st_size for file in files), default=0)
        if way.number == PLAIN:
            for file in files:
                file.unlink()
        return size


async def run(count: int, seconds: float, names: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="denwa-recording-") as temporary:
        folder = Path(temporary)
        rendered, settings = render(folder)
        configure(rendered, settings.ari.app, settings.recordings_dir)
        async with running(rendered, find_asterisk(settings.cache_dir)) as asterisk:
            for name in names:
                choir = Choir()
                async with connect(settings.ari, rendered.ari_password) as ari:
                    bench = Bench(ari, asterisk.pid, choir, settings.recordings_dir, seconds)
                    async with talks(ari, settings, choir, WAYS[name].number, count) as standing:
                        found[name] = await bench.measure(name, standing)
                choir.close()
    return {"talks": count, **found}


def configure(rendered: Rendered, app: str, folder: Path) -> None:
    """Numbers that lead to us, one of them by way of MixMonitor."""
    text = DIALPLAN.format(plain=PLAIN, monitored=MONITORED, app=app, folder=folder)
    for name, more in (("extensions.conf", text), ("modules.conf", "require = app_mixmonitor.so\n")):
        with (rendered.folders.etc / name).open("a", encoding="utf-8") as out:
            out.write(more)


def main() -> None:
    arguments = argparse.ArgumentParser(
        prog="python -m bench.recording", description=(__doc__ or "").partition("\n")[0]
    )
    arguments.add_argument("--talks", type=int, default=50)
    arguments.add_argument("--seconds", type=float, default=6.0, help="of measuring each way with each sound")
    arguments.add_argument("--ways", nargs="*", default=list(WAYS), choices=list(WAYS))
    given = arguments.parse_args()
    print(json.dumps(asyncio.run(run(given.talks, given.seconds, given.ways)), ensure_ascii=False))


if __name__ == "__main__":
    main()
