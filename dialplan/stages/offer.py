"""One offer: the operators of a match are rung at once, whoever answers first has the call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dialplan.acd.policy import Match
from dialplan.names import answering_leg, operator_leg
from dialplan.place import Place
from dialplan.scene import Scene
from dialplan.switch import Detached, Leg, NotAnswered
from kernel.call import Call, Offer
from kernel.centre import Queue
from kernel.events import EventKind, Plain

ANSWERING_SECONDS = 5
"""How long a phone that is to answer by itself has for it at least, also where its offer is about to end."""


def offer(call: Call, scene: Scene, match: Match, place: Place) -> Call:
    """The call as it is offered, with the reason in a word and in words.

    The first of several operators stands in it, the others' legs bear the same number. With the first is told what the
    queue's pace is reckoned from (``dialplan.acd.retold``).
    """
    first = match.operators[0]
    call = call.offered_to(first, operator_leg(call.id, first, call.offers + 1), scene.now())
    data = {"why": match.why, "because": place.because}
    pace: dict[str, Plain] = {"on_duty": place.on_duty, "waited_seconds": scene.waited(call)}
    paced = scene.event(EventKind.CALL_OFFERED, call, first, **data, **pace)
    others = (scene.event(EventKind.CALL_OFFERED, call, one, **data) for one in match.operators[1:])
    return scene.save(call, paced, *others)


async def ring(
    call: Call, scene: Scene, queue: Queue, place: Place, begun: Callable[[], None]
) -> tuple[Call, Leg | None]:
    """Ring the operators of ``place`` until one has answered: that leg, and the call with that offer; None when nobody.

    ``begun`` is called when all phones have been asked to ring. An operator may ask from the page that the phone answer
    by itself.

    The others stop ringing and are as ready as before. Every leg is over when an exception leaves, save for Detached
    and cancellation, which touch nothing.
    """
    assert call.offer is not None
    legs: dict[str, Leg] = {}
    operators = place.operators
    try:
        started = await _start_all(call, scene, queue, operators)
        begun()
        for operator, leg in zip(operators, started, strict=True):
            if isinstance(leg, NotAnswered):
                call = missed(call, scene, operator, leg.reason)
            elif isinstance(leg, BaseException):
                raise leg
            else:
                legs[operator] = leg
        return await _first_answer(call, scene, queue, place, legs)
    except (Detached, asyncio.CancelledError):
        raise
    except BaseException:
        await _hang_up(legs)
        raise


async def _start_all(
    call: Call, scene: Scene, queue: Queue, operators: tuple[str, ...]
) -> Sequence[Leg | BaseException]:
    """Their legs, or why there is none. One alone is rung at once, without a task of its own."""
    starts = [_start(call, scene, queue, operator) for operator in operators]
    if len(starts) > 1:
        return await asyncio.gather(*starts, return_exceptions=True)
    try:
        return [await starts[0]]
    except NotAnswered as failed:
        return [failed]


async def _start(call: Call, scene: Scene, queue: Queue, operator: str) -> Leg:
    assert call.offer is not None
    seat, leg = scene.centre().operator(operator), operator_leg(call.id, operator, call.offers)
    if call.offer.leg == answering_leg(call.id, operator, call.offers):
        return await _start_anew(call, scene, queue, operator)
    if seat is None:  # taken away: a phone that was rung before rings on, its answer counts
        if rung := await scene.switch.find(leg):
            return rung
        raise NotAnswered("unreachable")
    shows = call.number.digits if call.number else ""
    return await scene.switch.ring(leg, seat.extension, shows, queue.ring_seconds)


async def _start_anew(call: Call, scene: Scene, queue: Queue, operator: str) -> Leg:
    """Ring the phone anew, to answer by itself; first it stops ringing, unless it was answered: that answer counts.

    It is harmless to do so again. Raises NotAnswered.
    """
    assert call.offer is not None
    if before := await scene.switch.find(operator_leg(call.id, operator, call.offers)):
        if before.is_up:
            return before
        await before.hang_up()
        await before.gone()
    seat = scene.centre().operator(operator)
    if seat is None:
        raise NotAnswered("unreachable")
    left = call.offer.since + timedelta(seconds=queue.ring_seconds) - scene.now()
    seconds = max(ANSWERING_SECONDS, round(left.total_seconds()))
    shows = call.number.digits if call.number else ""
    return await scene.switch.ring(call.offer.leg, seat.extension, shows, seconds, answers_itself=True)


async def _first_answer(
    call: Call, scene: Scene, queue: Queue, place: Place, legs: dict[str, Leg]
) -> tuple[Call, Leg | None]:
    answers = {operator: asyncio.ensure_future(leg.answered()) for operator, leg in legs.items()}
    try:
        while answers:
            await scene.line.unless_gone(_one_of((*answers.values(), place.answer)))
            over = {operator: answer for operator, answer in answers.items() if answer.done()}
            if won := next((operator for operator, answer in over.items() if answer.exception() is None), None):
                return await _won(call, scene, won, legs), legs[won]
            for operator, answer in over.items():
                del answers[operator], legs[operator]
                call = _lost(call, scene, operator, answer)
            if place.answer.done() and (told := place.told()) in answers:
                answers.pop(told).cancel()
                call = await _rings_anew(call, scene, queue, told, legs)
                if told in legs:
                    answers[told] = asyncio.ensure_future(legs[told].answered())
        return call, None
    finally:
        for answer in answers.values():
            answer.cancel()
        await asyncio.gather(*answers.values(), return_exceptions=True)


async def _rings_anew(call: Call, scene: Scene, queue: Queue, operator: str, legs: dict[str, Leg]) -> Call:
    """It is stored before the phone is touched, so that a restart goes on here and rings it once."""
    assert call.offer is not None
    leg = answering_leg(call.id, operator, call.offers)
    call = scene.save(replace(call, offer=Offer(operator, leg, call.offer.since)))
    try:
        legs[operator] = await _start(call, scene, queue, operator)
    except NotAnswered as failed:
        del legs[operator]
        return missed(call, scene, operator, failed.reason)
    return call


async def _one_of(futures: Iterable[asyncio.Future[Any]]) -> None:
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)


def _lost(call: Call, scene: Scene, operator: str, answer: asyncio.Future[None]) -> Call:
    try:
        answer.result()
    except NotAnswered as failed:
        return missed(call, scene, operator, failed.reason)
    raise AssertionError("a phone that was answered has won")


async def _won(call: Call, scene: Scene, operator: str, legs: Mapping[str, Leg]) -> Call:
    """The offer is stored as the winner's before the others stop ringing, so that a restart finds who has won."""
    assert call.offer is not None
    others = {other: leg for other, leg in legs.items() if other != operator}
    if others:
        call = scene.save(replace(call, offer=Offer(operator, legs[operator].id, call.offer.since)))
        await _hang_up(others)
        for other in others:
            scene.desk.free(other, call.id)
    return call


def missed(call: Call, scene: Scene, operator: str, reason: str) -> Call:
    """``operator`` did not answer; the offer stands in the name of one who still rings, if somebody does."""
    assert call.offer is not None
    scene.desk.not_answering(operator, call.id)
    event = scene.event(EventKind.OFFER_NOT_ANSWERED, call, operator, reason=reason)
    rung = scene.desk.rung_for(call.id)
    if not rung:
        return scene.save(call.not_answered(), event)
    if call.offer.operator in rung:
        return scene.save(call, event)
    offer = Offer(rung[0], operator_leg(call.id, rung[0], call.offers), call.offer.since)
    return scene.save(replace(call, offer=offer), event)


async def _hang_up(legs: Mapping[str, Leg]) -> None:
    await asyncio.gather(*(leg.hang_up() for leg in legs.values()))
