"""Who listens to callers that speak with a voicebot, as the settings want it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from crm.store import Store
from dialplan.voicebot.ears import CentreEars
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

    async def entries() -> Sequence[Entry]:
        return [kept.entry for kept in await store.directory.all()]

    pool = Pool(_engine(settings, speech), PoolRules(workers=speech.workers))
    try:
        yield CentreEars(pool, pool.start, store.centres.current, entries)
    finally:
        await pool.close()


def _engine(settings: Settings, speech: Speech) -> Engine:
    return Engine(speech.engine, speech.model or settings.cache_dir / MODELS, threads=speech.threads)
