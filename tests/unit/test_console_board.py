from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from agent_console.wall.board import board
from ivr.seed_file import load
from kernel.call import Call, Stage
from kernel.figures import QueueFigures
from kernel.operator import OperatorState, OperatorStatus

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
CENTRE = load(Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml")
TARGET = timedelta(seconds=10)


def waiting(id: str, queue: str, seconds: float) -> Call:
    since = NOON - timedelta(seconds=seconds)
    return Call(id, since, "0466251111", stage=Stage.WAIT, queue=queue, waiting_since=since)


def test_a_call_counts_as_beyond_the_target_from_the_tenth_second_on():
    rows = board(CENTRE, [waiting("a", "enquiries", 10), waiting("b", "enquiries", 9.9)], [], {}, NOON).queues
    assert [(row.id, row.waiting, row.beyond) for row in rows] == [("enquiries", 2, 1), ("exchange", 0, 0)]


def test_the_longest_wait_is_that_of_the_call_that_began_first():
    row = board(CENTRE, [waiting("a", "exchange", 5), waiting("b", "exchange", 65)], [], {}, NOON).queues[1]
    assert row.longest_since == NOON - timedelta(seconds=65)


def test_only_waiting_calls_are_counted():
    talks = waiting("a", "enquiries", 30).talks_with("sato", "leg", NOON)
    assert board(CENTRE, [talks], [], {}, NOON).queues[0].waiting == 0


def test_the_days_figures_stand_beside_their_queue_and_are_zero_where_there_are_none():
    rows = board(CENTRE, [], [], {"exchange": QueueFigures(answered=3, abandoned=1)}, NOON).queues
    assert [row.figures for row in rows] == [QueueFigures(), QueueFigures(answered=3, abandoned=1)]


def test_every_seat_is_shown_with_free_operators_first_and_one_never_seen_as_logged_out():
    statuses = [
        OperatorStatus("sato", OperatorState.PAUSED, NOON, reason="休憩"),
        OperatorStatus("suzuki", OperatorState.READY, NOON),
    ]
    rows = board(CENTRE, [], statuses, {}, NOON).operators
    assert [(row.id, row.state, row.reason) for row in rows] == [
        ("suzuki", OperatorState.READY, None),
        ("sato", OperatorState.PAUSED, "休憩"),
        ("takahashi", OperatorState.LOGGED_OUT, None),
    ]


def test_an_operator_whose_seat_was_taken_away_is_not_shown():
    gone = OperatorStatus("yamada", OperatorState.READY, NOON)
    assert "yamada" not in {row.id for row in board(CENTRE, [], [gone], {}, NOON).operators}


@given(st.lists(st.tuples(st.sampled_from(["enquiries", "exchange"]), st.integers(0, 40)), max_size=8))
def test_the_board_changes_by_itself_when_the_next_call_passes_its_target_and_not_before(given_calls):
    calls = [waiting(str(n), queue, seconds) for n, (queue, seconds) in enumerate(given_calls)]
    now = board(CENTRE, calls, [], {}, NOON)
    late = sum(row.beyond for row in now.queues)
    if now.changes is None:
        assert late == len(calls)
    else:
        just_before = board(CENTRE, calls, [], {}, now.changes - timedelta(microseconds=1))
        then = board(CENTRE, calls, [], {}, now.changes)
        assert sum(row.beyond for row in just_before.queues) == late < sum(row.beyond for row in then.queues)
