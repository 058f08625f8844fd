"""Where a call goes on: into a queue, to a menu, or to an announcement and the end."""

from __future__ import annotations

from datetime import timedelta

import structlog

from dialplan.scene import Scene
from kernel.call import Call, Outcome
from kernel.events import EventKind
from kernel.routing import Lead, Overflow, Queue

log = structlog.get_logger(__name__)


async def follow(call: Call, scene: Scene, lead: Lead, otherwise: Outcome) -> Call:
    """The call where ``lead`` leads; ``otherwise`` is what became of it when that is an announcement.

    The document may have changed since the lead was read: what is no longer in it leads to the first menu.
    """
    centre = scene.centre()
    if lead.queue and (queue := centre.queue(lead.queue)):
        return await _enter(call, scene, queue)
    if lead.menu:
        return call.at_menu(lead.menu)
    if lead.announcement and (text := centre.announcements.get(lead.announcement)):
        await scene.line.play(text)
        return call.is_over(scene.now(), otherwise)
    return begin_again(call, scene)


def begin_again(call: Call, scene: Scene) -> Call:
    """Ask the caller anew, from the first menu: what the call was led to is not in the document any more."""
    entry = scene.centre().entry
    scene.save(call, scene.event(EventKind.CALL_OVERFLOWED, call, why="removed", to=entry))
    return call.at_menu(entry)


async def overflow(call: Call, scene: Scene, rule: Overflow) -> Call:
    """The call where ``rule`` leads."""
    log.info("overflowed", queue=call.queue, why=rule.when, to=_name(rule.to))
    scene.save(call, scene.event(EventKind.CALL_OVERFLOWED, call, why=rule.when, to=_name(rule.to)))
    return await follow(call, scene, rule.to, Outcome.CONGESTED)


async def _enter(call: Call, scene: Scene, queue: Queue) -> Call:
    """Into the queue, unless it is closed or full, or the wait would be too long (電話積滞時, T2)."""
    if refusal := _refusal(scene, queue):
        await scene.line.answer()
        if rule := queue.leads_on(refusal):
            return await overflow(call, scene, rule)
        texts = scene.centre().announcements
        closed = refusal == "closed"
        await scene.line.play(texts.get("queue-closed", texts["congested"]) if closed else texts["congested"])
        return call.is_over(scene.now(), Outcome.CLOSED if closed else Outcome.CONGESTED)
    call = call.waits_in(queue.id, scene.now())
    return scene.save(call, scene.event(EventKind.CALL_QUEUED, call))


def _refusal(scene: Scene, queue: Queue) -> str | None:
    if queue.closed:
        return "closed"
    length = scene.desk.floor.length(queue.id)
    if length >= queue.limit:
        return "full"
    if queue.expected_wait_limit_seconds is None:
        return None
    expected = scene.desk.expected_wait(queue.id, length + 1)
    too_long = expected is not None and expected > timedelta(seconds=queue.expected_wait_limit_seconds)
    return "expected_wait" if too_long else None


def _name(lead: Lead) -> str | None:
    return lead.queue or lead.menu or lead.announcement
