"""A call's way in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent_console.journey.view import journey
from agent_console.journey.wording import SENTENCES, UNSAID, Names, sentence
from kernel.call import Call
from kernel.events import Event, EventKind
from tests.unit.test_console_board import CENTRE, NOON

OF_NO_CALL = {
    EventKind.ADMISSION_CHANGED,
    EventKind.CASE_CHANGED,
    EventKind.CENTRE_CHANGED,
    EventKind.DIRECTORY_CHANGED,
    EventKind.CONTROLLER_STARTED,
    EventKind.CONTROLLER_STOPPED,
    EventKind.EXCHANGE_CONNECTED,
    EventKind.EXCHANGE_LOST,
    EventKind.PAUSE_OVERRUN,
    EventKind.QUEUE_CLOSED,
    EventKind.QUEUE_OPENED,
}


def after(seconds: float, kind: EventKind, operator: str | None = None, **data) -> Event:
    return Event(kind, NOON + timedelta(seconds=seconds), "c-1", operator, "enquiries", data)


def test_everything_that_can_happen_to_a_call_has_words():
    assert set(EventKind) - OF_NO_CALL - UNSAID - set(SENTENCES) == set()


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_an_event_without_its_data_is_still_told(kind):
    said = sentence(Event(kind, NOON, "c-1"), Names(CENTRE))
    assert said
    assert said[0]


@pytest.mark.parametrize(
    ("event", "text", "detail"),
    [
        (after(0, EventKind.MENU_CHOSEN, menu="main", key="1"), "「1」を押しました", "メニュー「main」"),
        (after(0, EventKind.MENU_CHOSEN, menu="main", key=""), "何も押しませんでした", "メニュー「main」"),
        (after(0, EventKind.CALL_QUEUED), "窓口「お問い合わせ」の待ち呼になりました", ""),
        (
            after(0, EventKind.CALL_OVERFLOWED, why="waited", to="exchange"),
            "「電話交換」へ回りました",
            "規則：待ち時間の上限",
        ),
        (
            after(0, EventKind.CALL_OFFERED, "sato", because="最も長く待機しているため"),
            "佐藤さんを呼び出しました",
            "最も長く待機しているため",
        ),
        (
            after(0, EventKind.OFFER_NOT_ANSWERED, "yamada", reason="no_answer"),
            "yamadaさんは応答しませんでした",
            "呼び出し時間内に応答がありませんでした",
        ),
        (after(0, EventKind.WAIT_TOLD, minutes=3, position=2), "待ち時間を案内しました：3分", "2番目"),
        (after(0, EventKind.CALL_ENDED, outcome="handed_over"), "終了しました", "結果：所管課へ転送"),
        (
            after(0, EventKind.WAIT_EXPLAINED, position=2, expected_seconds=130, beyond=True, because="人がいません"),
            "目標時間を超えて待っています（2番目、平均してあと2分ほど）",
            "人がいません",
        ),
    ],
)
def test_steps_name_who_what_and_why(event, text, detail):
    assert sentence(event, Names(CENTRE)) == (text, detail)


def test_what_operators_did_is_not_said_twice():
    assert sentence(after(0, EventKind.OPERATOR_CHANGED, "sato", state="ringing"), Names(CENTRE)) is None


def test_the_present_reason_of_waiting_is_the_last_one_since_the_call_came_back_to_the_queue():
    call = Call("c-1", NOON, "0466251111").waits_in("enquiries", NOON)
    explained = after(3, EventKind.WAIT_EXPLAINED, position=2, because="一。二", outlook="三", expected_seconds=60)
    events = [after(0, EventKind.CALL_QUEUED), explained, after(4, EventKind.WAIT_TOLD, minutes=2)]
    waits = journey(call, events, CENTRE).waits
    assert waits
    assert (waits.position, waits.because, waits.outlook, waits.told) == (2, ("一", "二"), ("三",), 2)
    assert waits.expected == timedelta(minutes=1)
    offered = call.offered_to("sato", "leg", NOON)
    assert journey(offered, events, CENTRE).waits is None
    again = [*events, after(20, EventKind.CALL_OFFERED, "sato")]
    assert journey(call, again, CENTRE).waits is None
    assert journey(call.talks_with("sato", "leg", NOON), events, CENTRE).waits is None


def test_steps_stand_in_the_order_of_time_and_the_case_is_that_of_the_last_history():
    call = Call("c-1", NOON, "0466251111").is_closed(NOON)
    events = [
        after(5, EventKind.CALL_ENDED, outcome="answered"),
        after(2, EventKind.CALL_ANSWERED, "sato"),
        after(9, EventKind.HISTORY_SAVED, "sato", number=7),
    ]
    told = journey(call, events, CENTRE)
    assert [step.after.total_seconds() for step in told.steps] == [2, 5, 9]
    assert told.case == 7
    assert told.is_over
