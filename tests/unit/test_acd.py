"""The floor and the policy, over random histories and against a plain, slow model."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dialplan.acd.floor import Floor, Waiting
from dialplan.acd.policy import next_match
from kernel.centre import OperatorSeat
from kernel.operator import OperatorState, OperatorStatus

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
QUEUES = ["enquiries", "exchange"]

moments = st.integers(0, 50).map(lambda seconds: NOON + timedelta(seconds=seconds))
seats = st.lists(
    st.builds(
        OperatorSeat,
        id=st.integers(0, 9).map(lambda n: f"op{n}"),
        name=st.just("佐藤"),
        extension=st.integers(7000, 7009).map(str),
        queues=st.sets(st.sampled_from(QUEUES)).map(lambda some: tuple(sorted(some))),
    ),
    max_size=8,
    unique_by=(lambda seat: seat.id, lambda seat: seat.extension),
)
states = st.sampled_from([OperatorState.READY, OperatorState.READY, OperatorState.PAUSED, OperatorState.TALKING])
callers = st.lists(
    st.tuples(st.integers(0, 99).map(lambda n: f"c-{n}"), st.sampled_from(QUEUES), moments),
    max_size=12,
    unique_by=lambda caller: caller[0],
)


def matched(floor: Floor) -> list[tuple[Waiting, str]]:
    """All offers that the floor gives, each operator ringing from then on."""
    pairs: list[tuple[Waiting, str]] = []
    while match := next_match(floor):
        floor.leave(match.waiting.call)
        status = floor.status(match.ready.operator)
        assert status is not None
        floor.set(status.becomes(OperatorState.RINGING, NOON, call=match.waiting.call))
        pairs.append((match.waiting, match.ready.operator))
    return pairs


def plainly(
    waiting: list[Waiting], ready: list[OperatorStatus], seats: dict[str, OperatorSeat]
) -> list[tuple[Waiting, str]]:
    """The slow model: look at everybody each time."""
    free = sorted(ready, key=lambda status: (status.since, status.operator))
    pairs: list[tuple[Waiting, str]] = []
    for place in sorted(waiting):
        for status in free:
            if place.queue in seats[status.operator].queues:
                free.remove(status)
                pairs.append((place, status.operator))
                break
    return pairs


@given(seats, st.lists(st.tuples(states, moments), min_size=8, max_size=8), callers, st.sets(st.integers(0, 9)))
def test_the_floor_decides_as_the_plain_model_does(chairs, conditions, calls, unreachable):
    floor = Floor(chairs)
    for number in unreachable:
        floor.reach(f"70{number:02}", reachable=False)
    statuses = [OperatorStatus(seat.id, state, since) for seat, (state, since) in zip(chairs, conditions, strict=False)]
    for status in statuses:
        floor.set(status)
    waiting = [Waiting(since, call, queue) for call, queue, since in calls]
    for place in waiting:
        floor.wait(place)
    gone = {f"70{number:02}" for number in unreachable}
    by_id = {seat.id: seat for seat in chairs}
    ready = [s for s in statuses if s.state is OperatorState.READY and by_id[s.operator].extension not in gone]
    assert matched(floor) == plainly(waiting, ready, by_id)


@given(callers)
def test_positions_count_from_one_without_gaps_and_a_call_put_back_has_its_old_place(calls):
    floor = Floor()
    places = [Waiting(since, call, queue) for call, queue, since in calls]
    for place in places:
        floor.wait(place)
    for queue in QUEUES:
        waiting = sorted(place for place in places if place.queue == queue)
        assert [floor.position(place.call) for place in waiting] == list(range(1, len(waiting) + 1))
        for place in waiting:
            before = floor.position(place.call)
            floor.leave(place.call)
            floor.wait(place)
            assert floor.position(place.call) == before


def test_a_seat_that_the_centre_no_longer_has_is_offered_nothing():
    seat = OperatorSeat(id="sato", name="佐藤", extension="7001", queues=("enquiries",))
    floor = Floor([seat])
    floor.set(OperatorStatus("sato", OperatorState.READY, NOON))
    floor.arrange([])
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    assert next_match(floor) is None
    floor.arrange([seat])
    assert next_match(floor) is not None
