"""Search on both databases: what is committed is found by every process; no word is given away (C1, Q2)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from crm.case_tables import case_steps, cases, histories, signatures
from crm.finding.finding import NotReady
from crm.finding.query import Asked, Kind, words_of
from crm.store import Store, open_store
from kernel.call import Call
from kernel.case import Citizen, HistoryDraft
from kernel.phone_number import PhoneNumber

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
HANAKO = Citizen(
    name="高橋 花子", reading="たかはし はなこ", phone=PhoneNumber("0466998877"), address="藤沢市朝日町1-1"
)


def draft(call: str, subject: str = "住民票", text: str = "再発行を案内した", **more: object) -> HistoryDraft:
    citizen = more.pop("citizen", HANAKO)
    return HistoryDraft(call, "sato", citizen, subject, text, "回答済み", close_case=False, **more)


async def found(store: Store, query: str, **more: object) -> list[str]:
    """The calls of the histories, "case" for a case."""
    page = await store.finding.search(Asked(words_of(query), **more), most=50)
    assert page.exact
    assert page.total == len(page.found)
    return [one.history.call if one.history else "case" for one in page.found]


@pytest.fixture
async def ready(store: Store) -> Store:
    await store.finding.load()
    return store


async def test_a_history_is_found_as_soon_as_it_is_saved_by_its_words_number_name_and_reading(ready):
    await ready.cases.save_history(draft("c1"), NOON)
    assert await found(ready, "再発行") == ["c1"]
    for query in ("0466-99-8877", "ﾀｶﾊｼ", "髙橋花子", "朝日町1-1"):
        assert await found(ready, query) == ["case"], query
        assert await found(ready, f"{query} 再発行") == ["c1"], query
    assert await found(ready, "再交付") == []


async def test_a_history_that_another_process_saves_is_found_at_once(url, keyring):
    async with open_store(url, keyring) as one, open_store(url, keyring) as other:
        await one.finding.load()
        for number in range(3):
            await other.cases.save_history(draft(f"c{number}", text=f"第{number}回の案内"), NOON)
            assert await found(one, f"第{number}回") == [f"c{number}"]


async def test_a_corrected_history_is_found_by_its_new_words_alone_and_so_is_a_corrected_citizen(ready):
    saved = await ready.cases.save_history(draft("c1"), NOON)
    renamed = replace(HANAKO, name="鈴木 花子", reading="すずき はなこ")
    again = draft("c1", text="郵送を案内した", citizen=renamed, version=1, case_version=saved.case.version)
    await ready.cases.save_history(again, NOON)
    assert await found(ready, "再発行") == await found(ready, "高橋") == []
    assert await found(ready, "郵送") == ["c1"]
    assert await found(ready, "すずき") == ["case"]


async def test_a_text_that_becomes_long_and_short_again_is_found_by_what_it_says_now(ready):
    long = "".join(f"{number}番目の用件は転入の手続き。" for number in range(100))
    await ready.cases.save_history(draft("c1", text="短い"), NOON)
    await ready.cases.save_history(draft("c1", text=long, version=1), NOON)
    assert await found(ready, "99番目の用件は転入") == ["c1"]
    await ready.cases.save_history(draft("c1", text="短い", version=2), NOON)
    assert await found(ready, "99番目") == []
    assert await found(ready, "短い") == ["c1"]
    await ready.cases.save_history(draft("c2", text="別の件"), NOON)
    assert await found(ready, "別の件") == ["c2"]


async def test_filters_know_the_queue_of_the_call_the_author_the_outcome_and_the_cases_state(ready):
    ready.journal.write(replace(Call("c1", NOON, "0466251111"), queue="exchange"))
    await ready.journal.flushed()
    await ready.cases.save_history(draft("c1"), NOON)
    await ready.cases.save_history(replace(draft("c2", citizen=Citizen()), author="abe", close_case=True), NOON)
    assert await found(ready, "住民票", queue="exchange") == ["c1"]
    assert await found(ready, "住民票", author="abe") == ["c2"]
    assert await found(ready, "住民票", status="closed") == ["c2"]
    assert sorted(await found(ready, "住民票", outcome="回答済み")) == ["c1", "c2"]
    assert await found(ready, "", kind=Kind.CASE, status="open") == ["case"]
    assert await found(ready, "住民票", begins=NOON + timedelta(seconds=1)) == []
    await ready.cases.save_history(replace(draft("c3", citizen=Citizen()), department="hoken-nenkin"), NOON)
    assert await found(ready, "住民票", department="hoken-nenkin") == ["c3"]
    assert await found(ready, "住民票", department="zeisei") == []


async def test_pages_follow_each_other_and_an_export_has_all_in_their_order(ready):
    for number in range(7):
        await ready.cases.save_history(draft(f"c{number}"), NOON + timedelta(minutes=number))
    asked, calls, after = Asked(words_of("住民票")), [], None
    while True:
        page = await ready.finding.search(asked, 3, after)
        calls += [one.history.call for one in page.found]
        after = page.after
        if after is None:
            break
    assert calls == [f"c{number}" for number in reversed(range(7))]
    assert [one.history.call async for one in ready.finding.every(asked, 100)] == calls
    assert [one.history.call async for one in ready.finding.every(asked, 2)] == calls[:2]


async def test_before_the_index_is_read_a_search_says_so_and_finds_nothing_by_half(store):
    with pytest.raises(NotReady):
        await store.finding.search(Asked(), 10)


async def test_what_was_there_before_the_search_is_signed_once_also_by_two_processes_and_then_found(url, keyring):
    async with open_store(url, keyring) as one, open_store(url, keyring) as other:
        for number in range(120):
            await one.cases.save_history(draft(f"c{number}", text=f"第{number}回"), NOON)
        async with one.database.write() as connection:
            await connection.execute(delete(signatures).where(signatures.c.slot >= 20))
        await asyncio.gather(one.signing.look(), other.signing.look())
        async with one.database.read() as connection:
            rows = (await connection.execute(select(signatures.c.document))).scalars().all()
        assert len(rows) == len(set(rows)) == 240
        assert await one.signing.look() == 0
        for store in (one, other):
            await store.finding.load()
            assert await found(store, "第119回") == ["c119"]


async def test_an_older_form_of_signature_is_replaced(ready, keyring, url):
    await ready.cases.save_history(draft("c1"), NOON)
    async with ready.database.write() as connection:
        await connection.execute(update(signatures).values(form=0))
    async with open_store(url, keyring) as started:
        await started.finding.load()
        assert await found(started, "住民票") == []
        assert await started.signing.look() == 2
        assert await found(started, "住民票") == ["c1"]


async def test_what_is_deleted_is_not_found_and_its_place_is_nobody_elses(ready):
    saved = await ready.cases.save_history(draft("c1"), NOON)
    async with ready.database.write() as connection:
        await connection.execute(delete(histories).where(histories.c.case == saved.case.id))
        await connection.execute(delete(case_steps).where(case_steps.c.case == saved.case.id))
        await connection.execute(delete(cases).where(cases.c.id == saved.case.id))
    assert await found(ready, "住民票") == []
    await ready.cases.save_history(draft("c2", citizen=Citizen()), NOON)
    assert await found(ready, "住民票") == ["c2"]


async def test_rotation_seals_the_signatures_anew_and_the_search_goes_on(url, keyring):
    async with open_store(url, keyring) as store:
        await store.cases.save_history(draft("c1"), NOON)
    renewed = keyring.extended().with_newest_current()
    async with open_store(url, renewed) as store:
        await store.finding.load()
        assert (await store.rotate())["signatures"] == 2
        assert await found(store, "住民票") == ["c1"]
    async with open_store(url, renewed) as store:
        await store.finding.load()
        assert await found(store, "住民票") == ["c1"]


async def test_a_signature_that_was_altered_or_moved_hides_its_own_text_alone_and_the_log_says_so(url, keyring, capsys):
    async with open_store(url, keyring) as store:
        for number in range(3):
            await store.cases.save_history(draft(f"c{number}", citizen=Citizen()), NOON)
        one, other = [(await store.cases.history_of_call(call)).id for call in ("c0", "c1")]
        async with store.database.write() as connection:
            moved = select(signatures.c.bits_sealed).where(signatures.c.id == one).scalar_subquery()
            await connection.execute(update(signatures).where(signatures.c.id == other).values(bits_sealed=moved))
        await store.finding.load()
        assert sorted(await found(store, "住民票")) == ["c0", "c2"]
    assert f"signatures.bits of row {other}" in capsys.readouterr().out


async def test_equal_texts_leave_no_equal_trace_in_the_table(ready):
    for number in range(12):
        await ready.cases.save_history(draft(f"c{number}"), NOON)
    async with ready.database.read() as connection:
        rows = [bytes(row) for row in (await connection.execute(select(signatures.c.bits_sealed))).scalars()]
    assert len({len(row) for row in rows}) == 1, "a short text's is as long as a long one's"
    pieces = [row[at : at + 8] for row in rows for at in range(16, len(row) - 8, 8)]
    assert len(pieces) == len(set(pieces)), "no token of one row comes again in another"
