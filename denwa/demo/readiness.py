"""Waiting until the demonstration's parts are ready, each by what it really says of itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp

from asterisk_conf.rendered import Rendered
from crm.store import Store
from denwa.world.operator import ConsoleOperator
from dialplan.ari.client import connect
from kernel.operator import OperatorState
from kernel.settings import Settings

START_SECONDS = 30.0
LOOK_SECONDS = 0.05
WATCHER = "demo"
"""The application under which the demonstration looks into the centre's Asterisk; it drives nothing there."""


class NotReady(Exception):
    """A part did not become ready; the message says which."""


async def platform_ready(settings: Settings, platform: asyncio.Task[None]) -> None:
    """Return when /readyz says so; raises what ``platform`` failed with."""
    address = f"http://127.0.0.1:{settings.metrics_port}/readyz"
    async with aiohttp.ClientSession() as http:

        async def look() -> bool:
            if platform.done():
                platform.result()
            try:
                async with http.get(address) as answer:
                    return answer.status == 200
            except aiohttp.ClientConnectionError:
                return False

        await until(look, f"the platform is ready ({address})")


async def phone_registered(settings: Settings, centre: Rendered, extension: str) -> None:
    """Return when the phone ``extension`` can be rung."""
    async with connect(settings.ari.model_copy(update={"app": WATCHER}), centre.ari_password) as ari:

        async def look() -> bool:
            return (await ari.endpoints.get("PJSIP", extension)).state == "online"

        await until(look, f"phone {extension} registers")


async def operator_away(store: Store, desk: ConsoleOperator, operator: str, reason: str) -> None:
    """Click until the operator is paused, whatever an earlier demonstration has left."""
    status = await store.operators.find(operator)
    if status and status.state is OperatorState.WRAP_UP and status.call:
        await desk.finish_wrap_up(status.call)
        await until(lambda: _is_not(store, operator, OperatorState.WRAP_UP), "the old wrap-up ends")
    await until(lambda: _is_not(store, operator, OperatorState.LOGGED_OUT), "the operator is logged in")
    status = await store.operators.find(operator)
    if status is None or status.state is not OperatorState.PAUSED:
        await desk.pause(reason)
    await until(lambda: _is(store, operator, OperatorState.PAUSED), "the operator is paused")


async def until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    """Return when ``holds``; raises NotReady after START_SECONDS."""
    try:
        async with asyncio.timeout(START_SECONDS):
            while not await holds():
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        raise NotReady(f"waited {START_SECONDS:.0f} s in vain until {what}") from None


async def _is(store: Store, operator: str, state: OperatorState) -> bool:
    status = await store.operators.find(operator)
    return status is not None and status.state is state


async def _is_not(store: Store, operator: str, state: OperatorState) -> bool:
    status = await store.operators.find(operator)
    return status is not None and status.state is not state
