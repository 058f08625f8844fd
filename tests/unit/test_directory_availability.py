"""Whether an entry can be put through to now."""

from datetime import date, datetime

import pytest

from agent_console.directory.availability import available
from agent_console.directory.found import lines
from crm.directory.hours_text import read_hours
from crm.directory.index import Fit, Hit
from kernel.centre import JAPAN, Hours, SpecialDay
from kernel.directory import Entry, Reach

WEEK = read_hours("月-金 08:30-17:15")
assert WEEK
CENTRE = WEEK.model_copy(update={"special": (SpecialDay(date=date(2026, 12, 29)),)})
TUESDAY = datetime(2026, 11, 24, 12, tzinfo=JAPAN)
NIGHT = datetime(2026, 11, 24, 20, tzinfo=JAPAN)
YEARS_END = datetime(2026, 12, 29, 12, tzinfo=JAPAN)
TAX = Entry("t", "税制課", extension="2301")


def at(now: datetime, entry: Entry = TAX, centre: Hours = CENTRE) -> str | None:
    return available(entry, now, centre).refusal


def test_an_entry_without_hours_of_its_own_keeps_the_centres():
    assert at(TUESDAY) is None
    assert at(NIGHT) == "out_of_hours"
    assert "受付 月-金 08:30-17:15" in available(TAX, NIGHT, CENTRE).text


def test_an_entrys_own_hours_count_and_the_centres_exceptions_with_them():
    late = Entry("l", "図書館", extension="2302", hours=read_hours("月-金 09:00-21:00"))
    assert (at(NIGHT, late), at(YEARS_END, late)) == (None, "out_of_hours")


def test_who_is_there_on_public_holidays_is_there_at_the_years_end_too():
    guard = Entry("g", "守衛室", extension="2303", hours=read_hours("24時間"))
    assert (at(NIGHT, guard), at(YEARS_END, guard)) == (None, None)


@pytest.mark.parametrize(
    ("entry", "reach", "says"),
    [
        (Entry("k", "警察署", outside="0466-00-1009", tellable=True, transferable=False), Reach.TELL, "番号をご案内"),
        (Entry("s", "作業室", extension="2309", transferable=False), Reach.NONE, "ご案内できる番号もありません"),
    ],
)
def test_who_is_not_reached_by_transfer_says_so_at_any_hour(entry, reach, says):
    can = available(entry, TUESDAY, CENTRE)
    assert (can.reach, can.refusal, can.callable) == (reach, "not_transferable", False)
    assert says in can.text


def test_a_number_that_is_in_no_directory_can_be_chosen_where_it_was_typed_whole():
    hit = Hit(TAX, Fit.BEGINS)
    assert [one.entry.extension for one in lines("23", [hit], TUESDAY, CENTRE)] == ["2301", "23"]
    assert [one.entry.extension for one in lines("2301", [Hit(TAX, Fit.NUMBER)], TUESDAY, CENTRE)] == ["2301"]
    unknown = lines("2999", [], TUESDAY, CENTRE)[0]
    assert (unknown.entry.extension, unknown.exact, unknown.can.callable) == ("2999", True, True)
    assert lines("ぜい", [], TUESDAY, CENTRE) == []
