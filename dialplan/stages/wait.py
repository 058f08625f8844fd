"""The caller waits, operators' phones ring one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog

from dialplan.desk import Place
from dialplan.names import operator_leg, talk_bridge
from dialplan.scene import Scene
from dialplan.switch import ChannelGone, Detached, Leg, NotAnswered
from kernel.announcement import fill
from kernel.call import Call, CallerGone, Offer
from kernel.centre import Queue
from kernel.events import EventKind

log = structlog.get_logger(__name__)


async def wait(call: Call, scene: Scene) -> Call:
    """Wait with music until an operator has answered and hears the caller (T4)."""
    queue = scene.queue(call.queue or "")
    with scene.desk.place(call) as place:  # before the first await: calls that are resumed enter in their order
        await scene.line.hold()
        async with _announcing(call, scene, queue, place):
            call, leg = await _until_answered(call, scene, queue, place)
        return await _connect(call, scene, leg)


async def _until_answered(call: Call, scene: Scene, queue: Queue, place: Place) -> tuple[Call, Leg]:
    while True:
        if call.offer is None:
            seat = await scene.line.unless_gone(place.matched())
            leg = operator_leg(call.id, seat.id, call.offers + 1)
            call = call.offered_to(seat.id, leg, scene.now())
            call = scene.save(call, scene.event(EventKind.CALL_OFFERED, call, seat.id))
        offer = call.offer
        assert offer is not None
        try:
            return call, await _ring(call, scene, queue, offer)
        except NotAnswered as failed:
            scene.desk.not_answering(offer.operator, call.id)
            call = call.not_answered()
            missed = scene.event(EventKind.OFFER_NOT_ANSWERED, call, offer.operator, reason=failed.reason)
            call = scene.save(call, missed)
            place.again()


async def _ring(call: Call, scene: Scene, queue: Queue, offer: Offer) -> Leg:
    """Ring the operator; the leg is answered when it is returned and over when an exception leaves."""
    seat = scene.centre().operator(offer.operator)
    if seat is None:
        raise NotAnswered("unreachable")
    shows = call.caller.digits if call.caller else ""
    leg = await scene.switch.ring(offer.leg, seat.extension, shows, queue.ring_seconds)
    try:
        await scene.line.unless_gone(leg.answered())
    except CallerGone:
        await leg.hang_up()
        raise
    return leg


async def _connect(call: Call, scene: Scene, leg: Leg) -> Call:
    """Let both hear each other. Whoever hung up in this very moment leaves no dead call behind (hard case 12)."""
    assert call.offer is not None
    operator = call.offer.operator
    await scene.line.hush()
    try:
        await scene.switch.join(talk_bridge(call.id), call.id, leg.id)
    except (ChannelGone, CallerGone) as gone:
        await leg.hang_up()
        await scene.line.answer()  # raises CallerGone when it was the caller
        scene.desk.not_answering(operator, call.id)
        log.info("operator hung up while being connected", operator=operator, why=str(gone))
        missed = scene.event(EventKind.OFFER_NOT_ANSWERED, call, operator, reason="hung_up")
        return scene.save(call.not_answered(), missed)
    scene.desk.talks(operator, call.id)
    call = call.talks_with(operator, leg.id, scene.now())
    return scene.save(call, scene.event(EventKind.CALL_ANSWERED, call))


@asynccontextmanager
async def _announcing(call: Call, scene: Scene, queue: Queue, place: Place) -> AsyncGenerator[None]:
    """Tell the caller the place in the queue, now and then; what goes wrong with it must not end the wait."""
    task = asyncio.create_task(_announce(scene, queue, place), name=f"announcements of {call.id}")
    try:
        yield
    finally:
        task.cancel()
        (result,) = await asyncio.gather(task, return_exceptions=True)
        if isinstance(result, Exception) and not isinstance(result, CallerGone | Detached):
            log.error("announcing the place in the queue failed", exc_info=result)


async def _announce(scene: Scene, queue: Queue, place: Place) -> None:
    while True:
        text = scene.centre().announcements.get("position")
        if text and (position := place.position):
            await scene.line.play(fill(text, position=position))
        await asyncio.sleep(queue.announce_every_seconds)
