"""Whether the platform lives and can do its work: ``/healthz``, ``/readyz`` and ``/metrics``, for loopback only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from denwa.metrics import READY

log = structlog.get_logger(__name__)

CHECK_SECONDS = 2.0
Check = Callable[[], Awaitable[str | None]]
Note = Callable[[], str | None]


def build_health_app(checks: Mapping[str, Check], notes: Mapping[str, Note] | None = None) -> web.Application:
    """An application whose ``/readyz`` asks all ``checks`` at once: None means ready, a text says why not.

    ``notes`` are told beside: what somebody should know of a platform that does its work.
    ``/healthz`` answers as long as the event loop turns. A check that raises, or takes longer than two seconds, counts
    as not ready.
    """

    async def readyz(_: web.Request) -> web.Response:
        reasons = await asyncio.gather(*(_reason(name, check) for name, check in checks.items()))
        parts = dict(zip(checks, reasons, strict=True))
        ready = not any(parts.values())
        told = {name: note() for name, note in (notes or {}).items()}
        return web.json_response({"ready": ready, "parts": parts, "notes": told}, status=200 if ready else 503)

    app = web.Application()
    app.router.add_get("/healthz", _healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", _metrics)
    return app


async def _healthz(_: web.Request) -> web.Response:
    return web.json_response({"alive": True})


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _reason(part: str, check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            reason = await check()
    except TimeoutError:
        reason = f"no answer within {CHECK_SECONDS:g} s"
    except Exception as error:
        log.exception("a part can't be checked", part=part)
        reason = f"can't be checked: {type(error).__name__}"
    READY.labels(part).set(reason is None)
    return reason
