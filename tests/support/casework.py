"""A citizen who has called before."""

from __future__ import annotations

from kernel.case import Citizen, HistoryDraft
from tests.support.console import NUMBER, Desk

HANAKO = Citizen(name="髙橋 さくら", address="神奈川県藤沢市辻堂1-2-3", phone=NUMBER)


async def known(desk: Desk, call: str | None = "c0", author: str = "suzuki", **more) -> int:
    """A history of hers is saved; returns the number of its case."""
    draft = HistoryDraft(call, author, HANAKO, "粗大ごみ", "出し方を案内した", "回答済み", False, **more)
    return (await desk.store.cases.save_history(draft, desk.clock())).case.number
