"""Announcements are spoken before somebody waits for them: at the start, and when what they are made of has changed."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import structlog

from crm.store import Store
from dialplan.voicebot.choices import named_texts
from dialplan.voicebot.ears import CHANGES_CHOICES
from ivr.prompts import PromptFailed, SpokenPrompts, fixed_texts
from kernel.announcement import words
from kernel.events import EventKind
from kernel.news import news
from kernel.ports import Bus

log = structlog.get_logger(__name__)

RETRY_SECONDS = 5.0


async def keep_spoken(store: Store, bus: Bus, prompts: SpokenPrompts, *, names: bool = False) -> None:
    """Make what is missing, for ever. A failure is loud and tried again; a call makes itself what it needs.

    ``names``: also what voicebots say of each department, since who waits for its voice waits on the telephone.
    """
    changes = {EventKind.CENTRE_CHANGED} | (CHANGES_CHOICES if names else frozenset[EventKind]())
    while True:
        try:
            last = await store.events.last_id()
            await _speak(store, prompts, names)
            async with aclosing(news(bus, store.events, last)) as coming:
                async for stored in coming:
                    if stored.event.kind in changes:
                        await _speak(store, prompts, names)
        except Exception:
            log.exception("announcements can't be spoken beforehand; trying again")
            await asyncio.sleep(RETRY_SECONDS)


async def _speak(store: Store, prompts: SpokenPrompts, names: bool) -> None:
    """One that can't be spoken is told and keeps no other from being ready."""
    await store.centres.refresh()
    centre = await store.centres.current()
    named = named_texts(centre, [kept.entry for kept in await store.directory.all()]) if names else []
    for said in (*fixed_texts(centre), *named):
        try:
            await prompts.media(*words(said))
        except PromptFailed as failed:
            log.error("an announcement can't be spoken", why=str(failed))
