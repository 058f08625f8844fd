from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent_console import words
from agent_console.desk.clicks import refused
from agent_console.desk.menu_path import Step, menu_path
from ivr.seed_file import load
from kernel.commands import CommandKind, command
from kernel.operator import OperatorState, OperatorStatus

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
CENTRE = load(Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml")


def said(
    kind: CommandKind, state: OperatorState, at_hand: str | None = None, phone: str = "desk", **given: str
) -> str | None:
    status = OperatorStatus("sato", state, NOON, call=at_hand)
    seats = tuple(seat.model_copy(update={"phone": phone}) for seat in CENTRE.operators)
    return refused(command(kind, "sato", NOON, **given), status, CENTRE.model_copy(update={"operators": seats}))


def test_a_button_that_fits_the_state_passes():
    assert said(CommandKind.READY, OperatorState.PAUSED) is None
    assert said(CommandKind.PAUSE, OperatorState.READY, reason="休憩") is None
    assert said(CommandKind.PAUSE, OperatorState.TALKING, "c1", reason="休憩") is None
    assert said(CommandKind.HANG_UP, OperatorState.TALKING, "c1", call="c1") is None
    assert said(CommandKind.HAND_OVER, OperatorState.TALKING, "c1", call="c1", extension="2110") is None
    assert said(CommandKind.FINISH_WRAP_UP, OperatorState.WRAP_UP, "c1", call="c1") is None
    assert said(CommandKind.LOG_IN, OperatorState.LOGGED_OUT) is None


@pytest.mark.parametrize("kind", [CommandKind.HANG_UP, CommandKind.HAND_OVER, CommandKind.FINISH_WRAP_UP])
def test_a_button_of_a_call_that_is_over_says_so_even_when_the_next_call_runs(kind):
    assert said(kind, OperatorState.TALKING, "c2", call="c1", extension="2110") == "call_is_over"
    assert said(kind, OperatorState.READY, call="c1", extension="2110") == "call_is_over"


def test_hanging_up_in_wrap_up_says_that_the_call_is_over():
    assert said(CommandKind.HANG_UP, OperatorState.WRAP_UP, "c1", call="c1") == "call_is_over"


def test_a_ringing_phone_is_answered_from_the_page_where_it_can_be():
    ringing = OperatorState.RINGING
    assert said(CommandKind.ANSWER, ringing, "c1", "auto_answer", call="c1") is None
    assert said(CommandKind.ANSWER, ringing, "c1", call="c1") == "answers_by_hand"
    assert said(CommandKind.ANSWER, ringing, "c2", "auto_answer", call="c1") == "call_is_over"
    assert said(CommandKind.ANSWER, OperatorState.TALKING, "c1", "auto_answer", call="c1") == "already_done"
    assert said(CommandKind.ANSWER, OperatorState.WRAP_UP, "c1", "auto_answer", call="c1") == "call_is_over"


def test_what_is_so_already_is_not_asked_for_again():
    assert said(CommandKind.READY, OperatorState.READY) == "already_done"
    assert said(CommandKind.LOG_IN, OperatorState.READY) == "already_done"


@pytest.mark.parametrize("extension", ["", "2", "211a", "123456789", "2110;", "２１１０"])
def test_an_extension_is_two_to_eight_digits(extension):
    answer = said(CommandKind.HAND_OVER, OperatorState.TALKING, "c1", call="c1", extension=extension)
    assert answer == "unknown_extension"


def test_a_reason_that_the_centre_does_not_know_is_refused():
    assert said(CommandKind.PAUSE, OperatorState.READY, reason="昼寝") == "unknown_reason"


def test_an_operator_who_was_never_seen_is_logged_out():
    assert refused(command(CommandKind.READY, "sato", NOON), None, CENTRE) == "wrong_state"


def test_every_refusal_has_words_and_an_unknown_one_is_shown_as_it_is():
    assert all(text.endswith("。") for text in words.REFUSALS.values())
    assert words.refusal("call_is_over") == "この通話はすでに終了しています。"
    assert words.refusal("内線は話し中です。") == "内線は話し中です。"


def test_the_way_through_the_menus_is_told_in_words_and_a_wrong_key_leads_nowhere():
    assert menu_path(CENTRE, ["7", "2"]) == (Step("7", ""), Step("2", "電話交換"))
