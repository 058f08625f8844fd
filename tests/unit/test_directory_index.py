"""Finding an entry of the directory as one types."""

from datetime import UTC, datetime, timedelta

import pytest

from crm.directory.index import Fit, Index
from crm.directory.usage import Usage
from kernel.directory import Entry
from kernel.events import Event, EventKind, StoredEvent

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
TAX = Entry(
    "t", "税制課", unit="諸税担当", reading="ぜいせいか しょぜいたんとう", subjects=("原付の廃車",), extension="2301"
)
MAYOR = Entry("m", "秘書課", reading="ひしょか", aliases=("市長室",), extension="2330")
PENSION = Entry(
    "p", "保険年金課", division="健康医療部", reading="ほけんねんきんか", aliases=("国保",), extension="3301"
)
WASTE = Entry(
    "w", "環境事業センター", reading="かんきょうじぎょうせんたー", subjects=("粗大ごみ", "ごみの収集"), extension="4401"
)
POLICE = Entry(
    "k", "藤沢警察署", reading="ふじさわけいさつしょ", outside="0466-00-1009", tellable=True, transferable=False
)
PARKS = Entry("c", "公園課", reading="こうえんか", subjects=("公園のごみ",), extension="5501")
EVERY = (TAX, MAYOR, PENSION, WASTE, POLICE, PARKS)


def used(*transfers: tuple[str, str]) -> Usage:
    """Operator and extension, a minute apart."""
    return Usage(
        StoredEvent(
            id, Event(EventKind.HAND_OVER_STARTED, NOON + timedelta(minutes=id), "c", who, data={"extension": to})
        )
        for id, (who, to) in enumerate(transfers, start=1)
    )


def find(typed: str, usage: Usage | None = None, operator: str = "sato") -> list[Entry]:
    return [hit.entry for hit in Index(EVERY).find(typed, usage or Usage(), operator)]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("税制", TAX),
        ("しょぜい", TAX),
        ("ショゼイ", TAX),
        ("ｼｮｾﾞｲ", TAX),
        ("原付", TAX),
        ("2301", TAX),
        ("２３０１", TAX),
        ("国保", PENSION),
        ("健康医療", PENSION),
        ("市長", MAYOR),
        ("粗大ごみ", WASTE),
        ("0466-00-1009", POLICE),
        ("税制 廃車", TAX),
        ("保", PENSION),
    ],
)
def test_an_entry_is_found_by_name_reading_alias_subject_and_number_in_any_width_and_kana(typed, wanted):
    assert find(typed)[0] == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("ほけんねきん", PENSION),  # a letter is missing
        ("ほけんんねんき", PENSION),  # one too many
        ("ほけねんんきん", PENSION),  # two in the wrong order
        ("保健年金", PENSION),  # another letter
        ("かんきょうじきょう", WASTE),
        ("粗大こみ", WASTE),
    ],
)
def test_a_mistake_in_typing_is_forgiven(typed, wanted):
    hits = Index(EVERY).find(typed, Usage(), "sato")
    assert (hits[0].entry, hits[0].fit) == (wanted, Fit.MISTYPED)


@pytest.mark.parametrize("typed", ["んんん", "99", "税制 保険", "ほけ保健"])
def test_what_is_nothing_like_an_entry_finds_none(typed):
    assert find(typed) == []


def test_two_digits_are_the_beginning_of_extensions_and_never_mistyped():
    assert find("23") == [MAYOR, TAX]


def test_a_section_comes_before_the_units_of_another_that_begins_so():
    office = Entry("o", "市民税課", extension="2302")
    assert [hit.entry for hit in Index((TAX, office)).find("税", Usage(), "sato")] == [office, TAX]


def test_what_the_operator_used_last_comes_first_then_what_all_use_most():
    usage = used(("suzuki", "5501"), ("suzuki", "5501"), ("sato", "4401"))
    assert find("ごみ", usage) == [WASTE, PARKS]
    assert find("ごみ", usage, "suzuki") == [PARKS, WASTE]
    assert find("ごみ", usage, "tanaka") == [PARKS, WASTE]


def test_a_whole_name_and_a_whole_number_come_before_what_is_used_more():
    usage = used(("sato", "5501"), ("sato", "2330"))
    assert find("環境事業センター", usage)[0] == WASTE
    assert find("2301", usage)[0] == TAX
    assert find("課", usage)[:2] == [MAYOR, PARKS]


def test_of_what_nobody_uses_what_begins_so_comes_first():
    assert find("ごみ") == [WASTE, PARKS]


def test_with_nothing_typed_the_last_used_are_there():
    assert find("", used(("sato", "2301"), ("suzuki", "5501"), ("sato", "3301"))) == [PENSION, TAX, PARKS]
    assert find("  ") == []


def test_what_was_told_twice_is_counted_once():
    usage = used(("sato", "2301"))
    usage.note(StoredEvent(1, Event(EventKind.HAND_OVER_STARTED, NOON, "c", "sato", data={"extension": "2301"})))
    assert usage.times("2301") == 1


def test_the_subject_that_fits_is_told_and_the_name_is_not():
    assert Index(EVERY).find("廃車", Usage(), "sato")[0].subject == "原付の廃車"
    assert Index(EVERY).find("税制", Usage(), "sato")[0].subject == ""


def test_an_entry_is_looked_up_by_its_extension_and_its_id():
    index = Index(EVERY)
    assert (index.at("2301"), index.at("99"), index.entry("k"), index.entry("z")) == (TAX, None, POLICE, None)
    assert index.at("") is None
