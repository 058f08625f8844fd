"""What a change does to calls that stand on what it removes, and what it does not reach by itself. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent_console.centre.parts import Plain
from agent_console.centre.typed import items, mapping
from kernel.call import Call, Stage
from kernel.centre import Centre

WITH_AN_OPERATOR = frozenset({Stage.TALK, Stage.HAND_OVER, Stage.TELL, Stage.WRAP_UP})
WAITING = frozenset({Stage.WAIT, Stage.CALL_BACK})
SPOKEN_BY_ASTERISK = ("please-hold", "closed", "congested", "apology")
RENDER = (
    "この変更のうち、番号・内線・電話機・制御プログラムが止まっているときの案内は、`python -m denwa render` を実行して"
    "Asterisk を再読み込みすると反映されます。"
)


def warnings(calls: Iterable[Call], before: Centre, after: Centre) -> list[str]:
    """What happens to ``calls``, those that are not over, when ``after`` takes the place of ``before``."""
    live = list(calls)
    return [*_queues(live, before, after), *_operators(live, before, after), *_closing(live, before, after)]


def _queues(calls: Sequence[Call], before: Centre, after: Centre) -> list[str]:
    gone = [queue for queue in before.queues if after.queue(queue.id) is None]
    counted = [(queue, sum(call.queue == queue.id and call.stage in WAITING for call in calls)) for queue in gone]
    return [
        f"なくなる窓口「{queue.label}」で、いま{count}件のお客様が待っています。"
        "待ち時間を引き継いで、最初のメニューに戻ります。"
        for queue, count in counted
        if count
    ]


def _operators(calls: Sequence[Call], before: Centre, after: Centre) -> list[str]:
    at_work = {call.operator for call in calls if call.stage in WITH_AN_OPERATOR}
    gone = [seat for seat in before.operators if after.operator(seat.id) is None]
    return [
        f"なくなるオペレーター「{seat.name}」は、いま対応中です。この対応を終えると、ログアウトになります。"
        for seat in gone
        if seat.id in at_work
    ]


def _closing(calls: Sequence[Call], before: Centre, after: Centre) -> list[str]:
    """Queues whose last operator is taken away while callers wait there."""
    served = {queue for seat in after.operators for queue in seat.queues}
    was = {queue for seat in before.operators for queue in seat.queues}
    lost = [queue for queue in after.queues if queue.id in was - served]
    waits = {call.queue for call in calls if call.stage in WAITING}
    return [
        f"窓口「{queue.label}」を担当するオペレーターがいなくなります。"
        + ("いま待っているお客様は、「受けられる人がいないとき」の行き先に進みます。" if queue.id in waits else "")
        for queue in lost
    ]


def needs_render(before: Plain, after: Plain) -> bool:
    """Whether something is changed that Asterisk's own configuration says, too (``denwa render``)."""
    return _rendered(before) != _rendered(after)


def _rendered(document: Plain) -> object:
    texts = mapping(document.get("announcements"))
    phones = [
        [(mapping(seat).get("id"), mapping(seat).get("extension"), mapping(seat).get("phone")) for seat in items(seats)]
        for seats in (document.get("operators"), document.get("supervisors"))
    ]
    return document.get("numbers"), document.get("hours"), phones, [texts.get(id) for id in SPOKEN_BY_ASTERISK]
