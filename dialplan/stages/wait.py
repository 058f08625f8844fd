"""The caller waits, operators' phones ring."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog

from dialplan.acd.pace import minutes_to_tell
from dialplan.acd.policy import Displaced, Overflowed
from dialplan.names import citizen, talk_bridge
from dialplan.place import Moved, Place
from dialplan.race import first
from dialplan.scene import Scene
from dialplan.stages.lead import begin_again, leave, overflow
from dialplan.stages.offer import missed, offer, ring
from dialplan.stages.waiting_keys import Pressed, WaitingKeys, waiting_keys_told
from dialplan.switch import ChannelGone, Detached, Leg
from kernel.announcement import filled
from kernel.call import Call, CallerGone
from kernel.events import Event, EventKind
from kernel.routing import Overflow

log = structlog.get_logger(__name__)


async def wait(call: Call, scene: Scene) -> Call:
    """Wait with music until an operator has answered and hears the caller (T4), or until an overflow rule holds."""
    last = scene.last_operator(call)
    with scene.desk.place(call, last) as place:  # before the first await: calls that are resumed enter in their order
        if call.transfer and call.assigned:  # came back: its wrap-up is over before another call can ring there
            scene.desk.finish_wrap_up(call.assigned, call.id)
        listening = WaitingKeys(call, scene, place)
        async with (
            _music(call, scene, place) as (begin, music),
            _announcing(call, scene, place, music),
            listening as keys,
        ):
            if call.offer:  # rung before a crash: no phone is looked for on behalf of a caller who has left since
                begin.set()
                await music
            call, reached = await _until_answered(call, scene, place, begin, keys)
        if reached is not None and not isinstance(reached, Overflow | Pressed):
            return await _connect(call, scene, reached)
    if isinstance(reached, Pressed):
        await scene.line.hush()
        return await leave(call, scene, reached.key, reached.lead)
    return await overflow(call, scene, reached, scene.queue(place.queue)) if reached else begin_again(call, scene)


@asynccontextmanager
async def _music(call: Call, scene: Scene, place: Place) -> AsyncGenerator[tuple[asyncio.Event, asyncio.Task[None]]]:
    """Take the caller and let there be music: at once, or where somebody is free, once that phone rings (the event).

    The task is done when there is. On leaving well there is music, or what went wrong with it is raised.
    """
    begin = asyncio.Event()
    if not place.operators:
        begin.set()
    music = asyncio.create_task(_take_and_hold(call, scene, begin), name=f"music of {call.id}")
    try:
        yield begin, music
        await music
    finally:
        music.cancel()
        await asyncio.gather(music, return_exceptions=True)


async def _take_and_hold(call: Call, scene: Scene, begin: asyncio.Event) -> None:
    await begin.wait()
    if call.menu is None:  # who was asked by a menu has been taken
        await scene.line.answer()
    await scene.line.hold()


async def _until_answered(
    call: Call, scene: Scene, place: Place, music: asyncio.Event, keys: WaitingKeys
) -> tuple[Call, Leg | Overflow | Pressed | None]:
    """The leg that has answered, the rule or key by which the call leaves, None because its queue was removed."""
    while True:
        if call.offer is None:
            decision = place.now() or await scene.line.unless_gone(first(place.decided(), keys.pressed()))
            if isinstance(decision, Pressed):
                return call, decision
            if isinstance(decision, Overflowed | Displaced):
                return call, decision.rule if isinstance(decision, Overflowed) else None
            if isinstance(decision, Moved):
                call = _moved(call, scene, decision)
                place.move(decision)
                continue
            log.info("offered", operators=decision.operators, why=decision.why, because=place.because)
            call = offer(call, scene, decision, place)
        call, leg = await ring(call, scene, scene.queue(place.queue), place, music.set)
        if leg:
            return call, leg
        place.again()


def _moved(call: Call, scene: Scene, moved: Moved) -> Call:
    """Where a supervisor lets the call wait. The caller goes on hearing the same music, and has waited as long."""
    data = {"by": moved.by, "to": moved.operator or moved.queue}
    if moved.operator:
        call = call.waits_for(moved.operator)
        return scene.save(call, scene.event(EventKind.CALL_MOVED, call, moved.operator, **data))
    left = scene.event(EventKind.CALL_MOVED, call, **data)
    call = call.waits_in(moved.queue, scene.now())
    return scene.save(call, left, scene.event(EventKind.CALL_QUEUED, call))


async def _connect(call: Call, scene: Scene, leg: Leg) -> Call:
    """Let both hear each other. Whoever hung up in this very moment leaves no dead call behind (hard case 12)."""
    assert call.offer is not None
    operator = call.offer.operator
    await scene.line.hush()
    try:
        await scene.switch.join(talk_bridge(call.id), citizen(call), leg.id)
    except (ChannelGone, CallerGone) as gone:
        await leg.hang_up()
        await scene.line.answer()  # raises CallerGone when it was the caller
        log.info("operator hung up while being connected", operator=operator, why=str(gone))
        return missed(call, scene, operator, "hung_up")
    scene.desk.talks(operator, call.id)
    call = call.talks_with(operator, leg.id, scene.now())
    scene.callbacks.served(call)
    return scene.save(call, scene.event(EventKind.CALL_ANSWERED, call))


@asynccontextmanager
async def _announcing(call: Call, scene: Scene, place: Place, music: asyncio.Task[None]) -> AsyncGenerator[None]:
    """Tell the caller the place in the queue, now and then; what goes wrong with it must not end the wait.

    Only once there is music: the exchange moves a caller who hears something when it has been said, and until then it
    serves nobody else.
    """
    task = asyncio.create_task(_announce(call, scene, place, music), name=f"announcements of {call.id}")
    try:
        yield
    finally:
        task.cancel()
        (result,) = await asyncio.gather(task, return_exceptions=True)
        if isinstance(result, Exception) and not isinstance(result, CallerGone | Detached):
            log.error("announcing the place in the queue failed", exc_info=result)


async def _announce(call: Call, scene: Scene, place: Place, music: asyncio.Task[None]) -> None:
    await asyncio.wait({music})
    minutes: int | None = None
    while True:
        texts = scene.centre().texts(call.language)
        queue = scene.queue(place.queue)
        if position := place.position:
            at = scene.now()
            expected = scene.desk.expected(queue.id, position)
            told = minutes_to_tell(expected and expected.sure, minutes)
            minutes = told or minutes
            spoken = [filled(text, position=position)] if (text := texts.get("position")) else []
            if told and (text := texts.get("expected-wait")):
                spoken.append(filled(text, minutes=told))
            spoken += waiting_keys_told(scene, queue, call.language)
            if spoken:
                await scene.line.play(*spoken)
                if expected and told and texts.get("expected-wait"):
                    data = {"minutes": told, "position": position, "expected_seconds": expected.mean.total_seconds()}
                    scene.desk.note(Event(EventKind.WAIT_TOLD, at, call.id, queue=queue.id, data=data))
        await asyncio.sleep(queue.announce_every_seconds)
