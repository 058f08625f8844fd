"""Rights given and removed, and who was shown what, on both databases: both logs only grow."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm.errors import NotStored
from crm.rights import RightsKind
from crm.store import open_store
from crm.user_admin import LastAdministrator
from crm.users import NoSuchUser, Role
from crm.viewings import Citizen, Shown, Viewing, Wanted
from kernel.user import User

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
MONTH = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
PASSWORD = "とても長い合言葉です。12"


@pytest.fixture
async def admin(store):
    store.users._passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    await store.users.create("ueda", "上田", Role.ADMINISTRATOR, PASSWORD, NOON)
    await store.users.create("sato", "佐藤", Role.STAFF, PASSWORD, NOON, by="ueda", departments=["kankyo"])
    return store.user_admin


async def log(store) -> list[tuple[str, str, str, str]]:
    return [(one.by, one.user, one.kind.value, one.what) for one in await store.rights.between(*MONTH)]


async def test_a_new_user_is_in_the_log_with_who_gave_which_rights(store, admin):
    assert await log(store) == [
        ("denwa", "ueda", "created", ""),
        ("denwa", "ueda", "role_given", "administrator"),
        ("ueda", "sato", "created", ""),
        ("ueda", "sato", "role_given", "staff"),
        ("ueda", "sato", "department_given", "kankyo"),
    ]


async def test_a_change_of_rights_is_logged_ends_the_sessions_and_a_new_name_does_neither(store, admin):
    sato = await store.users.find("sato")
    opened = await store.sessions.open(sato, NOON)
    before = len(await log(store))
    await admin.save("sato", "佐藤 一郎", Role.STAFF, ["kankyo"], by="ueda", now=LATER)
    assert (await store.sessions.find(opened.token, LATER)).user.name == "佐藤 一郎"
    assert len(await log(store)) == before
    saved = await admin.save("sato", "佐藤 一郎", Role.SUPERVISOR, ["shimin", "zei"], by="ueda", now=LATER)
    assert saved == await store.users.find("sato")
    assert saved == User("sato", "佐藤 一郎", Role.SUPERVISOR, departments=frozenset({"shimin", "zei"}))
    assert await store.sessions.find(opened.token, LATER) is None
    assert [line[2:] for line in (await log(store))[before:]] == [
        ("role_removed", "staff"),
        ("role_given", "supervisor"),
        ("department_removed", "kankyo"),
        ("department_given", "shimin"),
        ("department_given", "zei"),
    ]


@pytest.mark.parametrize("change", ["disabled", "password", "second_factor"])
async def test_each_of_what_an_administrator_resets_ends_the_sessions_at_once_and_is_logged(store, admin, change):
    opened = await store.sessions.open(await store.users.find("sato"), NOON)
    match change:
        case "disabled":
            await admin.set_disabled("sato", True, by="ueda", now=LATER)
            await admin.set_disabled("sato", True, by="ueda", now=LATER)
        case "password":
            await admin.reset_password("sato", by="ueda", now=LATER)
        case _:
            await admin.reset_second_factor("sato", by="ueda", now=LATER)
    assert await store.sessions.find(opened.token, LATER) is None
    kind = {"disabled": "disabled", "password": "password_reset", "second_factor": "second_factor_reset"}[change]
    assert [line[2] for line in (await log(store))[5:]] == [kind]


async def test_a_password_that_was_reset_opens_and_must_be_changed(store, admin):
    told = await admin.reset_password("sato", by="ueda", now=NOON)
    user = await store.users.verify("sato", told, source="192.0.2.1", now=NOON)
    assert user.must_change
    assert await store.users.verify("sato", PASSWORD, source="192.0.2.1", now=NOON) is None
    await store.users.change_password("sato", PASSWORD)
    assert not (await store.users.find("sato")).must_change


async def test_the_last_active_administrator_stays_one(store, admin):
    with pytest.raises(LastAdministrator):
        await admin.set_disabled("ueda", True, by="ueda", now=NOON)
    with pytest.raises(LastAdministrator):
        await admin.save("ueda", "上田", Role.STAFF, [], by="ueda", now=NOON)
    await admin.save("sato", "佐藤", Role.ADMINISTRATOR, [], by="ueda", now=NOON)
    await admin.set_disabled("ueda", True, by="sato", now=NOON)
    with pytest.raises(LastAdministrator):
        await admin.set_disabled("sato", True, by="sato", now=NOON)


async def test_two_administrators_who_remove_each_other_at_once_leave_one(store, admin):
    await admin.save("sato", "佐藤", Role.ADMINISTRATOR, [], by="ueda", now=NOON)
    each = (
        admin.set_disabled("sato", True, by="ueda", now=NOON),
        admin.set_disabled("ueda", True, by="sato", now=NOON),
    )
    ends = await asyncio.gather(*each, return_exceptions=True)
    assert sorted(map(repr, map(type, ends))) == sorted(map(repr, (type(None), LastAdministrator)))


async def test_an_unknown_user_can_not_be_changed(store, admin):
    for change in (
        admin.set_disabled("nobody", True, by="ueda", now=NOON),
        admin.reset_password("nobody", by="ueda", now=NOON),
        admin.reset_second_factor("nobody", by="ueda", now=NOON),
        admin.save("nobody", "誰", Role.STAFF, [], by="ueda", now=NOON),
    ):
        with pytest.raises(NoSuchUser):
            await change
    assert len(await log(store)) == 5


async def test_a_rule_for_a_role_is_logged_once_and_can_be_taken_back(store, admin):
    for now in (NOON, LATER):
        await admin.require_second_factor(Role.STAFF, True, by="ueda", now=now)
    assert await admin.second_factor_rules() == {Role.STAFF: NOON}
    await admin.require_second_factor(Role.STAFF, False, by="ueda", now=LATER)
    assert await admin.second_factor_rules() == {}
    kinds = [RightsKind.SECOND_FACTOR_REQUIRED, RightsKind.SECOND_FACTOR_NOT_REQUIRED]
    assert [one.kind for one in (await store.rights.between(*MONTH))[5:]] == kinds


async def test_the_log_is_read_by_its_time(store, admin):
    assert len(await store.rights.between(NOON, LATER)) == 5
    assert await store.rights.between(NOON - timedelta(days=1), NOON) == []


@pytest.mark.parametrize("table", ["rights_changes", "viewings"])
@pytest.mark.parametrize("change", ["UPDATE {} SET \"user\" = 'x'", "DELETE FROM {}"])
async def test_the_database_itself_refuses_to_change_what_a_log_says(store, admin, table, change):
    store.viewings.note(NOON, "sato", Shown.CASE, [Citizen(case=1)])
    await store.viewings.flushed()
    with pytest.raises(DBAPIError, match="only grows"):
        async with store.database.write() as connection:
            await connection.execute(text(change.format(table)))


async def test_who_was_shown_whose_data_is_found_by_user_case_and_day(store):
    store.viewings.note(NOON, "sato", Shown.CASE, [Citizen(case=7)])
    store.viewings.note(LATER, "mori", Shown.GIVEN_UP, [Citizen(call="c1"), Citizen(call="c2")])
    await store.viewings.flushed()
    found = await store.viewings.find(Wanted(), limit=None)
    assert set(found[:2]) == {Viewing(LATER, "mori", "given_up", Citizen(call=call)) for call in ("c1", "c2")}
    assert found[2] == Viewing(NOON, "sato", "case", Citizen(case=7))
    assert await store.viewings.find(Wanted(user="sato"), limit=9) == [found[2]]
    assert await store.viewings.find(Wanted(case=7), limit=9) == [found[2]]
    assert await store.viewings.find(Wanted(begins=LATER, ends=LATER + timedelta(1)), limit=9) == found[:2]
    assert await store.viewings.find(Wanted(begins=NOON, ends=LATER), limit=9) == [found[2]]
    assert await store.viewings.find(Wanted(), limit=1, offset=2) == [found[2]]


async def test_what_was_noted_a_moment_before_a_normal_stop_is_kept(url, keyring):
    async with open_store(url, keyring) as store:
        store.viewings.note(NOON, "sato", Shown.CASE, [Citizen(case=number) for number in range(2500)])
    async with open_store(url, keyring) as store:
        assert len(await store.viewings.find(Wanted(), limit=None)) == 2500
    with pytest.raises(NotStored):
        store.viewings.note(NOON, "sato", Shown.CASE, [Citizen(case=1)])


async def test_a_database_that_takes_nothing_for_a_while_loses_no_record(store, monkeypatch, capfd):
    monkeypatch.setattr("crm.viewings.RETRY_SECONDS", 0.01)
    real, failed = store.database.write, asyncio.Event()

    def fails():
        failed.set()
        raise OSError("gone")

    monkeypatch.setattr(store.database, "write", fails)
    store.viewings.note(NOON, "sato", Shown.CASE, [Citizen(case=1)])
    await failed.wait()
    monkeypatch.setattr(store.database, "write", real)
    await store.viewings.flushed()
    assert store.viewings.failure is None
    assert len(await store.viewings.find(Wanted(), limit=None)) == 1
