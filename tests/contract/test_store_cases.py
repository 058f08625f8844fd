"""Cases and histories on both databases: one history a call, who was faster, and who is the same citizen."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from crm.case_finder import Earlier
from crm.case_tables import cases, histories
from crm.cases import NoSuchCase
from crm.history_save import CaseChanged, HistoryChanged
from crm.sealing import SealBroken
from crm.store import open_store
from kernel.call import Call
from kernel.case import CaseStatus, Citizen, HistoryDraft
from kernel.events import EventKind
from kernel.phone_number import PhoneNumber

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
SEALED = ("calls", "utterances", "sms", "talk_drafts", "cases", "histories", "drafts", "second_factors", "signatures")
NONE = dict.fromkeys(SEALED, 0)
"""Rows that were sealed anew, by table."""
LATER = NOON + timedelta(minutes=1)
TARO = Citizen(
    name="藤沢 太郎",
    reading="ふじさわ たろう",
    sex="男",
    age="40代",
    occupation="会社員",
    postal_code="2510054",
    address="藤沢市朝日町1-1",
    phone=PhoneNumber("09012345678"),
    fax="0466251112",
    email="taro@example.jp",
)


def draft(call="c1", author="sato", citizen=TARO, **more):
    return HistoryDraft(call, author, citizen, "粗大ごみ", "出し方を案内した", "answered", close_case=True, **more)


async def test_a_saved_history_comes_back_with_its_case_whole(store):
    saved = await store.cases.save_history(draft(), NOON)
    assert (saved.case.number, saved.case.status, saved.case.citizen) == (1, CaseStatus.CLOSED, TARO)
    assert await store.cases.case(saved.case.id) == await store.cases.by_number(1) == saved.case
    assert await store.cases.histories(saved.case.id) == [saved.history]
    assert await store.cases.history_of_call("c1") == saved.history
    assert saved.history.written == NOON


async def test_the_event_of_a_saved_history_says_nothing_of_the_citizen(store, bus):
    saved = await store.cases.save_history(draft(), NOON)
    (told,) = await bus.hears(1)
    assert (told.event.kind, told.event.call, told.event.operator) == (EventKind.HISTORY_SAVED, "c1", "sato")
    assert told.event.data == {"case": saved.case.id, "number": 1, "version": 1}
    assert await store.events.since(0) == [told]


async def test_a_double_click_makes_one_history_and_one_event(store):
    first = await store.cases.save_history(draft(), NOON)
    second = await store.cases.save_history(draft(), LATER)
    assert second.repeated
    assert (second.case, second.history) == (first.case, first.history)
    assert len(await store.events.since(0)) == 1


async def test_of_two_windows_at_once_one_writes_and_the_other_is_told(url, keyring):
    async with open_store(url, keyring) as one, open_store(url, keyring) as other:
        outcomes = await asyncio.gather(
            one.cases.save_history(draft(author="sato"), NOON),
            other.cases.save_history(draft(author="abe"), LATER),
            return_exceptions=True,
        )
        told = [outcome for outcome in outcomes if isinstance(outcome, HistoryChanged)]
        written = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
        assert len(told) == len(written) == 1
        assert told[0].history == written[0].history
        assert told[0].by == written[0].history.author
        assert len(await one.case_finder.list()) == 1


async def test_a_history_is_corrected_by_the_form_that_showed_it_and_by_no_older_one(store):
    first = await store.cases.save_history(draft(), NOON)
    corrected = replace(draft(author="abe", version=1), text="訂正")
    second = await store.cases.save_history(corrected, LATER)
    assert (second.history.id, second.history.version, second.case.id) == (first.history.id, 2, first.case.id)
    with pytest.raises(HistoryChanged, match="changed by abe"):
        await store.cases.save_history(replace(corrected, author="sato", text="別の訂正"), LATER)
    assert [one.text for one in await store.cases.histories(first.case.id)] == ["訂正"]


async def test_a_second_call_joins_the_case_it_names_and_a_stale_form_of_the_case_is_told(store):
    first = await store.cases.save_history(draft(), NOON)
    follow_up = replace(draft("c2", citizen=Citizen(occupation="学生"), case=first.case.id), close_case=False)
    second = await store.cases.save_history(follow_up, LATER)
    assert second.case.citizen == replace(TARO, occupation="学生")
    assert second.case.status is CaseStatus.OPEN
    assert [history.call for history in await store.cases.histories(first.case.id)] == ["c1", "c2"]
    with pytest.raises(CaseChanged):
        await store.cases.save_history(draft("c3", case=first.case.id, case_version=1), LATER)
    assert await store.cases.history_of_call("c3") is None


async def test_a_case_that_is_not_there_is_said_and_nothing_is_stored(store):
    with pytest.raises(NoSuchCase):
        await store.cases.save_history(draft(case="nowhere"), NOON)
    with pytest.raises(NoSuchCase):
        await store.cases.case("nowhere")
    assert await store.cases.history_of_call("c1") is None
    assert await store.events.last_id() == 0


async def test_many_histories_saved_at_once_have_numbers_without_gap(store):
    await asyncio.gather(*(store.cases.save_history(draft(f"c{number}"), NOON) for number in range(12)))
    assert [case.number for case in await store.case_finder.list(limit=5)] == [12, 11, 10, 9, 8]
    assert [case.number for case in await store.case_finder.list(limit=5, before=8)] == [7, 6, 5, 4, 3]
    assert [case.number for case in await store.case_finder.list(limit=5, before=3)] == [2, 1]


async def test_cases_with_an_equal_name_address_or_e_mail_are_the_same_citizens(store):
    first = (await store.cases.save_history(draft("c1"), NOON)).case
    written = Citizen(name="藤沢　太郎", address="藤沢市朝日町１番地の１")
    second = (await store.cases.save_history(draft("c2", citizen=written), NOON)).case
    await store.cases.save_history(draft("c3", citizen=Citizen(name="別人", email="other@example.jp")), NOON)
    mailed = Citizen(email="TARO@example.jp", phone=PhoneNumber("09012345678"))
    third = (await store.cases.save_history(draft("c4", citizen=mailed), NOON)).case
    alike = {match.case.id: match.equal for match in await store.case_finder.alike(first.citizen, first.id)}
    assert alike == {second.id: {"name", "address"}, third.id: {"email", "phone"}}
    assert await store.case_finder.alike(Citizen()) == []


async def test_a_callers_earlier_cases_are_those_called_from_the_number_and_those_that_name_it(store):
    number = PhoneNumber("0466000001")
    store.journal.write(Call("c1", NOON, "0466251111", caller=number))
    await store.journal.flushed()
    rang = (await store.cases.save_history(draft("c1", citizen=Citizen(name="甲")), NOON)).case
    named = (await store.cases.save_history(draft("c2", citizen=Citizen(phone=number)), LATER)).case
    await store.cases.save_history(draft("c3"), NOON)
    earlier = await store.case_finder.earlier(number)
    assert earlier.cases == (named, rang)
    assert [contact.history.case for contact in earlier.contacts] == [named.id, rang.id]
    assert await store.case_finder.earlier(PhoneNumber("0466000002")) == Earlier()


async def test_a_row_that_was_moved_to_another_case_does_not_open(store):
    one = (await store.cases.save_history(draft("c1"), NOON)).case
    other = (await store.cases.save_history(draft("c2", citizen=Citizen(name="別人")), NOON)).case
    async with store.database.write() as connection:
        sealed = select(cases.c.citizen_sealed).where(cases.c.id == one.id).scalar_subquery()
        await connection.execute(update(cases).where(cases.c.id == other.id).values(citizen_sealed=sealed))
    with pytest.raises(SealBroken, match=f"cases.citizen of row {other.id}"):
        await store.cases.case(other.id)


async def test_a_new_key_seals_what_is_new_and_rotation_seals_the_rest(url, keyring):
    async with open_store(url, keyring) as store:
        for number in range(7):
            store.journal.write(Call(f"c{number}", NOON, "0466251111", caller=PhoneNumber(f"046600000{number}")))
            await store.cases.save_history(draft(f"c{number}"), NOON)
    renewed = keyring.extended().with_newest_current()
    async with open_store(url, renewed) as store:
        before = await store.case_finder.list(), await store.calls.unfinished()
        assert await store.rotate(batch=3) == NONE | {"calls": 7, "cases": 7, "histories": 7, "signatures": 14}
        assert (await store.case_finder.list(), await store.calls.unfinished()) == before
        assert await store.rotate() == NONE
        async with store.database.read() as connection:
            versions = (await connection.execute(select(histories.c.key_version).distinct())).scalars().all()
        assert versions == [2]
        assert (await store.case_finder.earlier(PhoneNumber("0466000003"))).total == 1


async def test_keys_are_changed_one_process_after_the_other_and_each_reads_what_the_others_seal(url, keyring):
    extended = keyring.extended()
    async with open_store(url, extended) as waiting, open_store(url, extended.with_newest_current()) as started:
        new = await started.cases.save_history(draft("c1"), NOON)
        assert await waiting.cases.history_of_call("c1") == new.history
        old = await waiting.cases.save_history(draft("c2"), NOON)
        assert await started.cases.history_of_call("c2") == old.history
        assert await started.rotate() == NONE | {"cases": 1, "histories": 1, "signatures": 2}
