"""The directory as spreadsheets write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.directory.checking import check
from crm.directory.csv_text import COLUMNS, Unreadable, read_lines, write
from crm.directory.hours_text import BadHours, read_hours, write_hours
from crm.directory.importing import read_file, told
from ivr.seed_file import load
from kernel.centre import Hours
from kernel.directory import Body, Entry, Reach, Teller
from kernel.phone_number import normalise
from kernel.settings import Settings

TEXT = (
    "ID,部,課,係,よみ,別名,用件,内線,外線,市民案内,受付時間,所管課\r\n"
    'z1,財務部,税制課,諸税担当,しょぜい,原付、バイク,"廃車、ナンバー",２３０１,,,月-金 8:30-17:00,zeisei\r\n'
    ",関係団体,社会福祉協議会,,しゃきょう,社協,,,0466-00-1234,可,,\r\n"
)
DEPARTMENTS = {"zeisei"}


def problems(text: str) -> list[str]:
    return [told(one) for one in read_file(text.encode(), DEPARTMENTS).problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_is_read_in_each_encoding_that_a_japanese_spreadsheet_writes(encoding):
    tax, council = read_file(TEXT.encode(encoding), DEPARTMENTS).entries
    assert (tax.id, tax.name, tax.extension, tax.reach) == ("z1", "税制課 諸税担当", "2301", Reach.TRANSFER)
    assert (tax.aliases, tax.subjects, tax.department) == (("原付", "バイク"), ("廃車", "ナンバー"), "zeisei")
    assert write_hours(tax.hours) == "月-金 08:30-17:00"
    assert (council.outside, council.reach, council.hours) == ("0466-00-1234", Reach.TELL, None)


def test_what_is_exported_is_imported_as_the_same():
    entries = read_file(TEXT.encode(), DEPARTMENTS).entries
    assert read_file(write(entries).encode(), DEPARTMENTS).entries == entries


def test_an_entry_without_an_id_gets_the_same_one_from_the_same_file_again():
    first, again = (read_file(TEXT.encode(), DEPARTMENTS).entries[1].id for _ in range(2))
    assert first
    assert first == again


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("あ,,,,,,,,,", "2行目 課: 課(または団体名)を書いてください。"),
        (",課,abc,,,,,,,", "2行目 内線: 内線「abc」は、数字2〜8桁で書いてください。"),
        (",課,,,,,,,,", "2行目 内線: 内線か外線のどちらかを書いてください。"),
        (",課,,可,0466-00-1000,,,,,", "2行目 内線転送: 内線がないときは、内線転送は「不可」です。"),
        (",課,21,,,可,,,,", "2行目 市民案内: 外線がないときは、市民案内は「不可」です。"),
        (",課,21,はい,,,,,,", "2行目 内線転送: 「はい」ではなく、「可」か「不可」と書いてください。"),
        (
            ",課,21,,466001000,,,,,",
            "2行目 外線: 外線は0から始まる番号を、数字とハイフン(0466-00-0000)で書いてください。",
        ),
        (",課,21,,,,,,ない,", "2行目 所管課: 所管課「ない」はセンターの設定にありません。"),
        (",課,21,,,,,,,民間", "2行目 区分: 「民間」ではなく、「市」か「関係団体」と書いてください。"),
        ("あ い,課,21,,,,,,,", "2行目 ID: IDは英数字・ハイフン・点・下線(40文字まで)で書くか、空欄にしてください。"),
        (",課,21,,,,,,,,余り", "2行目: 見出しより列が多くあります。"),
        (f",{'課' * 101},21,,,,,,,", "2行目 課: 100文字以内で書いてください。"),
    ],
)
def test_each_mistake_is_told_with_its_line_and_column(line, problem):
    assert problem in problems(f"ID,課,内線,内線転送,外線,市民案内,受付時間,よみ,所管課,区分\n{line}\n")


def test_an_extension_and_an_id_that_stand_twice_are_told_with_the_first_line():
    said = problems("ID,課,内線\na,課,21\nb,課,21\na,課,22\n")
    assert said == ["3行目 内線: 内線「21」は2行目にもあります。", "4行目 ID: ID「a」は2行目にもあります。"]


def test_lines_are_counted_as_the_file_has_them_even_below_a_cell_of_two_lines():
    assert problems('課,内線\n"二行\nの課",21\n\n課,x\n')[0].startswith("5行目 内線")


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (b"", "列がありません"),
        ("課,内戦\n".encode(), "「内線」の列がありません"),
        ("課,内線,色\n".encode(), "「色」は分からない列です"),
        ("課,内線,内線\n".encode(), "「内線」の列が2つあります"),
        ("課,内線\n".encode(), "1行もありません"),
        ('課,内線\n"課"x,21\n'.encode(), "2行目がCSVとして読めません"),
        ("課,内線\n課,21\n".encode("utf-16"), "文字コード"),
        (b"\xff\x80\x81", "文字コード"),
    ],
)
def test_a_file_that_is_no_directory_says_what_to_do(file, says):
    with pytest.raises(Unreadable, match=says):
        read_file(file, DEPARTMENTS)


CELLS = st.text("ア課あa1=+-@'\"、,\n", min_size=1, max_size=8).map(str.strip).filter(bool)
WORDS = st.text("ア課あa1=+@'", min_size=1, max_size=8)
ENTRIES = st.lists(
    st.builds(
        Entry,
        id=st.uuids().map(lambda one: one.hex),
        section=CELLS.map(lambda text: text.replace("\n", "")).filter(bool),
        reading=WORDS,
        aliases=st.lists(WORDS, max_size=3, unique=True).map(tuple),
        extension=st.integers(10, 99_999_999).map(str),
        outside=st.just("0466-00-1000"),
        teller=st.sampled_from(Teller),
        body=st.sampled_from(Body),
        hours=st.sampled_from(["", "24時間", "火木-日 09:00-12:00 13:00-24:00; 祝 10:00-11:00"]).map(read_hours),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda one: one.extension,
)


@given(ENTRIES)
def test_whatever_an_entry_says_comes_back_from_the_file(entries):
    checked = read_file(write(entries).encode(), DEPARTMENTS)
    assert checked.problems == ()
    assert list(checked.entries) == entries


@given(st.text())
def test_hours_are_read_or_refused_and_nothing_else(text):
    try:
        hours = read_hours(text)
    except BadHours:
        return
    assert read_hours(write_hours(hours)) == hours


@pytest.mark.parametrize("text", ["あさ", "月", "月-金", "月-金 25:00-26:00", "木-月 09:00-10:00", "月 17:00-09:00"])
def test_hours_that_are_none_are_refused(text):
    with pytest.raises(BadHours):
        read_hours(text)


def test_full_width_hours_and_days_with_dots_are_read():
    assert (
        write_hours(read_hours("月・水　８：３０～１２：００；祝 ９:００-１０:００"))
        == "月水 08:30-12:00; 祝 09:00-10:00"
    )
    assert isinstance(read_hours("24時間"), Hours)


def test_the_seed_is_a_whole_city_without_a_number_that_anybody_has():
    settings = Settings()
    known = {one.id for one in load(settings.seed_file).departments}
    lines = read_lines(settings.directory_file.read_bytes())
    checked = check(lines, known)
    assert checked.problems == ()
    assert 850 <= len(checked.entries) <= 1000
    assert known <= {entry.department for entry in checked.entries}, "every department that owns cases can be reached"
    outside = [normalise(entry.outside).digits for entry in checked.entries if entry.outside]
    assert outside
    # No exchange in Japan has a number that begins with 0 after its area code: nobody can be rung by mistake.
    assert {number[:6] for number in outside} == {"046600"}
    reaches = {entry.reach for entry in checked.entries if entry.body is Body.RELATED}
    assert reaches >= {Reach.TRANSFER, Reach.TELL}
    assert set(COLUMNS.values()) <= lines[0].cells.keys()
