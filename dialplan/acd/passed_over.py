"""Why an operator gets no call: the first thing that is in the way. Pure, and only for people."""

from __future__ import annotations

from datetime import datetime

from dialplan.acd.explain import PHONE_GONE, STATES, STRATEGIES, Reason, clock, levels
from dialplan.acd.floor import Floor
from dialplan.acd.rules import Rules, waited
from kernel.operator import BUSY, OperatorState
from kernel.routing import OperatorSeat


def explain_operator(floor: Floor, operator: str, now: datetime) -> Reason:
    """Why no phone of ``operator`` rings at ``now``, when all that could be decided is decided."""
    seat, status = floor.seat(operator), floor.status(operator)
    if seat is None:
        return Reason("no_seat", "センターの設定に席がありません")
    if status is None or status.state is OperatorState.LOGGED_OUT:
        return Reason("logged_out", "ログアウトしています")
    if status.state not in (OperatorState.READY, OperatorState.PHONE_GONE):
        code = "has_call" if status.state in BUSY else status.state.value
        why = f"（{status.reason}）" if status.reason and status.state is OperatorState.PAUSED else ""
        return Reason(code, f"{STATES.get(status.state, status.state.value)}です{why}")
    if status.state is OperatorState.PHONE_GONE or not floor.reachable(operator):
        return Reason(PHONE_GONE, f"電話機（内線{seat.extension}）につながりません", {"extension": seat.extension})
    return _ready(floor, seat, now)


def _ready(floor: Floor, seat: OperatorSeat, now: datetime) -> Reason:
    if not seat.queues:
        return Reason("no_queues", "担当する窓口が設定されていません")
    waiting = [queue for queue in seat.queues if floor.length(queue)]
    if not waiting:
        return Reason("no_calls", f"担当の窓口に待っている電話がありません。{_turns(floor, seat)}")
    reasons = [_not_for(floor, seat, queue, now) for queue in waiting]
    text = "。".join(reason.text for reason in reasons)
    return Reason(reasons[0].code, text, {"queues": ",".join(waiting)})


def _turns(floor: Floor, seat: OperatorSeat) -> str:
    """Whose turn comes before, queue by queue: who is idle longer, or as the strategy says."""
    return "、".join(_turn(floor, seat, floor.rules(queue)) for queue in seat.queues)


def _turn(floor: Floor, seat: OperatorSeat, rules: Rules) -> str:
    label, order = rules.queue.label, floor.staff.ready.in_queue(rules.queue.id)
    if seat.id not in order:
        return f"「{label}」に必要なスキル（{_lowest(rules)}）に足りません"
    place = order.index(seat.id) + 1
    if place == 1:
        return f"「{label}」では次に呼び出されます"
    return f"「{label}」では{place}番目です（{STRATEGIES[rules.queue.strategy]}人から）"


def _lowest(rules: Rules) -> str:
    """What is asked after however long a wait."""
    return levels(rules.levels(rules.tiers[-1]))


def _not_for(floor: Floor, seat: OperatorSeat, queue: str, now: datetime) -> Reason:
    """Why the calls that wait in ``queue`` are not for this operator, who is ready."""
    rules = floor.rules(queue)
    label, tier = rules.queue.label, rules.tier(seat.skills)
    if tier is None:
        return Reason("skill_missing", f"「{label}」に必要なスキル（{_lowest(rules)}）に足りません")
    lines = [line for line in floor.calls.lines(queue) if line.only in (None, seat.id)]
    if not lines:
        return Reason("reserved", f"「{label}」の電話は、前回応対した別のオペレーターを待っています")
    since = min(floor.calls.head(line).since for line in lines)
    if rules.open_tiers(waited(since, now)) <= tier:
        asked = levels(rules.levels(waited(since, now)))
        opens = clock(since + rules.tiers[tier])
        return Reason("skill_later", f"「{label}」に必要なスキル（{asked}）に足りません。{opens}に条件が緩和されます")
    return Reason("about_to_ring", f"「{label}」の電話をまもなく呼び出します")
