"""``make demo``: both Asterisks, the platform and a citizen's call, with a timeline that a newcomer understands."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from asterisk_conf.process import running
from asterisk_conf.secrets import OUTSIDE_ARI_PASSWORD, read_secret
from denwa.demo.install import USERS, DemoInstallation, install
from denwa.demo.readiness import operator_away, phone_registered, platform_ready
from denwa.demo.scenario import OPERATOR, Stagehands, play
from denwa.demo.timeline import Timeline
from denwa.parts import Parts, open_parts
from denwa.prepare import Progress, prompts_folder
from denwa.serve import run_parts
from denwa.tls import console_files
from denwa.world.operator import at_console
from denwa.world.world import open_world
from ivr.prompts import SpokenPrompts
from kernel.phone_number import BadNumber, PhoneNumber, normalise
from kernel.settings import Settings

CALLER = "090-1234-5678"
REPORT = "demo-report.json"
STOPPED = 128 + signal.SIGINT


class BadCaller(Exception):
    """DEMO_CALLER is no telephone number."""


async def demo(settings: Settings, say: Progress) -> int:
    """Play the call; 0 when every step was seen. Without ONCE=1 it stays up and offers another call.

    SIGINT and SIGTERM stop all that was started; the exit status is then that of the last call, and 130 where it was
    not through yet.
    """
    show = asyncio.create_task(_show(settings, say), name="demo")
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, show.cancel)
    await asyncio.wait({show})
    if show.cancelled():
        say("stopped")
        return STOPPED
    return show.result()


def demo_log(settings: Settings) -> Path:
    """Where the demonstration logs, so that the terminal shows the call alone."""
    return settings.var_dir / "demo.log"


async def _show(settings: Settings, say: Progress) -> int:
    caller = _caller(os.environ.get("DEMO_CALLER", CALLER))
    (settings.var_dir / REPORT).unlink(missing_ok=True)
    say(f"setting up what is missing … (the log is in {demo_log(settings)})")
    installed = await install(settings, say)
    async with _everything(settings, installed, say) as hands:
        timeline = await _one_call(hands, caller, settings, say)
        if os.environ.get("ONCE") != "1":
            _tell_login(settings, installed, say)
            try:
                while await _another(say):
                    timeline = await _one_call(hands, caller, settings, say)
            except asyncio.CancelledError:
                say("stopping")
    return 0 if timeline.ok else 1


def _caller(text: str) -> PhoneNumber | None:
    """The number that the citizen rings from; an empty one is withheld."""
    if not text.strip():
        return None
    try:
        return normalise(text)
    except BadNumber as bad:
        raise BadCaller(f"DEMO_CALLER is no number to ring from: {bad}; leave it empty to withhold it") from None


@asynccontextmanager
async def _everything(settings: Settings, installed: DemoInstallation, say: Progress) -> AsyncGenerator[Stagehands]:
    async with AsyncExitStack() as stack:
        say("starting the centre's Asterisk and the one that stands for carrier, city PBX and desk phones …")
        await stack.enter_async_context(running(installed.centre, installed.asterisk))
        await stack.enter_async_context(running(installed.outside, installed.asterisk))
        parts = await stack.enter_async_context(open_parts(settings))
        platform = asyncio.create_task(run_parts(parts, controller=True, console=True), name="platform")
        stack.push_async_callback(_stop, platform)
        hands = await _hands(settings, installed, parts, platform, stack)
        say("everything is up: the platform drives Asterisk, the operator's phone is registered over TLS\n")
        yield hands


async def _hands(
    settings: Settings,
    installed: DemoInstallation,
    parts: Parts,
    platform: asyncio.Task[None],
    stack: AsyncExitStack,
) -> Stagehands:
    password = read_secret(settings.secrets / OUTSIDE_ARI_PASSWORD)
    recordings = settings.var_dir.resolve() / "outside-recordings"
    world = await stack.enter_async_context(open_world(installed.around.ari, password, recordings))
    prompts = await stack.enter_async_context(SpokenPrompts(prompts_folder(settings)))
    desk = await stack.enter_async_context(at_console(console_url(settings), console_files(settings)[0]))
    centre = await parts.store.centres.current()
    await platform_ready(settings, platform)
    await phone_registered(settings, installed.centre, centre.operators[0].extension)
    await desk.log_in(OPERATOR, installed.passwords[OPERATOR])
    folder = settings.var_dir.resolve()
    return Stagehands(world, desk, parts.store, prompts, centre, settings.recordings_dir, folder)


async def _one_call(hands: Stagehands, caller: PhoneNumber | None, settings: Settings, say: Progress) -> Timeline:
    say("a citizen's call: when it was seen, how long after the step before, what happened")
    await operator_away(hands.store, hands.desk, OPERATOR, hands.centre.pause_reasons[0])
    timeline = Timeline(say)
    await play(hands, caller, timeline)
    report = settings.var_dir / REPORT
    timeline.report(report)
    say(f"\n{'every step was seen' if timeline.ok else 'NOT every step was seen'}; the report is in {report}\n")
    return timeline


def _tell_login(settings: Settings, installed: DemoInstallation, say: Progress) -> None:
    say(f"console:   {console_url(settings)}  (the certificate was made for this demonstration)")
    for id, name, role in USERS:
        say(f"  log in as {id:<8} {installed.passwords[id]}   {name}, {role.value}")
    say("press Enter to place another call, Ctrl-C to stop")


async def _another(say: Progress) -> bool:
    """Whether the person at the terminal wants another call; where there is no terminal, stay up until stopped."""
    if not sys.stdin.isatty():
        say("no terminal to ask at: staying up until stopped")
        await asyncio.Event().wait()
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin, typed.set)  # a thread that reads would outlive Ctrl-C
    try:
        await typed.wait()
    finally:
        loop.remove_reader(sys.stdin)
    return bool(sys.stdin.readline())


def console_url(settings: Settings) -> str:
    """Where a browser finds the console."""
    return f"https://{settings.web.host}:{settings.web.port}"


async def _stop(platform: asyncio.Task[None]) -> None:
    """Raises what the platform itself failed with."""
    platform.cancel()
    await asyncio.wait({platform})
    if not platform.cancelled():
        platform.result()
