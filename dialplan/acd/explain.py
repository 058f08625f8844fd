"""Why a call went to this operator, and why another still waits: codes and values for the log, Japanese for the page.

Pure, and only for people: nothing is decided here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dialplan.acd.floor import Floor
from dialplan.acd.policy import Match
from dialplan.acd.rules import Rules, waited
from dialplan.acd.waiting import Waiting
from kernel.centre import JAPAN
from kernel.events import Plain
from kernel.operator import OperatorState
from kernel.routing import Strategy

STRATEGIES: Mapping[Strategy, str] = {
    Strategy.LONGEST_IDLE: "最も長く待機している",
    Strategy.FEWEST_CALLS: "応答件数が最も少ない",
    Strategy.LEAST_OCCUPIED: "稼働率が最も低い",
    Strategy.IN_ORDER: "順番が最も早い",
    Strategy.RING_ALL: "全員を同時に呼び出す",
    Strategy.RANDOM: "無作為に選ばれた",
}
STATES: Mapping[OperatorState, str] = {
    OperatorState.RINGING: "着信中",
    OperatorState.TALKING: "通話中",
    OperatorState.ON_HOLD: "保留中",
    OperatorState.WRAP_UP: "後処理",
    OperatorState.PAUSED: "離席",
    OperatorState.NOT_ANSWERING: "離席扱い",
    OperatorState.PHONE_GONE: "電話機なし",
    OperatorState.LOGGED_OUT: "ログアウト",
}
PHONE_GONE = OperatorState.PHONE_GONE.value


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing to know: its ``code``, the values in it, and the sentence that a page shows."""

    code: str
    text: str
    values: Mapping[str, Plain] = field(default_factory=dict[str, Plain])


def explain_match(floor: Floor, match: Match, now: datetime) -> Reason:
    """Why this call went to these operators; asked before the floor has changed."""
    rules = floor.rules(match.waiting.queue)
    names = "、".join(name_of(floor, operator) for operator in match.operators)
    passed = waited(match.waiting.since, now)
    values: dict[str, Plain] = {"operators": ",".join(match.operators), "waited_seconds": passed.total_seconds()}
    if match.why == "assigned":
        return Reason("assigned", f"スーパーバイザーが{names}さんに割り当てたため", values)
    if match.why == "returned":
        return Reason("returned", f"{names}さんの内線転送がつながらず、戻ったため", values)
    if match.why == "last_operator":
        return Reason("last_operator", f"前回も{names}さんが応対したため", values)
    idle = floor.staff.idle_since(match.operators[0])
    if idle is not None:
        values["idle_seconds"] = waited(idle, now).total_seconds()
    asked = levels(rules.levels(passed))
    text = f"{names}さん：{STRATEGIES[rules.queue.strategy]}ため"
    if match.why == "skills_relaxed":
        text += f"（{_seconds(passed)}待ったので、必要なスキルは{asked or 'なし'}に緩和）"
    elif asked:
        text += f"（必要なスキル：{asked}）"
    return Reason(match.why, text, values)


def explain_waiting(floor: Floor, call: str, now: datetime) -> tuple[Reason, ...]:
    """Why ``call`` still waits, the weightiest reason first; empty when it does not wait."""
    place = floor.calls.place(call)
    return tuple(_reasons(floor, place, now)) if place else ()


def _reasons(floor: Floor, place: Waiting, now: datetime) -> Iterator[Reason]:
    rules = floor.rules(place.queue)
    line = floor.calls.line(place.call)
    if (only := line.only) and line.bound:
        if place.returned:
            yield Reason("returned", f"転送した{name_of(floor, only)}さんに戻るのを待っています", {"operator": only})
            return
        yield Reason("assigned", f"割り当てられた{name_of(floor, only)}さんを待っています", {"operator": only})
        return
    if only:
        until = place.since + rules.last_operator
        text = f"前回応対した{name_of(floor, only)}さんを{clock(until)}まで待っています"
        yield Reason("last_operator", text, {"operator": only, "until": until.isoformat()})
    elif not floor.staff.on_duty(place.queue):
        doing = _doing(floor, place.queue)
        yield Reason("nobody_at_work", f"この窓口で応対できるオペレーターがいません{_told(doing)}", doing)
    elif floor.staff.ready.in_queue(place.queue):
        yield from _lacking(floor, place, rules, now)
    else:
        doing = _doing(floor, place.queue)
        yield Reason("all_busy", f"受付可能なオペレーターがいません{_told(doing)}", doing)
    if ahead := floor.calls.ahead(place.call, rules, now):
        yield Reason("calls_ahead", f"先に応対する電話が{ahead}件あります", {"calls": ahead})


def _lacking(floor: Floor, place: Waiting, rules: Rules, now: datetime) -> Iterator[Reason]:
    """Somebody is ready and serves the queue: what is missing, and when less will be asked."""
    passed = waited(place.since, now)
    open_tiers = rules.open_tiers(passed)
    asked = levels(rules.levels(passed))
    if asked and floor.staff.ready.choose(rules, open_tiers, place.call) == ():
        later = floor.staff.ready.first_tier_from(place.queue, open_tiers)
        until = place.since + rules.tiers[later] if later is not None else None
        text = f"必要なスキル（{asked}）を持つ受付可能なオペレーターがいません"
        text += f"。{clock(until)}に条件が緩和されます" if until else ""
        yield Reason("skill_missing", text, {"skills": asked, "until": until and until.isoformat()})


def _doing(floor: Floor, queue: str) -> dict[str, Plain]:
    """How many of the operators of ``queue`` do what keeps them from a call, by state or as PHONE_GONE."""
    doing = Counter[str]()
    for seat in floor.staff.seats(queue):
        status = floor.status(seat.id)
        state = status.state if status else OperatorState.LOGGED_OUT
        if state is not OperatorState.READY:
            doing[state.value] += 1
        elif not floor.reachable(seat.id):
            doing[PHONE_GONE] += 1
    return dict(doing.most_common())


def _told(doing: Mapping[str, Plain]) -> str:
    words = {state.value: word for state, word in STATES.items()}
    told = "、".join(f"{words.get(state, state)}{count}名" for state, count in doing.items())
    return f"（{told}）" if told else ""


def name_of(floor: Floor, operator: str) -> str:
    """The operator's name, the id where the centre has no such seat any more."""
    seat = floor.seat(operator)
    return seat.name if seat else operator


def levels(asked: Mapping[str, int]) -> str:
    """Skills and their lowest levels in words; "" for none."""
    return "、".join(f"{skill} {lowest}以上" for skill, lowest in asked.items())


def clock(at: datetime) -> str:
    """A moment of Japan's day."""
    return f"{at.astimezone(JAPAN):%H:%M:%S}"


def _seconds(passed: timedelta) -> str:
    return f"{passed.total_seconds():.0f}秒"
