"""What the wallboard says beyond the queues: alarms, curves, percentages. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from agent_console.live.control import Control, ControlState
from agent_console.wall.alarms import PATIENCE, Alarm, alarms, unserved
from agent_console.wall.board import board
from agent_console.wall.curves import WEEKS, curves, opening, same_weekdays, usual
from agent_console.words import ALARMS, GOALS, percent
from ivr.seed_file import load
from kernel.centre import Period
from kernel.figures import Figures, QueueFigures
from kernel.operator import OperatorState, OperatorStatus
from kernel.routing import Closed, ServiceGoal

CENTRE = load(Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml")
NOON = datetime(2026, 11, 26, 3, tzinfo=UTC)
TODAY = date(2026, 11, 26)
MORNING = datetime(2026, 11, 26, 0, tzinfo=UTC)
DRIVING = ControlState(Control.DRIVING, NOON)


def status(operator: str, state: OperatorState) -> OperatorStatus:
    return OperatorStatus(operator, state, NOON)


def test_all_is_well():
    assert alarms(DRIVING, None, False, [], NOON) == ()


def test_a_controller_without_a_sign_of_life_is_told_and_not_also_what_it_last_said():
    lost = ControlState(Control.CONNECTING, NOON - timedelta(minutes=1))
    assert alarms(lost, NOON, False, [], NOON) == (Alarm("control", NOON),)


def test_asterisk_is_gone_once_the_connection_is_not_made_again_at_once():
    lost = ControlState(Control.CONNECTING, NOON)
    assert alarms(lost, None, False, [], NOON + PATIENCE - timedelta(seconds=1)) == ()
    assert alarms(lost, None, False, [], NOON + PATIENCE) == (Alarm("exchange", NOON),)


def test_a_store_that_fails_and_queues_that_nobody_serves_are_told():
    assert alarms(DRIVING, None, True, ["電話交換"], NOON) == (Alarm("store"), Alarm("nobody", queue="電話交換"))


def test_every_alarm_has_words():
    assert set(ALARMS) == {"control", "exchange", "store", "nobody"}


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (OperatorState.READY, []),
        (OperatorState.TALKING, []),
        (OperatorState.WRAP_UP, []),
        (OperatorState.PAUSED, ["お問い合わせ", "電話交換"]),
        (OperatorState.PHONE_GONE, ["お問い合わせ", "電話交換"]),
        (OperatorState.NOT_ANSWERING, ["お問い合わせ", "電話交換"]),
    ],
)
def test_whoever_is_with_a_call_is_at_work_and_whoever_is_away_is_not(state, told):
    assert unserved(CENTRE, [status("sato", state)], True, []) == told


def test_when_the_centre_is_closed_only_a_queue_in_which_somebody_waits_wants_an_operator():
    assert unserved(CENTRE, [], False, []) == []
    assert unserved(CENTRE, [], False, ["exchange"]) == ["電話交換"]


def test_a_queue_that_takes_no_calls_wants_nobody():
    closed = CENTRE.queues[0].model_copy(update={"closed": Closed(by="mori", at=NOON)})
    centre = CENTRE.model_copy(update={"queues": (closed, *CENTRE.queues[1:])})
    assert unserved(centre, [], True, []) == ["電話交換"]


def test_usual_is_the_median_of_the_weekdays_on_which_anybody_called():
    days = same_weekdays(TODAY)
    assert len(days) == WEEKS
    assert {day.weekday() for day in days} == {TODAY.weekday()}
    counts = (4, 100, 6)
    kept = {
        day: Figures({(MORNING - timedelta(weeks=week), "enquiries"): QueueFigures(offered=calls)})
        for week, (day, calls) in enumerate(zip(days, counts, strict=False), start=1)
    }
    holiday = {days[3]: Figures()}
    assert usual({**kept, **holiday}) == {(36, "enquiries"): 6.0}


def test_a_curve_runs_over_the_opening_hours_and_today_ends_with_the_last_whole_quarter():
    today = {(36, "enquiries"): 5.0, (37, "enquiries"): 7.0}
    before = {(36, "enquiries"): 4.0, (40, "exchange"): 1.0}
    ten = MORNING + timedelta(minutes=35)
    enquiries, exchange = curves(CENTRE, [Period(opens="08:30", closes="10:15")], today, before, ten)
    assert enquiries.begins == MORNING - timedelta(minutes=30)
    assert enquiries.today == (0.0, 0.0, 5.0, 7.0)
    assert enquiries.usual == (0.0, 0.0, 4.0, 0.0, 0.0, 0.0, 0.0)
    assert exchange.usual[-1] == 1.0
    assert len(enquiries.times) == 7


def test_before_anything_is_kept_there_is_no_usual_and_on_a_day_without_calls_no_curve():
    assert curves(CENTRE, [Period(opens="08:30", closes="17:15")], {}, {}, NOON)[0].usual == ()
    assert curves(CENTRE, [], {}, {}, NOON) == []


def test_a_day_that_is_open_until_midnight_has_all_its_quarters():
    assert opening([Period(opens="23:30", closes="24:00")]) == [94, 95]


def test_a_goal_that_is_missed_by_a_little_does_not_look_reached():
    assert [percent(share) for share in (None, 0.0, 0.799, 0.8, 0.29, 1.0)] == ["–", "0%", "79%", "80%", "29%", "100%"]


@pytest.mark.parametrize(("of", "level"), [("offered", 0.5), ("answered", 0.75), ("without_short", 0.6)])
def test_the_service_level_is_that_which_the_goal_names(of, level):
    figures = QueueFigures(offered=12, answered=8, within=6, abandoned=4, short=2)
    queue = CENTRE.queues[0].model_copy(update={"goal": ServiceGoal(of=of, share=0.6)})
    centre = CENTRE.model_copy(update={"queues": (queue, *CENTRE.queues[1:])})
    row = board(centre, [], [], {"enquiries": figures}, NOON).queues[0]
    assert row.level == pytest.approx(level)
    assert row.reached is (level >= 0.6)
    assert of in GOALS


def test_before_the_first_call_the_goal_is_neither_reached_nor_missed():
    assert board(CENTRE, [], [], {}, NOON).queues[0].reached is None
