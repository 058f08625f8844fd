from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent_console.live.day import Day
from agent_console.live.replay import id_before
from kernel.events import Event, EventKind, StoredEvent

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)


def told(*events: Event) -> Day:
    day = Day()
    for id, event in enumerate(events, start=1):
        day.apply(StoredEvent(id, event))
    return day


def event(kind: EventKind, call: str | None = "c1", operator: str | None = None, at: datetime = NOON, **data: str):
    return Event(kind, at, call, operator, "enquiries", data)


def test_a_history_is_owed_from_the_answer_until_it_is_saved():
    answers = event(EventKind.CALL_ANSWERED, operator="sato"), event(EventKind.CALL_ANSWERED, "c2", "sato")
    day = told(*answers, event(EventKind.HISTORY_SAVED, operator="sato"))
    assert [owed.call for owed in day.owed("sato")] == ["c2"]
    assert day.owed("suzuki") == ()


def test_the_latest_refusal_is_kept_for_its_operator_whatever_else_happens():
    refused = event(EventKind.COMMAND_REFUSED, operator="sato", reason="call_is_over")
    day = told(refused, event(EventKind.OPERATOR_CHANGED, operator="sato"))
    assert day.notice("sato") == refused
    assert day.notice("suzuki") is None


def test_what_is_two_days_old_is_forgotten():
    day = told(event(EventKind.CALL_ANSWERED, operator="sato"))
    day.forget(NOON + timedelta(days=1))
    assert day.owed("sato")
    day.forget(NOON + timedelta(days=3))
    assert not day.owed("sato")


class Log:
    """A log with gaps in its ids."""

    def __init__(self, ids: list[int]) -> None:
        self.stored = [
            StoredEvent(id, Event(EventKind.CALL_ARRIVED, NOON + timedelta(seconds=place)))
            for place, id in enumerate(ids)
        ]
        self.asked = 0

    async def since(self, id: int, limit: int = 1000) -> list[StoredEvent]:
        self.asked += 1
        return [stored for stored in self.stored if stored.id > id][:limit]

    async def last_id(self) -> int:
        return self.stored[-1].id if self.stored else 0


@given(st.sets(st.integers(1, 500), max_size=40).map(sorted), st.integers(0, 41))
async def test_the_replay_begins_right_after_the_last_event_before_the_moment(ids, place):
    log = Log(ids)
    start = await id_before(log, NOON + timedelta(seconds=place))
    assert [stored.id for stored in log.stored if stored.id > start] == ids[place:]
    assert log.asked <= 12
