"""Drafts of histories, made of talks: sealed, one a call, gone with the recording or the history (T12)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import RowMapping, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.announcer import Announcer
from crm.case_tables import histories
from crm.database import Database, insert_into
from crm.keyring import Keyring
from crm.log import append
from crm.rows import recording
from crm.sealing import Place, Sealer
from crm.tables import recordings, talk_drafts
from kernel.events import Event, EventKind
from kernel.recording import MESSAGE, Recording, recording_name
from kernel.talk_draft import MOST_TRIES, DraftState, DueDraft, KeptDraft, TalkDraft, draft_of

kept = talk_drafts.c


class TalkDrafts:
    """Finds what is due, keeps what came of it, deletes."""

    def __init__(self, database: Database, keyring: Keyring, announcer: Announcer) -> None:
        self._database = database
        self._sealer = Sealer(keyring)
        self._announcer = announcer

    async def due(self) -> Sequence[DueDraft]:
        """Calls whose talk was recorded and is over, without a history and without a draft of all of it.

        The newest first: where there are more talks than can be drafted, the last operators have theirs in time.
        """
        done = exists().where(
            kept.call == recordings.c.call,
            kept.state != DraftState.WAITING.value,
            kept.until >= recordings.c.stopped,
        )
        late = select(recordings.c.call).where(*_THERE, ~done)
        takes = select(recordings).where(*_THERE, recordings.c.call.in_(late)).order_by(recordings.c.started)
        async with self._database.read() as connection:
            rows = [recording(row) for row in (await connection.execute(takes)).mappings()]
        talks: dict[str, list[Recording]] = {}
        for one in rows:
            if one.name != recording_name(one.call, MESSAGE):
                talks.setdefault(one.call, []).append(one)
        return sorted(
            (DueDraft(call, tuple(own)) for call, own in talks.items()), key=lambda one: one.until, reverse=True
        )

    async def begin(self, due: DueDraft, now: datetime) -> KeptDraft:
        """Note that it is tried once more: a crash leaves it waiting. FAILED where it was tried often enough."""
        async with self._database.in_turn() as connection:
            known = await _row(connection, due.call)
            tried = known["tries"] if known and known["until"] >= due.until else 0
            state = DraftState.FAILED if tried >= MOST_TRIES else DraftState.WAITING
            tries = min(tried + 1, MOST_TRIES)
            row: dict[str, Any] = {
                "id": due.call,
                "call": due.call,
                "state": state.value,
                "began": min(one.started for one in due.recordings),
                "until": due.until,
                "tries": tries,
                "content_sealed": None,
                "key_version": self._sealer.version,
            }
            new = insert_into(talk_drafts, connection.dialect).values(row)
            await connection.execute(new.on_conflict_do_update(index_elements=[kept.id], set_=row))
            stored = await append(connection, [_event(due.call, state, now)])
        self._announcer.announce(stored)
        return KeptDraft(due.call, state, due.until, tries)

    async def finish(self, begun: KeptDraft, state: DraftState, draft: TalkDraft | None, now: datetime) -> bool:
        """Keep what came of ``begun``; False, and nothing kept, where nobody needs it any more.

        That is where the history is saved, or it was deleted, or begun anew meanwhile.
        """
        same = and_(kept.id == begun.call, kept.until == begun.until, kept.tries == begun.tries)
        unwritten = ~exists().where(histories.c.call == begun.call)
        sealed = self._sealer.seal(asdict(draft), _place(begun.call)) if draft else None
        values = {"state": state.value, "content_sealed": sealed, "key_version": self._sealer.version}
        async with self._database.in_turn() as connection:  # not beside the transaction that saves the history
            changed = await connection.execute(update(talk_drafts).where(same, unwritten).values(values))
            stored = await append(connection, [_event(begun.call, state, now)] if changed.rowcount else [])
        self._announcer.announce(stored)
        return bool(stored)

    async def is_wanted(self, begun: KeptDraft) -> bool:
        """Whether somebody still needs what was begun."""
        unwritten = ~exists().where(histories.c.call == begun.call)
        async with self._database.read() as connection:
            return (
                await connection.execute(select(kept.id).where(kept.id == begun.call, unwritten))
            ).first() is not None

    async def of_call(self, call: str) -> KeptDraft | None:
        """Raises SealBroken."""
        async with self._database.read() as connection:
            row = await _row(connection, call)
        return self._kept(row) if row else None

    async def heads(self, calls: Collection[str]) -> Mapping[str, KeptDraft]:
        """Those of ``calls`` that have one, without what was said; nothing is opened."""
        if not calls:
            return {}
        wanted = select(kept.call, kept.state, kept.until, kept.tries).where(kept.call.in_(calls))
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        return {call: KeptDraft(call, DraftState(state), until, tries) for call, state, until, tries in rows}

    async def forget(self, before: datetime, calls: Collection[str] | None = None) -> int:
        """Delete those of talks recorded before that moment, and of calls whose history is saved; of ``calls``, or all.

        How many are gone.
        """
        due = or_(kept.began < before, exists().where(histories.c.call == kept.call))
        if calls is not None:
            due = and_(due, kept.call.in_(calls))
        async with self._database.read() as connection:  # where drafts are off nothing needs a turn to write
            if (await connection.execute(select(kept.id).where(due).limit(1))).first() is None:
                return 0
        async with self._database.write() as connection:
            return (await connection.execute(delete(talk_drafts).where(due))).rowcount

    def _kept(self, row: RowMapping) -> KeptDraft:
        content = self._sealer.open(row["content_sealed"], _place(row["id"])) if row["content_sealed"] else None
        draft = draft_of(cast("dict[str, Any]", content)) if content else None
        return KeptDraft(row["call"], DraftState(row["state"]), row["until"], row["tries"], draft)


_THERE = (
    recordings.c.stopped.is_not(None),
    recordings.c.deleted.is_(None),
    ~exists().where(histories.c.call == recordings.c.call),
)
"""A recording that is whole, not deleted, and not written up."""


async def _row(connection: AsyncConnection, call: str) -> RowMapping | None:
    found = await connection.execute(select(talk_drafts).where(kept.call == call))
    return found.mappings().one_or_none()


def _event(call: str, state: DraftState, now: datetime) -> Event:
    return Event(EventKind.TALK_DRAFTED, now, call=call, data={"state": state.value})


def _place(id: str) -> Place:
    return Place("talk_drafts", "content", id)
