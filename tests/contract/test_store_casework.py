"""Finding cases, their steps, drafts, marks of open pages and housekeeping, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from crm.case_finder import SHOWN_CASES, SHOWN_HISTORIES, Wanted
from crm.case_tables import cases
from crm.cases import NoSuchCase
from crm.drafts import case_form
from crm.history_save import CaseChanged, HistoryChanged
from crm.housekeeping import DRAFTS_KEPT
from crm.open_pages import LIVES
from crm.store import open_store
from crm.users import Role
from kernel.call import Call
from kernel.case import CaseStatus, CaseStep, Citizen, FollowUp, HistoryDraft
from kernel.events import EventKind
from kernel.phone_number import PhoneNumber

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)
NUMBER = PhoneNumber("0466000001")
DUE = date(2026, 11, 30)
CALLER = Citizen(phone=NUMBER)


def draft(call: str | None = "c1", author="sato", citizen=CALLER, close=False, **more):
    return HistoryDraft(call, author, citizen, "粗大ごみ", "出し方を案内した", "回答済み", close_case=close, **more)


async def save(store, now=NOON, **fields):
    return await store.cases.save_history(draft(**fields), now)


async def test_a_case_keeps_its_department_category_and_follow_up(store):
    wanted = {"department": "kanko", "category": "ごみ", "follow_up": FollowUp("suzuki", DUE)}
    saved = (await save(store, **wanted)).case
    assert await store.cases.by_number(1) == saved
    assert (saved.department, saved.category, saved.follow_up) == ("kanko", "ごみ", FollowUp("suzuki", DUE))
    joined = (await save(store, call="c2", case=saved.id)).case
    assert (joined.department, joined.follow_up) == ("kanko", FollowUp("suzuki", DUE)), (
        "an empty form wipes nothing out"
    )
    shown = (await save(store, call="c3", case=saved.id, case_version=joined.version)).case
    assert (shown.department, shown.follow_up) == ("", None), "a form that showed them and left them empty does"


async def test_who_opened_closed_and_reopened_a_case_is_kept(store):
    case = (await save(store, close=True)).case
    assert await store.cases.set_status(case.id, CaseStatus.OPEN, "mori", LATER)
    assert not await store.cases.set_status(case.id, CaseStatus.OPEN, "sato", LATER)
    await save(store, LATER + timedelta(minutes=1), call="c2", case=case.id, department="kanko", author="abe")
    steps = [(one.step, one.by) for one in await store.cases.steps(case.id)]
    assert steps == [
        (CaseStep.OPENED, "sato"),
        (CaseStep.CLOSED, "sato"),
        (CaseStep.REOPENED, "mori"),
        (CaseStep.ASSIGNED, "abe"),
    ]
    told = [one.event for one in await store.events.since(0) if one.event.kind is EventKind.CASE_CHANGED]
    assert [(one.data["number"], one.data["status"], one.data["author"]) for one in told] == [(1, "open", "mori")]


async def test_a_form_that_shows_an_older_case_than_the_one_that_was_closed_is_told(store):
    case = (await save(store)).case
    await store.cases.set_status(case.id, CaseStatus.CLOSED, "mori", LATER)
    with pytest.raises(CaseChanged, match="changed by mori"):
        await save(store, call="c2", case=case.id, case_version=case.version)
    with pytest.raises(NoSuchCase):
        await store.cases.set_status("nowhere", CaseStatus.OPEN, "mori", LATER)


async def test_a_history_without_a_call_sent_twice_is_one_and_another_text_under_its_name_is_told(store):
    case = (await save(store)).case
    answer = draft(None, "kimura", Citizen(), case=case.id, id="n1")
    first = await store.cases.save_history(answer, LATER)
    again = await store.cases.save_history(answer, LATER)
    assert again.repeated
    assert again.history == first.history
    with pytest.raises(HistoryChanged):
        await store.cases.save_history(replace(answer, text="別の文"), LATER)
    assert [(one.call, one.author) for one in await store.cases.histories(case.id)] == [
        ("c1", "sato"),
        (None, "kimura"),
    ]


async def test_a_list_is_filtered_by_status_department_follow_up_and_who_has_to_do_with_it(store):
    await save(store, close=True, author="suzuki")
    await save(store, call="c2", department="kanko")
    await save(store, call="c3", follow_up=FollowUp("suzuki", DUE))
    await save(store, call="c4", follow_up=FollowUp("", DUE), close=True)
    one_day = timedelta(days=1)
    for wanted, numbers in (
        (Wanted(status=CaseStatus.OPEN), [3, 2]),
        (Wanted(department="kanko"), [2]),
        (Wanted(mine="suzuki"), [3, 1]),
        (Wanted(due_until=DUE), [3]),
        (Wanted(due_until=DUE - one_day), []),
        (Wanted(), [4, 3, 2, 1]),
    ):
        assert [case.number for case in await store.case_finder.list(wanted)] == numbers
    assert [case.number for case in await store.case_finder.list(Wanted(), limit=2, before=4)] == [3, 2]


async def test_of_a_frequent_callers_cases_the_open_and_newest_are_shown_and_all_are_counted(store):
    await store.users.create("sato", "佐藤", Role.OPERATOR, "correct horse battery", NOON)
    for number in range(9):
        at = NOON + timedelta(hours=number)
        store.journal.write(Call(f"c{number}", at, "0466251111", caller=NUMBER))
        await store.journal.flushed()
        await save(store, at, call=f"c{number}", close=number != 1, author="sato" if number % 2 else "gone")
    earlier = await store.case_finder.earlier(NUMBER)
    assert (earlier.total, earlier.open) == (9, 1)
    assert [case.number for case in earlier.cases] == [2, 9, 8, 7, 6]
    assert [contact.history.call for contact in earlier.contacts] == ["c8", "c7", "c6", "c5", "c1"]
    assert [contact.author for contact in earlier.contacts] == ["gone", "佐藤", "gone", "佐藤", "佐藤"]
    assert len(earlier.cases) == SHOWN_CASES
    assert len(earlier.contacts) == SHOWN_HISTORIES


async def test_the_same_citizen_is_found_by_any_spelling_of_name_address_and_e_mail(store):
    known = Citizen(name="髙橋 さくら", address="神奈川県藤沢市鵠沼海岸二丁目12番地の3", email="SAKURA@example.jp")
    case = (await save(store, citizen=known)).case
    for field, typed in (
        ("name", "高橋　サクラ"),
        ("address", "藤沢市鵠沼海岸２ー１２ー３"),
        ("email", "ｓａｋｕｒａ@example.jp"),
    ):
        (found,) = await store.case_finder.alike(Citizen(**{field: typed}))
        assert (found.case, found.equal, found.latest) == (case, {field}, NOON)
    assert await store.case_finder.alike(known, but=case.id) == []


async def test_a_draft_is_kept_for_its_author_and_goes_with_the_history(store):
    await store.drafts.save("c1", "sato", {"text": "途中"}, NOON, window="w1")
    second = await store.drafts.save("c1", "sato", {"text": "途中まで"}, LATER, window="w2")
    await store.drafts.save("c1", "abe", {"text": "別の人"}, NOON, window="w3")
    assert second is not None
    assert await store.drafts.find("c1", "sato") == second
    assert (second.version, second.window) == (2, "w2")
    assert [one.author for one in await store.drafts.about("c1")] == ["sato", "abe"]
    await save(store)
    assert await store.drafts.find("c1", "sato") is None
    assert await store.drafts.find("c1", "abe") is not None


async def test_a_draft_that_arrives_after_its_history_was_saved_does_not_come_back(store):
    await save(store)
    assert await store.drafts.save("c1", "sato", {"text": "遅れて届いた"}, LATER, window="w1") is None
    assert await store.drafts.find("c1", "sato") is None
    assert await store.drafts.save("c1", "sato", {"text": "訂正"}, LATER, window="w1", written=1) is not None


async def test_the_draft_of_an_answer_goes_when_it_is_saved_or_thrown_away(store):
    case = (await save(store)).case
    for _ in range(2):
        await store.drafts.save(case_form(case.id), "kimura", {"text": "回答"}, NOON, window="w1")
        await store.drafts.discard(case_form(case.id), "kimura")
        assert await store.drafts.about(case_form(case.id)) == []
    await store.drafts.save(case_form(case.id), "kimura", {"text": "回答"}, NOON, window="w1")
    await store.cases.save_history(draft(None, "kimura", Citizen(), case=case.id, id="n1"), LATER)
    assert await store.drafts.about(case_form(case.id)) == []


async def test_a_new_key_seals_drafts_too(url, keyring):
    async with open_store(url, keyring) as store:
        await store.drafts.save("c1", "sato", {"text": "途中"}, NOON, window="w1")
    renewed = keyring.extended().with_newest_current()
    async with open_store(url, renewed) as store:
        assert (await store.rotate())["drafts"] == 1
        kept = await store.drafts.find("c1", "sato")
        assert kept is not None
        assert kept.fields == {"text": "途中"}


async def test_who_has_a_page_open_is_known_until_it_is_closed_or_not_renewed(store):
    await store.users.create("mori", "森", Role.SUPERVISOR, "correct horse battery", NOON)
    await store.open_pages.opened(["case 1", "c1"], "mori", NOON)
    await store.open_pages.opened(["case 1"], "sato", NOON)
    found = await store.open_pages.readers(["case 1"], LATER, but="sato")
    assert [(one.user, one.name, one.until) for one in found] == [("mori", "森", NOON + LIVES)]
    await store.open_pages.opened(["case 1"], "mori", LATER)
    assert [one.user for one in await store.open_pages.readers(["case 1"], NOON + LIVES)] == ["mori"]
    await store.open_pages.closed(["case 1"], "mori")
    assert [one.about for one in await store.open_pages.readers(["case 1", "c1"], LATER, but="sato")] == ["c1"]


async def test_housekeeping_drops_old_drafts_and_makes_marks_of_older_rules_anew(store):
    await store.drafts.save("c1", "sato", {}, NOON, window="w1")
    await store.drafts.save("c2", "sato", {}, NOON + DRAFTS_KEPT, window="w1")
    await store.open_pages.opened(["c1"], "sato", NOON)
    for number in range(5):
        await save(store, call=f"c{number + 3}", citizen=Citizen(name="山田花子"))
    async with store.database.write() as connection:
        await connection.execute(update(cases).values(marks_version=1, name_index=b"older rules"))
    assert await store.case_finder.alike(Citizen(name="山田花子")) == []
    assert await store.housekeeping.mark_anew(batch=2) == 5
    assert len(await store.case_finder.alike(Citizen(name="山田花子"))) == 5
    await store.housekeeping.once(NOON + DRAFTS_KEPT + timedelta(seconds=1))
    assert await store.drafts.find("c1", "sato") is None
    assert await store.drafts.find("c2", "sato") is not None
    assert await store.housekeeping.mark_anew() == 0
