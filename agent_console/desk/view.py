"""What an operator's desk shows, read from the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from agent_console import words
from agent_console.console import Console
from agent_console.desk.form import HistoryForm, blank
from agent_console.desk.menu_path import Step, menu_path
from agent_console.live.hub import Hub, no_later_than
from kernel.call import Call
from kernel.case import Case
from kernel.centre import Centre
from kernel.commands import Command
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus

NOTICE_LASTS = timedelta(seconds=60)
MOST_FORMS = 5
NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class DeskCall:
    """The call at hand. ``earlier`` are the cases of the same number, the newest first."""

    call: Call
    queue: str
    path: tuple[Step, ...]
    earlier: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A word to the operator; ``good`` for a success."""

    at: datetime
    text: str
    good: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """One operator's desk. ``changes`` is when time alone changes it.

    ``ordered_by`` is the supervisor who set the present state.
    """

    centre: Centre
    status: OperatorStatus
    at_hand: DeskCall | None
    notice: Notice | None
    forms: tuple[HistoryForm, ...]
    changes: datetime | None
    ordered_by: str | None = None

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
    click = hub.unanswered(operator)
    notice = notice_of(hub.day.notice(operator), click, now)
    return Desk(
        centre=centre,
        status=status,
        at_hand=at_hand,
        notice=notice,
        forms=await _forms(console, hub, operator, at_hand),
        changes=no_later_than(
            notice.at + NOTICE_LASTS if notice else None,
            click.expires if click and not click.expired(now) else None,
        ),
        ordered_by=await _name(console, hub.day.ordered_by(operator)),
    )


async def _name(console: Console, user: str | None) -> str | None:
    found = await console.store.users.find(user) if user else None
    return found.name if found else user


def notice_of(event: Event | None, click: Command | None, now: datetime) -> Notice | None:
    """The latest thing that the operator must be told, for a minute."""
    candidates = [_from_event(event) if event else None, _from_silence(click, now) if click else None]
    fresh = [notice for notice in candidates if notice and now < notice.at + NOTICE_LASTS]
    return max(fresh, key=lambda notice: notice.at, default=None)


def _from_event(event: Event) -> Notice:
    if event.kind is EventKind.HISTORY_SAVED:
        return Notice(event.at, "応対履歴を保存しました。", good=True)
    if event.kind is EventKind.HAND_OVER_FAILED:
        return Notice(event.at, "転送先につながりませんでした。お客様は待ち行列に戻りました。")
    if event.kind is EventKind.OPERATOR_CHANGED:
        then = event.data.get("then")
        state = words.STATES[OperatorState(str(then or event.data["state"]))]
        return Notice(event.at, f"スーパーバイザーの操作で、{'この通話のあと' if then else ''}「{state}」になります。")
    if event.kind is EventKind.CALL_TAKEN_OVER:
        return Notice(event.at, "スーパーバイザーが通話を引き継ぎました。応対履歴を書いてください。")
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
    earlier = await console.store.cases.cases_of_number(call.number) if call.number else ()
    return DeskCall(
        call=call,
        queue=queue.label if queue else call.queue or "",
        path=menu_path(centre, call.keys),
        earlier=tuple(earlier),
    )


async def _forms(console: Console, hub: Hub, operator: str, at_hand: DeskCall | None) -> tuple[HistoryForm, ...]:
    calls: list[Call] = [at_hand.call] if at_hand and at_hand.call.answered else []
    here = {call.id for call in calls}
    for owed in reversed(hub.day.owed(operator)[-MOST_FORMS:]):
        call = None if owed.call in here else await console.store.calls.find(owed.call)
        if call:
            calls.append(call)
    return tuple([await read_form(console, call) for call in calls])


async def read_form(console: Console, call: Call) -> HistoryForm:
    """The form of ``call`` with what is saved already, the number filled in otherwise."""
    cases: Sequence[Case] = await console.store.cases.cases_of_number(call.number) if call.number else ()
    history = await console.store.cases.history_of_call(call.id)
    case = await console.store.cases.case(history.case) if history else None
    return blank(call, cases, history, case)
