"""Clicks on their way to the controller."""

from __future__ import annotations

import logging

from aiohttp import web

from agent_console.console import CONSOLE, HUB
from kernel.commands import Command

log = logging.getLogger(__name__)


async def send(request: web.Request, click: Command) -> bool:
    """Publish ``click``; False when it could not be sent, which the log tells and the page must say."""
    try:
        await request.app[CONSOLE].bus.publish_command(click)
    except Exception:
        log.exception("the click %s of operator %s could not be sent", click.kind, click.operator)
        return False
    request.app[HUB].clicked(click)
    return True
