"""Who listens to callers that speak with a voicebot, and who drafts histories, as the settings want it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from crm.store import Store
from denwa.parts import Parts, utc_now
from dialplan.voicebot.ears import CentreEars
from ivr.drafting.drafter import Drafter
from ivr.drafting.process import Drafting
from ivr.hearing.pool import Engine, Pool, PoolRules
from kernel.directory import Entry
from kernel.settings import Settings, Speech

MODELS = "speech"


@asynccontextmanager
async def open_ears(settings: Settings, store: Store) -> AsyncGenerator[CentreEars | None]:
    """Ears whose recogniser starts with the first voicebot; None where nobody is to listen."""
    speech = settings.speech
    if speech.engine == "none":
        yield None
        return
    pool = Pool(_engine(settings, speech), PoolRules(workers=speech.workers))
    try:
        yield CentreEars(pool, pool.start, store.centres.current, _entries(store))
    finally:
        await pool.close()


def make_drafter(parts: Parts, leads: Callable[[], bool]) -> Drafter | None:
    """Who drafts histories while ``leads`` says so; None where nobody is to. One thread: live callers go first."""
    settings, store = parts.settings, parts.store
    if not settings.speech.makes_drafts:
        return None
    engine = replace(_engine(settings, settings.speech), threads=1)
    drafting = Drafting(engine, settings.speech.drafts_longest_minutes * 60)
    return Drafter(store.talk_drafts, settings.recordings_dir, drafting, _entries(store), now=utc_now, leads=leads)


def _entries(store: Store) -> Callable[[], Awaitable[Sequence[Entry]]]:
    async def entries() -> Sequence[Entry]:
        return [kept.entry for kept in await store.directory.all()]

    return entries


def _engine(settings: Settings, speech: Speech) -> Engine:
    return Engine(speech.engine, speech.model or settings.cache_dir / MODELS, threads=speech.threads)
