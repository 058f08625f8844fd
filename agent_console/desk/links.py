"""Links by SMS at the desk (T13): what was sent in the call at hand, and the button that sends another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from agent_console.console import CONSOLE, Console, user_of
from agent_console.desk.actions import answer
from agent_console.journey.links import STATES, link_name, why
from agent_console.posted import posted
from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.events import Event, EventKind
from kernel.link import Link, link_of
from kernel.phone_number import is_mobile
from kernel.sms import A_DAY, Sms, SmsRecord, SmsState

REFUSALS: Mapping[str, str] = {
    "call_is_over": "この通話はすでに終了しています。",
    "off": "SMSの送信が設定されていません。管理者に確認してください。",
    "no_mobile": "お客様の携帯電話の番号(070・080・090)が分からないため、SMSは送れません。",
    "unknown_link": "そのリンクは使えなくなりました。選び直してください。",
    "too_many": "この番号への1日の上限に達したため、SMSは送れません。",
    "sent_before": "このリンクは、この通話ですでに送っています。",
}
AMISS = frozenset({SmsState.REFUSED, SmsState.UNCERTAIN})


class NotSent(Exception):
    """``code`` says why (``REFUSALS``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class SentLink:
    """A link of this call. ``amiss``: it was not sent for certain, which the caller should be told."""

    at: datetime
    name: str
    state: str
    why: str
    amiss: bool


@dataclass(frozen=True, slots=True)
class DeskLinks:
    """What was sent in a call, and what can be: nothing where ``why_not`` says why."""

    sent: tuple[SentLink, ...] = ()
    choices: tuple[Link, ...] = ()
    why_not: str = ""


NO_LINKS = DeskLinks()


async def read_links(console: Console, centre: Centre, call: Call) -> DeskLinks:
    """The links of ``call``, oldest first."""
    records = await console.store.outbox.of_call(call.id)
    sent = tuple(_shown(one, centre) for one in records)
    if not console.sms.offered or not centre.links or call.answered is None:
        return DeskLinks(sent)
    if call.number is None or not is_mobile(call.number):
        return DeskLinks(sent, why_not=REFUSALS["no_mobile"])
    return DeskLinks(sent, _left(records, centre))


async def send(request: web.Request) -> web.StreamResponse:
    """Put the link that was chosen into the outbox, for the caller of the talk that the user leads or writes up."""
    console, user = request.app[CONSOLE], user_of(request).id
    fields = await posted(request)
    try:
        sms = await _wanted(console, user, fields)
    except NotSent as refused:
        return answer(request, REFUSALS[refused.code], 409)
    data = {"link": sms.link, "how": "operator", "by": user}
    if not await console.store.outbox.put(sms, Event(EventKind.SMS_ASKED, sms.at, sms.call, user, data=data)):
        return answer(request, REFUSALS["sent_before"], 409)
    return answer(request, "", 200)


async def _wanted(console: Console, user: str, fields: Mapping[str, str]) -> Sms:
    """Raises NotSent."""
    call, centre = await console.store.calls.find(fields.get("call", "")), await console.store.centres.current()
    if not console.sms.offered:
        raise NotSent("off")
    if call is None or call.operator != user or call.answered is None or call.stage is Stage.ENDED:
        raise NotSent("call_is_over")
    if call.number is None or not is_mobile(call.number):
        raise NotSent("no_mobile")
    link = link_of(centre.links, fields.get("link"))
    if link is None:
        raise NotSent("unknown_link")
    now = console.clock()
    if await console.store.outbox.sent_to(call.number, now - A_DAY) >= console.sms.a_day:
        raise NotSent("too_many")
    return Sms(call.id, link.id, now, call.number, link.text, by=user)


def _left(records: Sequence[SmsRecord], centre: Centre) -> tuple[Link, ...]:
    """A link is sent once in a call."""
    asked = {one.link for one in records}
    return tuple(link for link in centre.links if link.id not in asked)


def _shown(one: SmsRecord, centre: Centre) -> SentLink:
    return SentLink(one.at, link_name(centre, one.link), STATES[one.state], why(one.why), one.state in AMISS)
