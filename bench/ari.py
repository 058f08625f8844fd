"""``python -m bench.ari``: our client of Asterisk's REST interface, over the WebSocket and over HTTP, side by side.

Both ask the same question of the same Asterisk, started for the run, in turns. The last line is one JSON object:
``*_p50_ms`` and ``*_p99_ms`` are of single requests one after the other, ``*_rps`` requests a second with many under
way. Ratios are HTTP's time over the WebSocket's: above 1, the WebSocket is the faster.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import wave
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from ipaddress import IPv4Address
from pathlib import Path
from time import perf_counter

import aiohttp

from asterisk_conf.centre import PROMPTS, render_centre
from asterisk_conf.install import find_asterisk
from asterisk_conf.process import running
from asterisk_conf.rendered import Rendered
from bench.environment import own_network
from dialplan.ari.client import Ari, connect
from dialplan.ari.reconnect import connections
from kernel.centre import Hours
from kernel.settings import Ari as AriSettings
from kernel.settings import Settings, Sip, Trunk

ROUNDS = 10
SINGLE = 300
PIPELINED = 2000
HTTP_CONNECTIONS = 50
"""Asterisk serves 100 HTTP sessions at once by default; more connections would measure refusals."""
BRIDGE = "bench"

Ask = Callable[[], Awaitable[None]]


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rendered, settings = render(Path(folder))
        async with running(rendered, find_asterisk(settings.cache_dir)):
            result = await measure(rendered, settings.ari)
    print(json.dumps(result))


async def measure(rendered: Rendered, settings: AriSettings) -> dict[str, float]:
    secret = {"Authorization": aiohttp.encode_basic_auth(rendered.ari_user, rendered.ari_password)}
    connector = aiohttp.TCPConnector(limit=HTTP_CONNECTIONS)
    async with (
        connect(settings, rendered.ari_password) as ari,
        aiohttp.ClientSession(rendered.ari_url, headers=secret, connector=connector) as http,
    ):
        await ari.bridges.create_with_id(BRIDGE)
        asks = {"ws": over_websocket(ari), "http": over_http(http)}
        singles: dict[str, list[float]] = {name: [] for name in asks}
        rates: dict[str, list[float]] = {name: [] for name in asks}
        for number in range(ROUNDS):
            for name, ask in asks.items():
                singles[name] += await one_by_one(ask)
                rates[name].append(await many_at_once(ask))
            print(f"round {number + 1} of {ROUNDS}", flush=True)
        await ari.bridges.destroy(BRIDGE)
    reconnect_ms = await reconnect(settings, rendered.ari_password)
    return figures(singles, rates) | {"connect_p50_ms": reconnect_ms}


def over_websocket(ari: Ari) -> Ask:
    async def ask() -> None:
        await ari.bridges.get(BRIDGE)

    return ask


def over_http(http: aiohttp.ClientSession) -> Ask:
    async def ask() -> None:
        async with http.get(f"/ari/bridges/{BRIDGE}") as answer:
            await answer.json()

    return ask


async def one_by_one(ask: Ask) -> list[float]:
    """The time of each request, in milliseconds."""
    times: list[float] = []
    for _ in range(SINGLE):
        began = perf_counter()
        await ask()
        times.append((perf_counter() - began) * 1000)
    return times


async def many_at_once(ask: Ask) -> float:
    """Requests a second."""
    began = perf_counter()
    await asyncio.gather(*(ask() for _ in range(PIPELINED)))
    return PIPELINED / (perf_counter() - began)


async def reconnect(settings: AriSettings, password: str) -> float:
    """From nothing to a connection on which events are heard, in milliseconds: the median of a few."""
    times: list[float] = []
    for _ in range(ROUNDS):
        began = perf_counter()
        async with aclosing(connections(settings, password)) as tries:
            await anext(tries)
            times.append((perf_counter() - began) * 1000)
    return round(statistics.median(times), 2)


def figures(singles: dict[str, list[float]], rates: dict[str, list[float]]) -> dict[str, float]:
    found: dict[str, float] = {"requests": ROUNDS * (SINGLE + PIPELINED) * len(singles)}
    for name, times in singles.items():
        found[f"{name}_rps"] = round(statistics.median(rates[name]))
        found[f"{name}_p50_ms"] = round(statistics.median(times), 3)
        found[f"{name}_p99_ms"] = round(statistics.quantiles(times, n=100)[98], 3)
    return found | {
        "rps_ratio": round(found["ws_rps"] / found["http_rps"], 2),
        "p50_ratio": round(found["http_p50_ms"] / found["ws_p50_ms"], 2),
        "p99_ratio": round(found["http_p99_ms"] / found["ws_p99_ms"], 2),
    }


def render(folder: Path) -> tuple[Rendered, Settings]:
    """A centre's Asterisk with no phones, in a loopback network of its own."""
    net = own_network()
    settings = Settings(
        _env_file=None,  # pyright: ignore[reportCallIssue]
        var_dir=folder / "var",
        recordings_dir=folder / "recordings_tmp",
        sip=Sip(
            bind=IPv4Address(f"{net}.1"),
            carrier=Trunk(host=IPv4Address(f"{net}.2")),
            city_pbx=Trunk(host=IPv4Address(f"{net}.3")),
        ),
        ari=AriSettings(host=f"{net}.1"),
    )
    prompts = {name: silence(folder / name) for name in PROMPTS}
    return render_centre(settings, (), Hours(week={}), prompts, folder / "centre"), settings


def silence(path: Path) -> Path:
    """A tenth of a second, which nobody hears here; the path without its ending."""
    with wave.open(f"{path}.wav", "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))
    return path


if __name__ == "__main__":
    asyncio.run(main())
