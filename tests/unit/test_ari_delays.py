"""How long Asterisk takes, as it stands now."""

from dialplan.ari.delays import Delays


def test_what_has_not_been_answered_yet_counts_when_nothing_else_was_answered():
    delays = Delays()
    delays.ask("1", 10.0)
    delays.ask("2", 10.4)
    assert delays.standing(10.5) == 0.5
    assert len(delays) == 2


def test_a_request_that_takes_long_says_nothing_while_others_are_answered_at_once():
    delays = Delays()
    delays.ask("1", 10.0)
    delays.ask("2", 13.0)
    assert delays.settle("2", 13.25) == 0.25
    assert delays.standing(13.5) == 0.25


def test_with_nothing_asked_and_nothing_answered_nothing_is_slow():
    assert Delays().standing(5.0) == 0.0
