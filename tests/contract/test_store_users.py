"""Users, logins and sessions on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from crm.logins import TooManyFailures
from crm.passwords import WeakPassword
from crm.sessions import ABSOLUTE, IDLE
from crm.tables import sessions, users
from crm.users import NoSuchUser, Role, User, UserExists

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
PASSWORD = "とても長い合言葉です。12"


@pytest.fixture
async def sato(store):
    store.users._passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return await store.users.create("sato", "佐藤", Role.OPERATOR, PASSWORD, NOON)


def verify(store, password=PASSWORD, *, user="sato", source="192.0.2.1", now=NOON):
    return store.users.verify(user, password, source=source, now=now)


async def test_the_right_password_gives_the_user_and_a_wrong_one_nobody(store, sato):
    assert await verify(store) == sato == User("sato", "佐藤", Role.OPERATOR)
    assert await verify(store, "wrong") is None
    assert await verify(store, user="nobody") is None
    assert await store.users.list() == [sato]


async def test_the_stored_hash_is_argon2id_and_not_the_password(store, sato):
    async with store.database.read() as connection:
        kept = (await connection.execute(select(users.c.password_hash))).scalar_one()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


async def test_an_id_is_given_once_and_a_password_is_long(store, sato):
    with pytest.raises(UserExists):
        await store.users.create("sato", "別の佐藤", Role.STAFF, PASSWORD, NOON)
    with pytest.raises(WeakPassword, match="at least 12"):
        await store.users.create("abe", "阿部", Role.STAFF, "short", NOON)
    assert await store.users.find("abe") is None


async def test_a_disabled_user_neither_logs_in_nor_keeps_a_session(store, sato):
    opened = await store.sessions.open(sato, NOON)
    await store.user_admin.set_disabled("sato", True, by="ueda", now=NOON)
    assert await verify(store) is None
    assert await store.sessions.find(opened.token, NOON) is None
    with pytest.raises(NoSuchUser):
        await store.user_admin.set_disabled("nobody", True, by="ueda", now=NOON)


async def test_a_new_password_replaces_the_old_one(store, sato):
    await store.users.change_password("sato", "もっともっと長い合言葉です")
    assert await verify(store) is None
    assert await verify(store, "もっともっと長い合言葉です") == sato


async def test_who_guesses_must_wait_and_others_need_not(store, sato):
    for _ in range(3):
        assert await verify(store, "wrong") is None
    with pytest.raises(TooManyFailures) as caught:
        await verify(store)
    assert caught.value.retry_after_seconds == 2
    assert await verify(store, source="192.0.2.2") == sato
    assert await verify(store, now=NOON + timedelta(seconds=2)) == sato
    assert await verify(store, "wrong") is None, "a success has forgotten the failures"


async def test_many_guesses_at_once_are_no_way_round_the_waiting(store, sato):
    guesses = await asyncio.gather(*(verify(store, "wrong") for _ in range(10)), return_exceptions=True)
    assert sum(guess is None for guess in guesses) == 3
    assert sum(isinstance(guess, TooManyFailures) for guess in guesses) == 7


async def test_a_session_is_found_by_its_token_which_the_store_does_not_hold(store, sato):
    opened = await store.sessions.open(sato, NOON)
    assert await store.sessions.find(opened.token, NOON) == opened.session
    assert await store.sessions.find("another", NOON) is None
    async with store.database.read() as connection:
        row = (await connection.execute(select(sessions))).one()
    assert opened.token not in str(row)
    assert opened.token.encode() not in row.token_hash


async def test_a_session_ends_when_it_idles_and_after_a_shift_in_any_case(store, sato):
    opened = await store.sessions.open(sato, NOON)
    now, half = NOON, IDLE / 2
    while now + half < NOON + ABSOLUTE:
        now += half
        assert await store.sessions.find(opened.token, now) == opened.session
    assert await store.sessions.find(opened.token, NOON + ABSOLUTE) is None
    other = await store.sessions.open(sato, NOON)
    assert await store.sessions.find(other.token, NOON + IDLE) is None


async def test_logging_out_ends_one_session_and_closing_all_the_rest(store, sato):
    first, second, third = [await store.sessions.open(sato, NOON) for _ in range(3)]
    await store.sessions.close(first.token)
    assert await store.sessions.find(first.token, NOON) is None
    assert await store.sessions.find(second.token, NOON) == second.session
    await store.sessions.close_all("sato")
    assert await store.sessions.find(third.token, NOON) is None
