"""コールバック: the citizen has hung up and keeps the place in the queue; an operator is rung when its turn comes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import structlog

from dialplan.acd.policy import Displaced, Match
from dialplan.nobody import Nobody
from dialplan.place import Place
from dialplan.race import first
from dialplan.scene import Scene
from dialplan.stages.offer import offer, ring
from dialplan.stages.reach import given_up, reach, reach_on
from dialplan.switch import Leg
from ivr.hours import closes_in, opens_in
from kernel.call import Call, CallerGone, Outcome, Stage
from kernel.commands import Command

log = structlog.get_logger(__name__)

LOOK_SECONDS = 60.0
"""So often the hours are looked at: the document may change, and the wall clock too."""


async def call_back(call: Call, scene: Scene) -> Call:
    """Say goodbye, wait for the turn, ring an operator, then the citizen; return when they talk or it is given up.

    Nobody is rung outside the opening hours. A turn that comes to nothing leaves the call at its place.
    """
    if call.callback is None or call.callback.due is None:
        call = await _part(call, scene)
    scene = replace(scene, line=Nobody())
    while call.stage is Stage.CALL_BACK:
        call = await _next_turn(call, scene)
    return call


async def _part(call: Call, scene: Scene) -> Call:
    """The citizen hears that the centre will ring; after a crash once more, where still on the line."""
    try:
        await scene.line.play(scene.centre().texts(call.language)["callback-goodbye"])
    except CallerGone:
        log.info("the citizen hung up during the goodbye")
    await scene.line.hang_up()
    return scene.save(call.is_rung_after(scene.now()))


async def _next_turn(call: Call, scene: Scene) -> Call:
    """Until something has come of it: a talk, an end, or another turn later."""
    if call.offer is None and (wish := await _until_due(call, scene)):
        return given_up(call, scene, wish.reason or wish.by, Outcome.CANCELLED)
    with scene.desk.place(call, scene.last_operator(call)) as place:
        if call.callback and call.callback.ringing:
            return await reach_on(call, scene)
        call, reached = await _until_answered(call, scene, place)
        if isinstance(reached, Command):
            return given_up(call, scene, reached.reason or reached.by, Outcome.CANCELLED)
        if isinstance(reached, Displaced):
            return given_up(call, scene, "queue_removed", Outcome.NOT_REACHED)
        if reached is None:
            return call
        return await reach(call, scene, reached)


async def _until_due(call: Call, scene: Scene) -> Command | None:
    """Return at once when the citizen may be rung now; the wish of somebody who cancels meanwhile."""
    while left := _seconds_left(call, scene):
        wish = await first(scene.requests.get(), _doze(left))
        if wish is not None:
            return wish
    return None


def _seconds_left(call: Call, scene: Scene) -> float:
    """Until the next try, or the opening; 0: now."""
    assert call.callback is not None
    now = scene.now()
    opening = opens_in(scene.centre().hours, now)
    due = (call.callback.due - now).total_seconds() if call.callback.due else 0.0
    return max(0.0, due, LOOK_SECONDS if opening is None else opening)


async def _until_answered(call: Call, scene: Scene, place: Place) -> tuple[Call, Leg | Command | Displaced | None]:
    """An operator's phone that was answered, the wish to cancel, that the queue was removed, or None: it closes."""
    while True:
        queue = scene.queue(call.queue or "")
        if call.offer is None:
            decision = await first(scene.requests.get(), _closing(scene), place.decided())
            if decision is None or isinstance(decision, Command | Displaced):
                return call, decision
            assert isinstance(decision, Match), "a callback's place is kept"
            log.info("offered", operators=decision.operators, why=decision.why, because=place.because)
            call = offer(call, scene, decision, place)
        call, leg = await ring(call, scene, queue, place, _nothing_more)
        if leg:
            return call, leg
        place.again()


async def _closing(scene: Scene) -> None:
    """Return when the centre is open no longer."""
    while left := closes_in(scene.centre().hours, scene.now()):
        await _doze(left)


async def _doze(seconds: float) -> None:
    """Sleep, and wake early to look again."""
    await asyncio.sleep(min(seconds, LOOK_SECONDS))


def _nothing_more() -> None:
    """There is nobody for whom music is to begin when the phones ring."""
