"""The phones' gate as a process, beside Asterisk: for a console that can't reach Asterisk's HTTP server itself."""

from __future__ import annotations

import asyncio
import signal

from aiohttp import web

from agent_console.phone.gate import build_gate
from kernel.settings import Settings


class NoSocket(Exception):
    """Nobody has said where the gate is; the message says how to."""


async def serve_phones(settings: Settings) -> None:
    """Pass the browsers' phones on, from the socket of the settings to Asterisk, until SIGTERM. Raises NoSocket."""
    path = settings.web.phones
    if path is None:
        raise NoSocket("set DENWA_WEB__PHONES to the path of the socket by which the console reaches the phones' gate")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    stopped = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stopped.set)
    runner = web.AppRunner(build_gate(settings.ari.url), access_log=None)
    await runner.setup()
    try:
        await web.UnixSite(runner, str(path)).start()
        path.chmod(0o600)
        await stopped.wait()
    finally:
        await runner.cleanup()
