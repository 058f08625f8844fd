"""Who takes the database, its write-ahead log, or any log, finds no caller's number in them (Q2)."""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from crm.store import open_store
from crm.tables import calls
from kernel.call import Call
from kernel.case import Citizen, HistoryDraft
from kernel.events import Event, EventKind
from kernel.phone_number import PhoneNumber
from tests.support.store import new_sqlite

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
NUMBER = PhoneNumber("09087654321")
CALLED_BACK = PhoneNumber("08013572468")
TARO = Citizen(
    name="湘南花子",
    reading="しょうなんはなこ",
    sex="女性です",
    age="四十二歳",
    occupation="漁師をしています",
    postal_code="2510099",
    address="藤沢市江の島9-9-9",
    phone=PhoneNumber("07011112222"),
    fax="0466999999",
    email="hanako@enoshima.example",
)
DRAFT = HistoryDraft("c1", "sato", TARO, "住民票の件", "再発行を案内した", "answered", close_case=True)
SECRETS = [
    NUMBER.digits,
    CALLED_BACK.digits,
    NUMBER.digits[1:],
    TARO.phone.digits,
    DRAFT.subject,
    DRAFT.text,
    *(value for value in (getattr(TARO, name) for name in TARO.__slots__) if isinstance(value, str)),
]


async def live(store):
    """What leaves traces: new rows, changed rows, rows that were there before."""
    call = Call("c1", NOON, "0466251111", caller=NUMBER)
    store.journal.write(call, Event(EventKind.CALL_ARRIVED, NOON, call="c1"))
    await store.journal.flushed()
    waits = call.waits_in("enquiries", NOON)
    store.journal.write(waits)
    store.journal.write(replace(waits.calls_back(CALLED_BACK, NOON), id="c2"))
    await store.cases.save_history(DRAFT, NOON)
    await store.cases.save_history(replace(DRAFT, version=1, text=DRAFT.text + "。"), NOON)
    await store.drafts.save("c2", "sato", {"name": TARO.name, "text": DRAFT.text}, NOON, window="w1")
    await store.journal.flushed()
    assert (await store.calls.find("c1")).caller == NUMBER


def found_in(*contents: bytes) -> set[str]:
    spellings = {secret: {secret.encode(form) for form in ("utf-8", "utf-16-le", "cp932")} for secret in SECRETS}
    return {secret for secret, forms in spellings.items() if any(form in one for form in forms for one in contents)}


def files(*folders: Path) -> list[bytes]:
    return [path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()]


async def test_the_files_of_sqlite_hold_no_personal_data_while_it_runs_and_after(tmp_path, keyring, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    async with open_store(await new_sqlite(tmp_path), keyring) as store:
        await live(store)
        assert (tmp_path / "denwa.db-wal").stat().st_size > 0
        running = files(tmp_path)
    assert found_in(*running, *files(tmp_path), caplog.text.encode(), *map(str.encode, capfd.readouterr())) == set()
    assert b"0466251111" in b"".join(running), "the search itself works: the dialled number is not secret"


async def test_a_dump_of_postgresql_its_wal_and_its_log_hold_no_personal_data(postgres, migrated, keyring):
    name = postgres.create(migrated)
    async with open_store(postgres.url(name), keyring) as store:
        await live(store)
    dump = postgres.run("pg_dump", "-h", str(postgres.folder), "-U", "tests", "--inserts", name)
    assert b"0466251111" in dump
    assert (
        found_in(dump, *files(postgres.data, postgres.folder / "data" / "pg_wal"), postgres.log.read_bytes()) == set()
    )


async def test_an_error_of_the_database_shows_no_values(store):
    row = {"id": NUMBER.digits, "arrived": NOON, "dialled": NUMBER.digits}
    with pytest.raises(IntegrityError) as caught:
        async with store.database.write() as connection:
            await connection.execute(insert(calls).values(row))
    assert "parameters hidden" in str(caught.value)
