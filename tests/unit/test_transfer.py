"""The pure core of transfers: where each leads, and in which order the exchange is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialplan.transfer import ARRANGED, Act, End, Party, Place, Recorded, What, acts, respond
from kernel.transfer import Step

PLACES: tuple[Place, ...] = (*Step, *End)
STRANGERS = {Party.CALLER, Party.DEPARTMENT}
CONSULTING = (Step.RINGING, Step.TALKING, Step.SWAPPED, Step.THREE)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("what", What)
def test_whatever_happens_wherever_leads_somewhere_else_or_changes_nothing(place: Place, what: What):
    assert respond(place, what) is not place
    assert respond(place, what) in {*PLACES, None}


@pytest.mark.parametrize("place", [place for place in PLACES if place is not End.OVER])
def test_a_caller_who_hangs_up_ends_it_wherever_it_is(place: Place):
    assert respond(place, What.CALLER_LEFT) is End.OVER


@pytest.mark.parametrize("step", CONSULTING)
def test_a_department_that_leaves_and_a_transfer_that_is_cancelled_bring_the_caller_back(step: Step):
    assert respond(step, What.DEPARTMENT_LEFT) is End.BACK
    assert respond(step, What.CANCEL) is End.BACK


def test_who_hangs_up_once_the_department_has_answered_has_put_the_caller_through():
    assert {respond(step, What.OPERATOR_LEFT) for step in CONSULTING[1:]} == {Step.COMPLETING}
    assert respond(Step.RINGING, What.OPERATOR_LEFT) is Step.BLIND


walks = st.lists(st.sampled_from(What), max_size=30)


@given(walks)
def test_on_every_walk_the_caller_is_with_somebody_or_hears_music_until_the_end(walk: list[What]):
    place: Place = Step.RINGING
    for what in walk:
        place = respond(place, what) or place
        arranged = ARRANGED[place]
        alone = Party.CALLER in arranged.talk and len(arranged.talk) == 1
        assert not alone
        assert place is End.OVER or Party.CALLER in arranged.talk | arranged.music


@given(st.sampled_from(PLACES), st.sampled_from(PLACES))
def test_between_any_two_places_the_department_is_neither_recorded_nor_heard_by_who_is_not_to(before, after):
    """Each deed is done to the exchange as the place before has left it; after each, everybody is looked at."""
    bridge, recorded = set(ARRANGED[before].talk), ARRANGED[before].recorded is Recorded.ON
    for deed in acts(after):
        match deed.act:
            case Act.PAUSE | Act.STOP:
                recorded = False
            case Act.RECORD:
                recorded = True
            case Act.LEAVE | Act.MUSIC:
                bridge -= set(deed.parties)
            case Act.JOIN:
                bridge |= set(deed.parties)
        assert not (recorded and Party.DEPARTMENT in bridge), f"{deed} lets the department be recorded"
        may_meet = any(ARRANGED[place].talk >= STRANGERS for place in (before, after))
        assert may_meet or not bridge >= STRANGERS


@pytest.mark.parametrize("place", PLACES)
def test_done_again_from_where_it_is_nothing_changes(place: Place):
    """So a step that is entered again after a crash is arranged again."""
    bridge = set(ARRANGED[place].talk)
    for deed in acts(place):
        if deed.act in {Act.LEAVE, Act.MUSIC}:
            assert bridge.isdisjoint(deed.parties)
        if deed.act is Act.JOIN:
            assert bridge >= set(deed.parties)
