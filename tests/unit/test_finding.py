"""The search's index finds what a reader would find who compares every text with the words (C1)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.finding.bits import BYTES, Marks
from crm.finding.documents import of_case, of_history
from crm.finding.excerpt import excerpt, fits, marked
from crm.finding.grams import LONGEST_WORD, PASSAGE
from crm.finding.index import Entry, Index
from crm.finding.query import Asked, Kind, QueryProblem, words_of
from crm.finding.signatures import Signatures
from crm.finding.spelling import fold, fold_with_places
from crm.keyring import Keyring
from kernel.case import Case, CaseStatus, Citizen, History
from kernel.phone_number import PhoneNumber

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
KEYRING = Keyring.new()

letters = st.sampled_from([*"ごみ粗大収集日林田中ﾀﾅｶﾞが゙ー-０466()Ab１ \u3000髙高\n々"])
texts = st.lists(letters, max_size=30).map("".join)
names = st.lists(letters, max_size=6).map("".join)


def case_of(number: int, name: str, reading: str = "", phone: PhoneNumber | None = None) -> Case:
    citizen = Citizen(name=name, reading=reading, phone=phone)
    return Case(f"case{number}", number, NOON - timedelta(days=number), CaseStatus.OPEN, citizen, 1)


def history_of(case: Case, number: int, subject: str, text: str, **more: object) -> History:
    kept = {"author": "sato", "outcome": "回答済み", "written": NOON + timedelta(hours=number)} | more
    return History(f"{case.id}-history{number}", case.id, None, subject=subject, text=text, version=1, **kept)


def indexed(documents: list[tuple[Case, History | None]]) -> tuple[Index, dict[int, tuple[Case, History | None]]]:
    """An index as a console has it, and what lies at each slot."""
    signatures, index, slots, taken = Signatures(KEYRING), Index(Marks(KEYRING.index)), {}, 0
    case_slots: dict[str, int] = {}
    for case, history in documents:
        signed = signatures.signed(history or case)
        first = taken
        case_slots.setdefault(case.id, first)
        for part, sealed in enumerate(signed.sealed):
            id = signed.document if part == 0 else f"{signed.document}~{part}"
            more = {"author": history.author, "outcome": history.outcome} if history else {}
            at, bits = history.written if history else case.opened, signatures.open(id, sealed)
            more |= {"status": case.status.value, "department": case.department or None}
            entry = Entry(taken, first, case_slots[case.id], at, bits, **more)
            index.put([entry])
            taken += 1
        slots[first] = (case, history)
    return index, slots


def found(documents: list[tuple[Case, History | None]], asked: Asked) -> list[tuple[Case, History | None]]:
    """What the index brings, after the comparison with the texts, best first."""
    index, at = indexed(documents)
    candidates = [at[slot] for slot in index.find(asked, 10_000).slots().tolist()]
    return [one for one in candidates if fits(asked, *one)]


def scanned(documents: list[tuple[Case, History | None]], words: tuple[str, ...]) -> set[str]:
    """What a plain scan finds, written once more and without the index's parts: the ids."""
    ids = set[str]()
    for case, history in documents:
        citizen = [case.citizen.name, case.citizen.reading, str(case.number)]
        citizen = [fold(text) for text in citizen] + ([case.citizen.phone.digits] if case.citizen.phone else [])
        own = [fold(history.subject), fold(history.text)] if history else citizen
        if all(any(word in text for text in own + citizen) for word in words) and any(
            any(word in text for text in own) for word in words
        ):
            ids.add((history or case).id)
    return ids


@st.composite
def stores(draw: st.DrawFn) -> list[tuple[Case, History | None]]:
    documents: list[tuple[Case, History | None]] = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        case = case_of(number, draw(names), draw(names))
        documents.append((case, None))
        said = st.builds(lambda text, times: text * times, texts, st.sampled_from([1, 20]))
        documents += [(case, history_of(case, one, draw(names), draw(said))) for one in range(draw(st.integers(0, 3)))]
    return documents


@settings(deadline=None, max_examples=150)
@given(stores(), st.data())
def test_what_a_plain_scan_of_the_texts_finds_is_what_the_index_finds(documents, data):
    spelt = "".join(
        fold((history.subject + history.text) if history else case.citizen.name) for case, history in documents
    )
    cuts = st.tuples(st.integers(0, max(0, len(spelt) - 1)), st.integers(2, LONGEST_WORD + 20))
    cut = st.lists(cuts, min_size=1, max_size=3).map(lambda pairs: " ".join(spelt[a : a + n] for a, n in pairs))
    query = data.draw(st.one_of(cut, texts))
    try:
        words = words_of(query[:200])
    except QueryProblem:
        return
    if not words:
        return
    assert {(history or case).id for case, history in found(documents, Asked(words))} == scanned(documents, words)


@given(st.text(alphabet=st.one_of(letters, st.characters()), max_size=40))
def test_the_spelling_with_places_is_the_spelling_and_its_places_go_forward(text):
    spelt, places = fold_with_places(text)
    assert spelt == fold(text)
    assert places == sorted(places)
    assert all(0 <= begins < ends <= len(text) for begins, ends in places)


@given(st.text(alphabet=letters, max_size=60), names)
def test_marking_loses_no_letter_and_marks_only_what_is_the_word(text, word):
    word = fold(word)
    pieces = marked(text, [word] if word else [])
    assert "".join(piece.text for piece in pieces) == text
    assert any(piece.hit for piece in pieces) == bool(word and word in fold(text))


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("0466-25-1111", "0466251111"),
        ("0466251111", "０４６６（２５）１１１１"),
        ("ゴミの収集", "ごみ"),
        ("ｶﾞｽ料金", "ガス"),
        ("髙橋 花子", "高橋花子"),
        ("渡邊", "渡辺"),
        ("Tax Office", '"tax office"'),
        ("Ｃａｆé", "cafe\u0301"),
    ],
)
def test_one_spelling_finds_the_other(written, asked):
    case = case_of(1, "")
    history = history_of(case, 1, "", written)
    assert found([(case, None), (case, history)], Asked(words_of(asked))) == [(case, history)]


def test_several_words_must_all_be_there_in_the_history_or_at_its_citizens():
    tanaka, suzuki = case_of(1, "田中 花子", "たなか はなこ"), case_of(2, "鈴木 一郎")
    one, other = history_of(tanaka, 1, "住民票", "再発行"), history_of(suzuki, 1, "住民票", "郵送")
    documents = [(tanaka, None), (suzuki, None), (tanaka, one), (suzuki, other)]
    assert found(documents, Asked(words_of("タナカ 住民票"))) == [(tanaka, one)]
    assert found(documents, Asked(words_of("住民票　郵送"))) == [(suzuki, other)]
    assert found(documents, Asked(words_of("田中"))) == [(tanaka, None)]
    assert found(documents, Asked(words_of("田中"), kind=Kind.HISTORY)) == [(tanaka, one)]
    assert found(documents, Asked(words_of("田中"), author="sato")) == [(tanaka, one)]
    assert found(documents, Asked(words_of("田中"), author="abe")) == []
    assert found(documents, Asked(kind=Kind.CASE)) == [(tanaka, None), (suzuki, None)]


def test_a_phrase_is_found_as_it_stands_and_not_in_another_order():
    case = case_of(1, "")
    history = history_of(case, 1, "収集日の変更", "粗大ごみ 収集日")
    assert found([(case, None), (case, history)], Asked(words_of('"粗大ごみ 収集"'))) == [(case, history)]
    assert found([(case, None), (case, history)], Asked(words_of("収集日粗大"))) == []


def test_the_newer_comes_first_and_a_subject_before_a_text_of_the_same_season():
    case = case_of(1, "")
    in_text = history_of(case, 3, "問い合わせ", "転入届の件")
    in_subject = history_of(case, 2, "転入届", "案内した")
    old = history_of(case, 1, "転入届", "案内した", written=NOON - timedelta(days=200))
    documents = [(case, None), (case, old), (case, in_text), (case, in_subject)]
    assert found(documents, Asked(words_of("転入届"))) == [(case, in_subject), (case, in_text), (case, old)]


def test_the_pages_of_an_answer_follow_each_other_without_gap_or_repetition():
    case = case_of(1, "")
    histories = [history_of(case, 1 + one // 3, "転入届", str(one)) for one in range(20)]
    index, at = indexed([(case, None), *((case, one) for one in histories)])
    seen, after = list[int](), None
    while (page := index.find(Asked(words_of("転入届")), 7, after)).places.size:
        assert page.total == 20
        seen += page.slots().tolist()
        after = int(page.places[-1])
    assert sorted(seen) == sorted(at)[1:]
    assert seen == index.find(Asked(words_of("転入届")), 100).slots().tolist()


def test_a_long_text_is_found_by_its_middle_its_end_and_by_a_word_across_two_passages():
    case = case_of(1, "")
    text = "".join(chr(0x4E00 + place) for place in range(5 * PASSAGE))
    history = history_of(case, 1, "題", text)
    for begins in range(0, len(text) - LONGEST_WORD, 97):
        asked = Asked((fold(text[begins : begins + LONGEST_WORD]),))
        assert found([(case, None), (case, history)], asked) == [(case, history)], begins


def test_a_date_span_a_status_and_an_outcome_narrow_the_answers():
    case = case_of(1, "")
    early, late = history_of(case, 1, "届", "転入"), history_of(case, 9, "届", "転入", outcome="その他")
    documents = [(case, None), (case, early), (case, late)]
    assert found(documents, Asked(words_of("転入"), ends=NOON + timedelta(hours=5))) == [(case, early)]
    assert found(documents, Asked(words_of("転入"), begins=NOON + timedelta(hours=5))) == [(case, late)]
    assert found(documents, Asked(words_of("転入"), outcome="その他")) == [(case, late)]
    assert found(documents, Asked(words_of("転入"), status="closed")) == []
    assert found(documents, Asked(words_of("転入"), outcome="nobody's word")) == []
    owned = [(replace(case, department="hoken"), one) for one in (None, early)]
    assert found([*owned, (case_of(2, ""), None)], Asked(words_of("転入"), department="hoken")) == owned[1:]
    assert found(documents, Asked()) == [(case, late), (case, early)]


@pytest.mark.parametrize(("query", "reason"), [("ご", "too_short"), ("a b", "too_short"), ("林" * 201, "too_long")])
def test_a_query_that_can_not_be_asked_says_why(query, reason):
    with pytest.raises(QueryProblem) as caught:
        words_of(query)
    assert caught.value.reason == reason


def test_a_single_kanji_is_a_word_and_more_than_ten_words_are_too_many():
    assert words_of("林 森　林") == ("林", "森")
    with pytest.raises(QueryProblem, match="too_many"):
        words_of(" ".join(chr(0x4E00 + one) for one in range(11)))
    assert words_of("-0466- 「ごみ」") == ("0466", "「ごみ」")


def test_an_excerpt_shows_the_first_hit_and_is_short():
    text = "あ" * 500 + "粗大ゴミ" + "い" * 500
    pieces = excerpt(text, ["粗大ごみ"])
    assert [piece.text for piece in pieces if piece.hit] == ["粗大ゴミ"]
    assert pieces[0].text == pieces[-1].text == "…"
    assert sum(len(piece.text) for piece in pieces) < 150


def test_equal_texts_have_equal_bits_in_memory_and_unlike_seals():
    signatures, case = Signatures(KEYRING), case_of(1, "")
    one, other = (history_of(case, number, "同じ件名", "同じ本文") for number in (1, 2))
    sealed = [signatures.signed(history).sealed[0] for history in (one, other)]
    opened = [signatures.open(history.id, seal) for history, seal in zip((one, other), sealed, strict=True)]
    assert opened[0] == opened[1]
    assert len(opened[0]) == BYTES
    shared = {sealed[0][at : at + 8] for at in range(16, len(sealed[0]) - 8)} & {
        sealed[1][at : at + 8] for at in range(16, len(sealed[1]) - 4)
    }
    assert len(sealed[0]) == len(sealed[1])
    assert not shared


def test_another_key_marks_other_bits():
    document = of_history(history_of(case_of(1, ""), 1, "件名", "本文"))
    assert document.texts == ("件名", "本文")
    assert set(Marks(KEYRING.index).of(["件名"])) != set(Marks(Keyring.new().index).of(["件名"]))
    assert of_case(case_of(1, "山田", phone=PhoneNumber("0466251111"))).strong == ("1", "山田", "0466251111")
