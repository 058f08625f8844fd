"""The running platform: controller, console, retention and health, together or apart."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web

from agent_console.access_log import AccessLog
from agent_console.app import build_app
from agent_console.console import Console
from agent_console.health import live_hub
from agent_console.phone.exchange import PhoneExchange
from crm.figures.settling import Settling
from crm.retention import Retention
from denwa.control import Control
from denwa.health import Note, build_health_app
from denwa.metrics import watch_calls, watch_journal
from denwa.parts import Parts, open_parts, utc_now
from denwa.prepare import prompts_folder
from denwa.sms import open_courier
from denwa.speech import make_drafter, open_ears
from denwa.spoken import keep_spoken
from denwa.tls import console_tls
from dialplan.ari.stall import watch_for_stalls
from ivr.prompts import SpokenPrompts
from kernel.settings import Settings

log = structlog.get_logger(__name__)

SHUTDOWN_SECONDS = 5.0
Check = Callable[[], Awaitable[str | None]]


async def serve(settings: Settings, *, controller: bool, console: bool) -> None:
    """Run until SIGTERM or SIGINT; a graceful stop leaves every call talking. The first part that fails ends all."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stopped.set)
    async with open_parts(settings) as parts:
        _set_aside_what_stays()
        await run_parts(parts, controller=controller, console=console, stopped=stopped)


def _set_aside_what_stays() -> None:
    """Let the collector look at nothing that was loaded so far: a walk through it all held every call up for 0.1 s.

    docs/decisions/latency-of-a-call.md.
    """
    gc.collect()
    gc.freeze()


class _Stopped(Exception):
    """The process was asked to stop."""


async def run_parts(parts: Parts, *, controller: bool, console: bool, stopped: asyncio.Event | None = None) -> None:
    """Run the named services until cancelled, or until ``stopped``: then a standby controller goes on first."""
    try:
        await _run_parts(parts, controller=controller, console=console, stopped=stopped or asyncio.Event())
    except* _Stopped:
        log.info("stopped; calls go on in Asterisk")


async def _run_parts(parts: Parts, *, controller: bool, console: bool, stopped: asyncio.Event) -> None:
    control: Control | None = None
    checks: dict[str, Check] = {"store": _store_check(parts), "bus": parts.bus.unready}
    notes: dict[str, Note] = {}
    watch_journal(parts.store.journal)
    services: dict[str, Coroutine[Any, Any, None]] = {"stall watch": watch_for_stalls()}
    async with (
        SpokenPrompts(prompts_folder(parts.settings)) as prompts,
        open_ears(parts.settings, parts.store) as ears,
        open_courier(parts) if controller else nullcontext() as courier,
        asyncio.TaskGroup() as tasks,
    ):
        if controller:
            control = Control(parts, prompts, ears)
            if ears:
                services["ears"] = ears.run()
            else:
                services["notice"] = _tell_that_nobody_listens(parts)
            checks["asterisk"] = control.unready
            notes["admission"] = control.congestion
            watch_calls(control.calls)
            services["control"] = control.run()
            services["announcements"] = keep_spoken(parts.store, parts.bus, prompts, names=ears is not None)
            if courier:
                services["sms"] = courier.run()
            services["retention"] = _retention(parts).run()
            if drafter := make_drafter(parts, control.leads):
                services["drafts"] = drafter.run()
        if console:
            settings = parts.settings
            folders = Path("node_modules"), settings.recordings_dir
            app = build_app(Console(parts.store, parts.bus, utc_now, *folders, _phones(settings), settings.sms))
            checks["console"] = _hub_check(app)
            services["console"] = _site(app, parts.settings)
            services["search"] = parts.store.signing.run()
            services["figures of days"] = Settling(parts.store.figures, parts.store.centres, utc_now).run()
            services["housekeeping"] = parts.store.housekeeping.run(utc_now)
        services["health"] = _health(checks, notes, parts.settings)
        services["stop"] = _stop(stopped, control)
        for name, service in services.items():
            tasks.create_task(service, name=name)


async def _tell_that_nobody_listens(parts: Parts) -> None:
    version = await parts.store.centres.current_version()
    if version and version.centre.voicebots:
        log.warning("no recogniser is set up: voicebots ask by keys alone", change="DENWA_SPEECH__ENGINE")


async def _stop(stopped: asyncio.Event, control: Control | None) -> None:
    await stopped.wait()
    log.info("stopping; calls go on")
    if control:
        await control.retire()
    raise _Stopped


def _retention(parts: Parts) -> Retention:
    settings = parts.settings
    age = timedelta(hours=settings.recording_max_age_hours)
    ages = {"max_age": age, "message_max_age": timedelta(days=settings.message_max_age_days)}
    store = parts.store
    return Retention(
        store.recordings,
        (store.utterances, store.outbox, store.talk_drafts),
        store.events,
        parts.bus,
        settings.recordings_dir,
        clock=utc_now,
        **ages,
    )


def _store_check(parts: Parts) -> Check:
    async def check() -> str | None:
        journal = parts.store.journal
        return (
            journal.failure
            or parts.store.viewings.failure
            or (None if journal.healthy else "nothing is committed any more: start the platform anew")
        )

    return check


def _hub_check(app: web.Application) -> Check:
    async def check() -> str | None:
        return live_hub(app)

    return check


def _phones(settings: Settings) -> PhoneExchange:
    return PhoneExchange(f"{settings.ari.url}/ws", settings.sip.domain, settings.secrets, settings.web.phones)


async def _site(app: web.Application, settings: Settings) -> None:
    """The console over TLS."""
    runner = web.AppRunner(app, access_log_class=AccessLog, shutdown_timeout=SHUTDOWN_SECONDS)
    await _until_cancelled(runner, settings.web.host, settings.web.port, console_tls(settings), "DENWA_WEB__PORT")


async def _health(checks: dict[str, Check], notes: dict[str, Note], settings: Settings) -> None:
    runner = web.AppRunner(build_health_app(checks, notes), access_log=None)
    await _until_cancelled(runner, "127.0.0.1", settings.metrics_port, None, "DENWA_METRICS_PORT")


async def _until_cancelled(runner: web.AppRunner, host: str, port: int, tls: Any, setting: str) -> None:
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, ssl_context=tls).start()
        await asyncio.Event().wait()
    except OSError as error:
        raise PortInUse(
            f"can't listen on tcp {host}:{port} ({setting}): {_reason(error)}; end the program that does (another "
            "platform?), or set another port or address"
        ) from error
    finally:
        await runner.cleanup()


def _reason(error: OSError) -> str:
    """The system's own words; asyncio puts others around them."""
    return os.strerror(error.errno) if error.errno else str(error)


class PortInUse(Exception):
    """A port that the platform listens on is taken; the message says which and what to do."""
