"""What an operator's desk shows, read from the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeGuard

from agent_console import words
from agent_console.console import Console
from agent_console.desk.background import KINDS, Background, background
from agent_console.desk.form import HistoryForm
from agent_console.desk.forms import earlier_of, read_form, readers_of, subjects
from agent_console.desk.links import NO_LINKS, DeskLinks, read_links
from agent_console.desk.menu_path import Step, menu_path
from agent_console.journey.wording import Names
from agent_console.live.hub import Hub, no_later_than
from agent_console.transfer_words import came_to_nothing
from crm.case_finder import Earlier
from crm.open_pages import Reader
from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.commands import Command
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus
from kernel.talk_draft import KeptDraft
from kernel.utterance import Utterance

NOTICE_LASTS = timedelta(seconds=60)
MOST_FORMS = 5
LOOK_ANEW = timedelta(seconds=15)
"""For what other processes know of a form, and no event tells: drafts, and who has it open."""
NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Left:
    """What somebody who had this call before has written of it; ``saved`` is False for a draft."""

    author: str
    subject: str
    text: str
    saved: bool


@dataclass(frozen=True, slots=True)
class DeskCall:
    """The call at hand, all that is to be known before it is answered.

    ``said``: with the voicebot; ``links``: by SMS. ``purpose``: of a call of the operator's own.
    """

    call: Call
    queue: str
    path: tuple[Step, ...]
    earlier: Earlier
    background: Background
    left: tuple[Left, ...] = ()
    said: tuple[Utterance, ...] = ()
    purpose: str = ""
    links: DeskLinks = NO_LINKS


@dataclass(frozen=True, slots=True)
class Notice:
    """A word to the operator; ``good`` for a success."""

    at: datetime
    text: str
    good: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """One operator's desk. ``changes`` is when time alone changes it.

    ``ordered_by`` is the supervisor who set the present state; ``talk_drafts`` what is known, by call, of drafts of the
    talks that ``forms`` write up, without what was said.
    """

    centre: Centre
    status: OperatorStatus
    at_hand: DeskCall | None
    notice: Notice | None
    forms: tuple[HistoryForm, ...]
    changes: datetime | None
    ordered_by: str | None = None
    readers: tuple[Reader, ...] = ()
    talk_drafts: Mapping[str, KeptDraft] = field(default_factory=dict[str, KeptDraft])

    def others(self, form: HistoryForm) -> tuple[str, ...]:
        """The names of who else has the call or the case of ``form`` open."""
        about = subjects(form)
        return tuple(dict.fromkeys(reader.name for reader in self.readers if reader.about in about))

    @property
    def extension(self) -> str:
        """The operator's telephone, "" for one without a seat."""
        seat = self.centre.operator(self.status.operator)
        return seat.extension if seat else ""

    @property
    def in_browser(self) -> bool:
        """Whether the operator's telephone is this page."""
        seat = self.centre.operator(self.status.operator)
        return seat is not None and seat.phone == "browser"

    @property
    def can_answer(self) -> bool:
        """Whether the telephone, which rings for a caller, answers by itself when it is told to."""
        seat = self.centre.operator(self.status.operator)
        if self.status.state is not OperatorState.RINGING or self.at_hand is None:
            return False
        return seat is not None and seat.phone == "auto_answer" and self.at_hand.call.stage is not Stage.DIAL

    @property
    def extensions_left(self) -> int:
        """How often the wrap-up can still be extended."""
        if self.status.state is not OperatorState.WRAP_UP or self.status.until is None or self.at_hand is None:
            return 0
        queue = self.centre.queue(self.at_hand.call.queue or "")
        return max(0, queue.wrap_up_extensions - self.status.extended) if queue else 0


async def read_desk(console: Console, hub: Hub, operator: str) -> Desk:
    """The desk of ``operator`` now."""
    await hub.caught_up()
    centre = await console.store.centres.current()
    now = console.clock()
    status = await console.store.operators.find(operator)
    status = status or OperatorStatus(operator, OperatorState.LOGGED_OUT, NEVER)
    at_hand = await _at_hand(console, centre, status)
    forms = await _forms(console, hub, operator, at_hand)
    readers = await readers_of(console, forms, operator)
    click = hub.unanswered(operator)
    notice = notice_of(hub.day.notice(operator), click, now)
    return Desk(
        centre=centre,
        status=status,
        at_hand=at_hand,
        notice=notice,
        forms=forms,
        changes=no_later_than(
            notice.at + NOTICE_LASTS if notice else None,
            click.expires if click and not click.expired(now) else None,
            now + LOOK_ANEW if forms else None,
            *(reader.until for reader in readers),
        ),
        ordered_by=await _name(console, hub.day.ordered_by(operator)),
        readers=readers,
        talk_drafts=await console.store.talk_drafts.heads([form.call.id for form in forms]),
    )


async def _name(console: Console, user: str | None) -> str | None:
    found = await console.store.users.find(user) if user else None
    return found.name if found else user


def notice_of(event: Event | None, click: Command | None, now: datetime) -> Notice | None:
    """The latest thing that the operator must be told, for a minute."""
    candidates = [_from_event(event) if event else None, _from_silence(click, now) if click else None]
    fresh = [notice for notice in candidates if notice and now < notice.at + NOTICE_LASTS]
    return max(fresh, key=lambda notice: notice.at, default=None)


TOLD = {
    EventKind.HISTORY_SAVED: "応対履歴を保存しました。",
    EventKind.CALL_TAKEN_OVER: "スーパーバイザーが通話を引き継ぎました。応対履歴を書いてください。",
}


def _from_event(event: Event) -> Notice:
    if event.kind in TOLD:
        return Notice(event.at, TOLD[event.kind], good=event.kind is EventKind.HISTORY_SAVED)
    if event.kind is EventKind.NOT_CONNECTED:
        return Notice(event.at, f"発信はつながりませんでした({words.not_reached(event.data.get('reason'))})。")
    if event.kind in {EventKind.HAND_OVER_FAILED, EventKind.CONSULT_ENDED}:
        return Notice(event.at, came_to_nothing(event))
    if event.kind is EventKind.OPERATOR_CHANGED:
        then = event.data.get("then")
        state = words.STATES[OperatorState(str(then or event.data["state"]))]
        return Notice(event.at, f"スーパーバイザーの操作で、{'この通話のあと' if then else ''}「{state}」になります。")
    if event.kind is EventKind.MONITOR_ENDED:
        return Notice(event.at, words.MONITOR_FAILURES.get(str(event.data["why"]), words.MONITOR_FAILURES["failed"]))
    return Notice(event.at, words.refusal(event.data.get("reason", "wrong_state")))


def _from_silence(click: Command, now: datetime) -> Notice | None:
    if not click.expired(now):
        return None
    return Notice(click.expires, "電話の制御から応答がありません。操作は行われていません。")


async def _at_hand(console: Console, centre: Centre, status: OperatorStatus) -> DeskCall | None:
    call = await console.store.calls.find(status.call) if status.call else None
    if call is None:
        return None
    queue = centre.queue(call.queue) if call.queue else None
    events = await console.store.events.of_call(call.id, KINDS)
    names = Names(centre)
    return DeskCall(
        call=call,
        queue=queue.label if queue else call.queue or "",
        path=menu_path(centre, call.keys),
        earlier=await earlier_of(console, call),
        background=background((stored.event for stored in events), status.operator, names),
        left=await _left(console, call, status.operator) if call.answered else (),
        said=tuple(await console.store.utterances.of_call(call.id)) if call.voicebot else (),
        purpose=names.purpose(call.callback.purpose) if call.callback and call.callback.purpose else "",
        links=await read_links(console, centre, call),
    )


async def _left(console: Console, call: Call, operator: str) -> tuple[Left, ...]:
    """What others have written of a call that was answered before; for one that rings for the first time: nothing."""
    history = await console.store.cases.history_of_call(call.id)
    drafts = [one for one in await console.store.drafts.about(call.id) if one.author != operator]
    left = [Left(one.author, one.fields.get("subject", ""), one.fields.get("text", ""), False) for one in drafts]
    if history and history.author != operator:
        left.insert(0, Left(history.author, history.subject, history.text, True))
    return tuple([replace(one, author=await _name(console, one.author) or one.author) for one in left])


async def _forms(console: Console, hub: Hub, operator: str, at_hand: DeskCall | None) -> tuple[HistoryForm, ...]:
    forms = [await read_form(console, at_hand.call, operator, earlier=at_hand.earlier)] if _talked(at_hand) else []
    here = {form.call.id for form in forms}
    for owed in reversed(hub.day.owed(operator)[-MOST_FORMS:]):
        call = None if owed.call in here else await console.store.calls.find(owed.call)
        if call:
            forms.append(await read_form(console, call, operator))
    return tuple(forms)


def _talked(at_hand: DeskCall | None) -> TypeGuard[DeskCall]:
    return at_hand is not None and at_hand.call.answered is not None
