"""The wallboard counts calls as the reports do, event by event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from agent_console.japan_day import day_of
from agent_console.live.contacts import Contacts
from agent_console.live.control import Control, ControlState
from crm.figures.count import Logged, count
from kernel.events import Event, EventKind
from kernel.figures import QueueFigures, Rule
from tests.support.random_floor import MIDNIGHT, RandomFloor

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
TODAY = day_of(NOON)
DAY = timedelta(days=1)
RULES = {"enquiries": Rule(), "exchange": Rule(timedelta(seconds=30), timedelta(seconds=3))}


def of_calls(figures: QueueFigures) -> QueueFigures:
    """Without the operators' time, which the wallboard does not show."""
    none = timedelta()
    return QueueFigures(
        **{
            name: none if name in ("talk", "hold", "wrap_up") else getattr(figures, name)
            for name in QueueFigures.__slots__
        }
    )


@given(st.builds(RandomFloor, st.randoms(use_true_random=False), st.integers(1, 150)), st.integers(0, 150))
@settings(max_examples=60)
def test_at_any_moment_it_shows_what_the_report_counts(floor, place):
    seen = floor.events[:place]
    now = max([MIDNIGHT, *(event.at for event in seen)])
    live = Contacts()
    for event in seen:
        live.apply(event)
        live.quarters(day_of(MIDNIGHT), RULES, event.at)
    reported = count(Logged(MIDNIGHT, MIDNIGHT + DAY, events=seen), RULES, now).queues
    wanted = {key: of_calls(one) for key, one in reported.items() if one.offered}
    assert dict(live.quarters(day_of(MIDNIGHT), RULES, now)) == wanted


def event(kind: EventKind, seconds: float = 0, call: str = "c1", queue: str | None = "enquiries") -> Event:
    return Event(kind, NOON + timedelta(seconds=seconds), call, None, queue)


def counted(*events: Event, rules=RULES, now: datetime = NOON, day=TODAY) -> list[QueueFigures]:
    contacts = Contacts()
    for one in events:
        contacts.apply(one)
    return list(contacts.quarters(day, rules, now).values())


def test_a_call_that_is_put_back_and_answered_again_is_one_answered_call():
    queued, answered = event(EventKind.CALL_QUEUED), event(EventKind.CALL_ANSWERED, 5)
    assert [one.answered for one in counted(queued, answered, queued, answered)] == [1]


def test_the_day_is_japans_day():
    last_second = datetime(2026, 11, 24, 14, 59, 59, tzinfo=UTC) - NOON
    events = [
        event(EventKind.CALL_QUEUED, last_second.total_seconds() + more, call) for more, call in ((0, "c1"), (1, "c2"))
    ]
    for day in (TODAY, TODAY + DAY):
        assert [one.offered for one in counted(*events, day=day)] == [1]


def test_a_target_that_is_changed_counts_for_what_has_been_as_well():
    contacts = Contacts()
    for one in (event(EventKind.CALL_QUEUED), event(EventKind.CALL_ANSWERED, 15)):
        contacts.apply(one)
    slow = {"enquiries": Rule(timedelta(seconds=20))}
    assert [one.within for one in contacts.quarters(TODAY, RULES, NOON).values()] == [0]
    assert [one.within for one in contacts.quarters(TODAY, slow, NOON).values()] == [1]


def test_what_is_old_is_forgotten():
    contacts = Contacts()
    contacts.apply(event(EventKind.CALL_QUEUED))
    contacts.forget(TODAY)
    assert contacts.quarters(TODAY, RULES, NOON)
    contacts.forget(TODAY + DAY)
    assert not contacts.quarters(TODAY, RULES, NOON)


def test_the_log_tells_whether_asterisk_is_driven_and_since_when_not():
    state = ControlState()
    told = [
        (EventKind.CALL_ARRIVED, Control.UNKNOWN),
        (EventKind.CONTROLLER_STARTED, Control.CONNECTING),
        (EventKind.EXCHANGE_CONNECTED, Control.DRIVING),
        (EventKind.EXCHANGE_LOST, Control.CONNECTING),
        (EventKind.CONTROLLER_STARTED, Control.CONNECTING),
        (EventKind.CONTROLLER_STOPPED, Control.STOPPED),
    ]
    for seconds, (kind, wanted) in enumerate(told):
        state.apply(event(kind, seconds))
        assert state.now is wanted
    assert state.since == NOON + timedelta(seconds=5)
