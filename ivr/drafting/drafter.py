"""Drafts of histories, made of one talk after the other while this process drives the calls.

A talk stands in the store as due until its draft does: whoever dies in between, the next controller makes it, and what
ends a worker again and again is told as failed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import structlog

from ivr.drafting.metrics import DRAFTS, READY_SECONDS, WAITING
from ivr.drafting.process import NotDrafted, TalkTooLong
from kernel.directory import Entry
from kernel.ports import Clock
from kernel.talk_draft import MOST_TRIES, DraftState, DueDraft, KeptDraft, TalkDraft

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0
UNWANTED_SECONDS = 1.0
"""How long a worker may hold a voice whose history was saved meanwhile."""

Draft = Callable[[Sequence[Path], Sequence[Entry]], Awaitable[TalkDraft]]


class Drafts(Protocol):
    """Where drafts are kept (``crm.talk_drafts``)."""

    async def due(self) -> Sequence[DueDraft]: ...

    async def begin(self, due: DueDraft, now: datetime) -> KeptDraft: ...

    async def finish(self, begun: KeptDraft, state: DraftState, draft: TalkDraft | None, now: datetime) -> bool: ...

    async def is_wanted(self, begun: KeptDraft) -> bool: ...


class Drafter:
    """Makes them. ``leads`` says whether this process drives: of several controllers one drafts."""

    def __init__(
        self,
        drafts: Drafts,
        folder: Path,
        draft: Draft,
        entries: Callable[[], Awaitable[Sequence[Entry]]],
        *,
        now: Clock,
        leads: Callable[[], bool],
    ) -> None:
        """``folder`` has the recordings; ``entries`` are the directory's, whose words tell what a talk is about."""
        self._drafts = drafts
        self._folder = folder
        self._draft = draft
        self._entries = entries
        self._now = now
        self._leads = leads

    async def run(self) -> None:
        """Draft what is due, for ever. What fails is logged, without a word of the talk, and tried again."""
        while True:
            try:
                more = self._leads() and await self.one()
            except Exception as wrong:
                log.error("talks can't be drafted; trying again", error=type(wrong).__name__)
                more = False
            if not more:
                await asyncio.sleep(LOOK_SECONDS)

    async def one(self) -> bool:
        """Draft the first that is due; whether the next can be looked at at once."""
        due = await self._drafts.due()
        WAITING.set(len(due))
        if not due:
            return False
        begun = await self._drafts.begin(due[0], self._now())
        if begun.state is DraftState.FAILED:
            log.error("a talk could not be drafted", call=begun.call, tries=begun.tries)
            DRAFTS.labels(begun.state.value).inc()
            return True
        making = asyncio.create_task(self._make(begun, due[0]), name="draft a talk")
        watching = asyncio.create_task(self._until_unwanted(begun), name="watch whether a draft is wanted")
        try:
            await asyncio.wait({making, watching}, return_when=asyncio.FIRST_COMPLETED)
            return making.result() if making.done() else watching.result()
        finally:
            making.cancel()
            watching.cancel()
            await asyncio.gather(making, watching, return_exceptions=True)

    async def _make(self, begun: KeptDraft, due: DueDraft) -> bool:
        files = [self._folder / f"{one.name}.wav" for one in due.recordings]
        try:
            draft = await self._draft(files, await self._entries())
        except TalkTooLong:
            await self._finish(begun, DraftState.TOO_LONG, None)
        except NotDrafted as wrong:
            log.warning("a talk was not drafted", call=begun.call, why=str(wrong), tries=begun.tries)
            if begun.tries < MOST_TRIES:
                return False
            await self._finish(begun, DraftState.FAILED, None)
        else:
            await self._finish(begun, DraftState.READY if draft.spoken else DraftState.SILENT, draft)
        return True

    async def _finish(self, begun: KeptDraft, state: DraftState, draft: TalkDraft | None) -> None:
        if await self._drafts.finish(begun, state, draft, self._now()):
            DRAFTS.labels(state.value).inc()
            READY_SECONDS.observe((self._now() - begun.until).total_seconds())

    async def _until_unwanted(self, begun: KeptDraft) -> bool:
        """Its history is saved: who listens to the recording still is ended."""
        while True:
            await asyncio.sleep(UNWANTED_SECONDS)
            if not await self._drafts.is_wanted(begun):
                break
        DRAFTS.labels("unwanted").inc()
        return True
