"""A talk whose recording was drafted, at a console."""

from __future__ import annotations

from kernel.recording import Recording, recording_name
from kernel.talk_draft import DraftState, Mark, MarkKind, Side, Spoken, TalkDraft
from tests.support.console import Desk

MADE = TalkDraft(
    (
        Spoken(Side.OPERATOR, 0.6, 3.0, "お電話ありがとうございます。"),
        Spoken(Side.CITIZEN, 65.2, 69.0, "<b>粗大ごみ</b>のことで", (Mark(MarkKind.SUBJECT, 3, 7, "粗大ごみ"),)),
        Spoken(Side.CITIZEN, 70.0, 74.0, "ゼロ四六六の二五", (Mark(MarkKind.PHONE, 0, 8, "046625"),)),
        Spoken(Side.UNKNOWN, 75.0, 76.0, "はい"),
    ),
    subject="粗大ごみについて",
    section="環境事業センター",
    department="kankyo-jigyo",
    confidence=0.93,
)
"""Of the centre of the seed, which has that department."""


async def wrapping_up(desk: Desk, call: str = "c1") -> None:
    """The talk of ``call`` with sato is over, and was recorded."""
    await desk.waits(call)
    await desk.talks(call, "sato")
    await desk.wraps_up(call, "sato")
    await desk.tell(Recording(recording_name(call, 1), call, desk.clock(), stopped=desk.clock()))


async def draft(desk: Desk, state: DraftState = DraftState.READY, made: TalkDraft | None = MADE) -> None:
    """What came of the newest talk."""
    due, *_ = await desk.store.talk_drafts.due()
    begun = await desk.store.talk_drafts.begin(due, desk.clock())
    if state is not DraftState.WAITING:
        await desk.store.talk_drafts.finish(begun, state, made, desk.clock())
