"""The draft made of a talk's recording, beside the form of its history: for who may write that, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aiohttp import web

from agent_console.console import CONSOLE, PAGES
from agent_console.desk.choices import Choices, choices_of
from agent_console.desk.form import LONGEST
from agent_console.desk.own_call import own_call
from agent_console.layout import html
from agent_console.seen import seen
from crm.viewings import Citizen
from kernel.talk_draft import MarkKind, Side, Spoken, TalkDraft

SIDES: Mapping[Side, str] = {Side.CITIZEN: "市民", Side.OPERATOR: "職員", Side.UNKNOWN: "話者不明"}
MARKS: Mapping[MarkKind, str] = {
    MarkKind.SUBJECT: "用件",
    MarkKind.NAME: "氏名",
    MarkKind.PHONE: "電話番号",
    MarkKind.POSTAL_CODE: "郵便番号",
}
HEADING = "【自動文字起こし・要確認】"


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of what was said: ``label`` is what it was taken for, ``value`` what it stands for if not for its text."""

    text: str
    label: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What one side said from ``at`` on, "1:05" into the talk."""

    side: str
    at: str
    pieces: tuple[Piece, ...]
    citizen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A draft as the page shows it: ``fields`` of the form that it proposes, by name."""

    lines: tuple[Line, ...]
    fields: Mapping[str, str]
    department: str
    section: str
    percent: int


def shown(draft: TalkDraft, choices: Choices) -> Shown:
    """``draft`` in the words of the page; a department that the form does not offer is not proposed."""
    offered = draft.department if draft.department in {one.id for one in choices.departments} else ""
    fields = {"subject": draft.subject[: LONGEST["subject"]], "department": offered, "text": text_of(draft)}
    return Shown(
        lines=tuple(_line(one) for one in draft.spoken),
        fields={name: value for name, value in fields.items() if value},
        department=choices.department(offered) if offered else "",
        section=draft.section,
        percent=round(100 * draft.confidence),
    )


def text_of(draft: TalkDraft) -> str:
    """What goes into the form, cut where that is too long; it says itself that nobody has checked it yet."""
    lines = [HEADING, *(f"{SIDES[one.side]}: {one.text}" for one in draft.spoken)]
    return "\n".join(lines)[: LONGEST["text"]]


def _line(one: Spoken) -> Line:
    minutes, seconds = divmod(int(one.at), 60)
    return Line(SIDES[one.side], f"{minutes}:{seconds:02}", tuple(pieces(one)), one.side is Side.CITIZEN)


def pieces(one: Spoken) -> Iterator[Piece]:
    """Its text, whole, cut where marks begin and end."""
    at = 0
    for mark in one.marks:
        if at < mark.begins:
            yield Piece(one.text[at : mark.begins])
        text = one.text[mark.begins : mark.ends]
        yield Piece(text, MARKS[mark.kind], mark.value if mark.value != text else "")
        at = mark.ends
    if at < len(one.text):
        yield Piece(one.text[at:])


async def page(request: web.Request) -> web.StreamResponse:
    """The draft of the call, as long as it is kept (``crm.retention``)."""
    store = request.app[CONSOLE].store
    call = await own_call(request)
    kept = await store.talk_drafts.of_call(call.id)
    if kept is None:
        raise web.HTTPNotFound
    draft = shown(kept.draft, choices_of(await store.centres.current())) if kept.draft else None
    seen(request, [Citizen(call=call.id)] if draft else ())
    return html(request.app[PAGES].render("live/talk_draft.html", call=call, kept=kept, draft=draft, asks=True))
