"""Where a call goes on: into a queue, to a menu or a voicebot, to an announcement and the end, to a message, to a
callback, to a link by SMS."""

from __future__ import annotations

from datetime import timedelta

import structlog

from dialplan.scene import Scene
from dialplan.stages.ask_callback import ask_callback
from dialplan.stages.send_link import send_link, tell_and_send
from kernel.announcement import Said
from kernel.call import Call, CallerGone, Outcome
from kernel.events import EventKind
from kernel.link import link_of
from kernel.routing import Lead, Overflow, Queue

log = structlog.get_logger(__name__)


async def follow(call: Call, scene: Scene, lead: Lead, otherwise: Outcome) -> Call:
    """The call where ``lead`` leads; ``otherwise`` is what became of it when that is an announcement.

    The document may have changed since the lead was read: what is no longer in it leads to the first menu.
    """
    centre, call = scene.centre(), call.speaks(lead.language)
    if lead.queue and centre.queue(lead.queue):
        return await enter(call, scene, lead.queue)
    if lead.menu:
        return call.at_menu(lead.menu)
    if lead.voicebot:
        return call.at_voicebot(lead.voicebot)
    return await _told(call, scene, lead, otherwise) or begin_again(call, scene)


async def _told(call: Call, scene: Scene, lead: Lead, otherwise: Outcome) -> Call | None:
    """After what ``lead`` has the caller told; None where the document has it no more."""
    texts = scene.centre().texts(call.language)
    if link := link_of(scene.centre().links, lead.link):
        return await send_link(call, scene, link, otherwise)
    if lead.message and (text := texts.get(lead.message)):
        await scene.line.play(text)
        await scene.line.beep()
        return call.takes_message(scene.now())
    if lead.announcement and (text := texts.get(lead.announcement)):
        await scene.line.play(text)
        return call.is_over(scene.now(), otherwise)
    return None


def begin_again(call: Call, scene: Scene) -> Call:
    """Ask the caller anew, from the first menu: what the call was led to is not in the document any more."""
    entry = scene.centre().entry
    scene.save(call, scene.event(EventKind.CALL_OVERFLOWED, call, why="removed", to=entry))
    return call.at_menu(entry)


async def leave(call: Call, scene: Scene, key: str, lead: Lead) -> Call:
    """The waiting call where the caller's ``key`` leads: back to its place where no callback was agreed on, and with a
    link by SMS, which needs nobody to leave it."""
    if link := link_of(scene.centre().links, lead.link):
        await tell_and_send(call.speaks(lead.language), scene, link)
        return call
    left = scene.event(EventKind.QUEUE_LEFT, call, key=key, to=lead.name, waited_seconds=scene.waited(call))
    call = scene.save(call.speaks(lead.language), left)
    if lead.callback:
        return await ask_callback(call, scene) or call
    return await _led_away(call, scene, lead, Outcome.LEFT_QUEUE)


async def _led_away(call: Call, scene: Scene, lead: Lead, otherwise: Outcome) -> Call:
    """Who hangs up in the guidance has left the queue, by its rule or by key, and not given up waiting."""
    try:
        return await follow(call, scene, lead, otherwise)
    except CallerGone as gone:
        return call.is_over(gone.at, otherwise)


async def overflow(call: Call, scene: Scene, rule: Overflow, queue: Queue) -> Call:
    """The call where ``rule`` of ``queue``, in which it waits or would have, leads."""
    log.info("overflowed", queue=call.queue, why=rule.when, to=rule.to.name)
    scene.save(call, scene.event(EventKind.CALL_OVERFLOWED, call, why=rule.when, to=rule.to.name))
    if rule.to.callback:
        return await _called_back(call, scene, queue)
    return await _led_away(call, scene, rule.to, Outcome.CONGESTED)


async def _called_back(call: Call, scene: Scene, queue: Queue) -> Call:
    """Who may not wait and agrees on no callback hears that it is congested."""
    if call.queue != queue.id or call.waiting_since is None:
        call = call.waits_in(queue.id, scene.now())
        call = scene.save(call, scene.event(EventKind.CALL_QUEUED, call))
    return await ask_callback(call, scene) or await _congested(call, scene)


async def enter(call: Call, scene: Scene, id: str) -> Call:
    """Into the queue, unless it is closed or full, or the wait would be too long (電話積滞時, T2).

    One that is not in the document any more leads to the first menu.
    """
    queue = scene.centre().queue(id)
    if queue is None:
        return begin_again(call, scene)
    if refusal := _refusal(scene, queue):
        await scene.line.answer()
        if rule := queue.leads_on(refusal):
            return await overflow(call, scene, rule, queue)
        return await (_closed(call, scene) if refusal == "closed" else _congested(call, scene))
    call = call.waits_in(queue.id, scene.now())
    return scene.save(call, scene.event(EventKind.CALL_QUEUED, call))


async def _congested(call: Call, scene: Scene) -> Call:
    return await _said(call, scene, scene.centre().texts(call.language)["congested"], Outcome.CONGESTED)


async def _closed(call: Call, scene: Scene) -> Call:
    texts = scene.centre().texts(call.language)
    return await _said(call, scene, texts.get("queue-closed", texts["congested"]), Outcome.CLOSED)


async def _said(call: Call, scene: Scene, text: Said, outcome: Outcome) -> Call:
    """The end, heard to its last word or not."""
    try:
        await scene.line.play(text)
    except CallerGone as gone:
        return call.is_over(gone.at, outcome)
    return call.is_over(scene.now(), outcome)


def _refusal(scene: Scene, queue: Queue) -> str | None:
    if queue.closed:
        return "closed"
    length = scene.desk.floor.length(queue.id)
    if length >= queue.limit:
        return "full"
    if queue.expected_wait_limit_seconds is None:
        return None
    expected = scene.desk.expected(queue.id, length + 1)
    too_long = expected is not None and expected.mean > timedelta(seconds=queue.expected_wait_limit_seconds)
    return "expected_wait" if too_long else None
