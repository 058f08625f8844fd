from datetime import time
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from ivr.seed_file import load
from kernel.announcement import USED
from kernel.centre import Centre, Lead, Period

CENTRE = load(Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml")


def problems(**changes):
    """What is wrong with the city's centre with these fields changed, as the console gets it: place and message."""
    with pytest.raises(ValidationError) as refused:
        Centre.model_validate(CENTRE.model_dump() | changes)
    return {error["loc"]: error["msg"] for error in refused.value.errors()}


def test_the_console_gets_every_problem_with_its_place():
    found = problems(entry="none", name="", queues=[{"id": "enquiries", "label": "お問い合わせ"}])
    assert set(found) == {
        ("entry",),
        ("name",),
        ("menus", "main", "keys", "2", "queue"),
        ("voicebots", "main", "queue"),
        *((("operators", number, "queues", 1)) for number in range(3)),
    }


def test_a_document_made_of_values_is_checked_as_one_made_of_text():
    menu = CENTRE.menus["main"].model_copy(update={"no_key": Lead(queue="sales")})
    assert set(problems(menus={**CENTRE.menus, "main": menu})) == {("menus", "main", "no_key", "queue")}


def test_a_queue_that_is_still_served_or_led_to_cannot_be_taken_away():
    found = problems(queues=[queue for queue in CENTRE.model_dump()["queues"] if queue["id"] != "exchange"])
    assert all("there is no queue 'exchange'; there are enquiries" in message for message in found.values())


@pytest.mark.parametrize("id", sorted(USED))
def test_no_announcement_that_the_platform_speaks_can_be_taken_away(id):
    rest = {name: text for name, text in CENTRE.announcements.items() if name != id}
    assert set(problems(announcements=rest, translations=())) == {("announcements", id)}


def test_silence_may_lead_over_other_menus_to_a_queue():
    menus = CENTRE.model_dump()["menus"]
    menus["main"]["no_key"] = {"menu": "second"}
    menus["second"] = menus["main"] | {"no_key": {"queue": "enquiries"}}
    assert Centre.model_validate(CENTRE.model_dump() | {"menus": menus}).menus["main"].no_key == Lead(menu="second")


def test_a_key_may_lead_back_to_the_menu_before():
    menus = CENTRE.model_dump()["menus"]
    menus["main"]["keys"]["9"] = {"menu": "main"}
    assert Centre.model_validate(CENTRE.model_dump() | {"menus": menus}).menus["main"].keys["9"] == Lead(menu="main")


def test_a_queue_or_an_operator_that_no_longer_exists_is_none():
    assert CENTRE.queue("enquiries") is CENTRE.queues[0]
    assert CENTRE.operator("sato") is CENTRE.operators[0]
    assert CENTRE.queue("sales") is None
    assert CENTRE.operator("yamada") is None


def test_a_centre_that_is_valid_already_is_not_refused():
    assert Centre.model_validate(CENTRE) == CENTRE


@pytest.mark.parametrize("text", ["08:30-17:15", "08:30 - 17:15", "08:30:00-17:15:00"])
def test_a_period_is_read_as_people_write_it(text):
    assert Period.model_validate(text) == Period(opens=time(8, 30), closes=time(17, 15))


def test_the_end_of_the_day_is_midnight():
    assert Period.model_validate("22:00-24:00").closes == Period.model_validate("22:00-00:00").closes == time()


@pytest.mark.parametrize(
    "text", ["17:15-08:30", "08:30-08:30", "08:30", "08:30-25:00", "24:00-08:30", "08:30:30-09:00"]
)
def test_a_period_that_makes_no_sense_is_refused(text):
    with pytest.raises(ValidationError):
        Period.model_validate(text)


def test_a_period_survives_json():
    periods = TypeAdapter(tuple[Period, ...])
    given = (Period.model_validate("00:00-24:00"), Period.model_validate("08:30-12:00"))
    assert periods.validate_json(periods.dump_json(given)) == given


def changed_queue(**changes):
    """The queues of the city's centre, the first one with these fields."""
    first, *others = CENTRE.model_dump(mode="json")["queues"]
    return [first | changes, *others]


def test_routing_is_data_and_comes_back_as_it_was_written():
    needs = [{"skill": "英語", "level": 3, "relax": [{"after": 30, "level": 2}, {"after": 60, "level": 0}]}]
    overflow = [{"when": "waited", "after": 120, "to": {"announcement": "congested"}}]
    queues = changed_queue(strategy="fewest_calls", priority=2, needs=needs, overflow=overflow)
    centre = Centre.model_validate(CENTRE.model_dump() | {"queues": queues})
    assert Centre.model_validate_json(centre.model_dump_json()) == centre
    assert centre.queues[0].needs[0].relax[1].level == 0


@pytest.mark.parametrize(
    ("needs", "overflow", "place"),
    [
        ([{"skill": "英語", "level": 3, "relax": [{"after": 30, "level": 3}]}], [], ("needs", 0)),
        (
            [{"skill": "英語", "level": 3, "relax": [{"after": 9, "level": 2}, {"after": 9, "level": 1}]}],
            [],
            ("needs", 0),
        ),
        ([], [{"when": "waited", "to": {"queue": "exchange"}}], ("overflow", 0)),
        ([], [{"when": "full", "after": 3, "to": {"queue": "exchange"}}], ("overflow", 0)),
        ([], [{"when": "full", "to": {"queue": "sales"}}], ("overflow", 0, "to", "queue")),
        ([], [{"when": "full", "to": {"queue": "enquiries"}}], ("overflow",)),
    ],
)
def test_routing_that_cannot_work_is_refused_with_its_place(needs, overflow, place):
    assert ("queues", 0, *place) in problems(queues=changed_queue(needs=needs, overflow=overflow))


def test_calls_are_never_passed_round_between_queues_that_are_full():
    first, second = changed_queue(overflow=[{"when": "full", "to": {"queue": "exchange"}}])
    second |= {"overflow": [{"when": "waited", "after": 9, "to": {"queue": "enquiries"}}]}
    assert set(problems(queues=[first, second])) == {("queues", 0, "overflow"), ("queues", 1, "overflow")}


def test_a_pause_reason_may_have_a_limit_and_stays_a_text():
    reasons = [{"text": "休憩", "limit_seconds": 900}, "研修"]
    centre = Centre.model_validate(CENTRE.model_dump() | {"pause_reasons": reasons})
    assert (centre.pause_reasons, centre.pause_limits) == (("休憩", "研修"), {"休憩": 900})
    assert Centre.model_validate(centre.model_dump()) == centre
    assert ("pause_limits", "昼食") in problems(pause_limits={"昼食": 60})
    assert ("pause_limits", "休憩") in problems(pause_reasons=[{"text": "休憩", "limit_seconds": 0}])
