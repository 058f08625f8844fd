"""Who takes the database, its write-ahead log, or any log, finds no caller's number and no user's secret (Q2)."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyotp.totp import TOTP
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from crm.logins import TooManyFailures
from crm.sessions import SEEN_EVERY
from crm.store import open_store
from crm.tables import calls
from crm.users import Role
from crm.viewings import Citizen as Viewed
from crm.viewings import Shown
from kernel.call import Call
from kernel.case import Citizen, HistoryDraft
from kernel.events import Event, EventKind
from kernel.phone_number import PhoneNumber
from kernel.sms import Sms
from tests.support.store import new_sqlite

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
FIRST, OWN, GUESSED = "初めての合言葉は長いのです", "自分で決めた合言葉も長いのです", "当て推量の合言葉であります"
NUMBER = PhoneNumber("09087654321")
TEXTED, LINK = PhoneNumber("07024681357"), "【藤沢市】ご案内 https://www.city.example/himitsu"
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
    TEXTED.digits,
    LINK,
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
    store.journal.write(Sms("c1", "hours", NOON, TEXTED, LINK))
    await store.cases.save_history(DRAFT, NOON)
    await store.cases.save_history(replace(DRAFT, version=1, text=DRAFT.text + "。"), NOON)
    await store.drafts.save("c2", "sato", {"name": TARO.name, "text": DRAFT.text}, NOON, window="w1")
    await store.journal.flushed()
    assert (await store.calls.find("c1")).caller == NUMBER
    case = (await store.case_finder.list())[0]
    store.viewings.note(NOON, "sato", Shown.CASE, [Viewed(case=case.number, call="c1")])
    await store.viewings.flushed()


async def users_live(store) -> set[str]:
    """What a user has that nobody else may have; whoever reads the database could log in with it."""
    user = await store.users.create("kimura", "木村", Role.STAFF, FIRST, NOON, by="ueda", must_change=True)
    reset = await store.user_admin.reset_password("kimura", by="ueda", now=NOON)
    await store.users.verify("kimura", reset, source="192.0.2.77", now=NOON)
    with suppress(TooManyFailures):
        await store.users.verify("kimura", GUESSED, source="2001:db8:77::1", now=NOON)
    await store.users.change_password("kimura", OWN)
    opened, waiting = await store.sessions.open(user, NOON), await store.sessions.open(user, NOON, waits_for_code=True)
    await store.sessions.find(opened.token, NOON + SEEN_EVERY)
    dropped, secret = [await store.second_factors.begin("kimura") for _ in range(2)]
    codes = await store.second_factors.confirm("kimura", TOTP(secret).at(NOON), NOON)
    assert codes
    assert await store.second_factors.check("kimura", codes[0], NOON)
    plain = {code.replace("-", "") for code in codes}
    addresses = {"192.0.2.77", "2001:db8:77"}
    return {FIRST, OWN, GUESSED, reset, opened.token, waiting.token, dropped, secret, *codes, *plain, *addresses}


def found_in(*contents: bytes, secrets: Iterable[str] = SECRETS) -> set[str]:
    spellings = {secret: {secret.encode(form) for form in ("utf-8", "utf-16-le", "cp932")} for secret in secrets}
    return {secret for secret, forms in spellings.items() if any(form in one for form in forms for one in contents)}


def files(*folders: Path) -> list[bytes]:
    return [path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()]


async def test_the_files_of_sqlite_hold_no_personal_data_while_it_runs_and_after(tmp_path, keyring, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    async with open_store(await new_sqlite(tmp_path), keyring) as store:
        await live(store)
        secrets = [*SECRETS, *(await users_live(store))]
        assert (tmp_path / "denwa.db-wal").stat().st_size > 0
        running = files(tmp_path)
    said = [caplog.text.encode(), *map(str.encode, capfd.readouterr())]
    assert found_in(*running, *files(tmp_path), *said, secrets=secrets) == set()
    assert b"kimura" in b"".join(running)
    assert b"0466251111" in b"".join(running), "the search itself works: the dialled number is not secret"


async def test_a_dump_of_postgresql_its_wal_and_its_log_hold_no_personal_data(postgres, migrated, keyring):
    name = postgres.create(migrated)
    async with open_store(postgres.url(name), keyring) as store:
        await live(store)
        secrets = [*SECRETS, *(await users_live(store))]
    dump = postgres.run("pg_dump", "-h", str(postgres.folder), "-U", "tests", "--inserts", name)
    assert b"0466251111" in dump
    written = files(postgres.data, postgres.folder / "data" / "pg_wal")
    assert found_in(dump, *written, postgres.log.read_bytes(), secrets=secrets) == set()


async def test_an_error_of_the_database_shows_no_values(store):
    row = {"id": NUMBER.digits, "arrived": NOON, "dialled": NUMBER.digits}
    with pytest.raises(IntegrityError) as caught:
        async with store.database.write() as connection:
            await connection.execute(insert(calls).values(row))
    assert "parameters hidden" in str(caught.value)
