"""Second factors on both databases: a code once, a secret sealed, a rule from the next login on."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from pyotp.totp import TOTP
from sqlalchemy import select

from crm.keyring import Keyring
from crm.second_factors import AlreadySetUp
from crm.sessions import CODE_WAITS, Owed
from crm.store import open_store
from crm.user_tables import recovery_codes, second_factors
from crm.users import Role

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
STEP = timedelta(seconds=30)
PASSWORD = "とても長い合言葉です。12"


@pytest.fixture
async def sato(store):
    return await store.users.create("sato", "佐藤", Role.STAFF, PASSWORD, NOON)


@pytest.fixture
async def secret(store, sato):
    """Set up at noon, by a code of half a minute before."""
    secret = await store.second_factors.begin("sato")
    assert await store.second_factors.pending("sato") == secret
    assert len(await store.second_factors.confirm("sato", TOTP(secret).at(NOON - STEP), NOON)) == 10
    return secret


async def test_nothing_is_asked_for_until_a_code_of_the_new_secret_was_given(store, sato):
    secret = await store.second_factors.begin("sato")
    again = await store.second_factors.begin("sato")
    assert secret != again
    assert await store.second_factors.confirm("sato", TOTP(secret).at(NOON), NOON) == ()
    assert not await store.second_factors.check("sato", TOTP(again).at(NOON), NOON)
    assert (await store.second_factors.state("sato")).since is None
    assert await store.second_factors.confirm("sato", TOTP(again).at(NOON), NOON)
    assert (await store.second_factors.state("sato")).since == NOON
    assert await store.second_factors.pending("sato") is None
    with pytest.raises(AlreadySetUp):
        await store.second_factors.begin("sato")


async def test_a_code_counts_once_and_none_before_it(store, secret):
    check, code = store.second_factors.check, TOTP(secret)
    assert not await check("sato", code.at(NOON - STEP), NOON), "it has confirmed the secret"
    assert await check("sato", code.at(NOON + STEP), NOON), "a clock may be half a minute ahead"
    assert not await check("sato", code.at(NOON + STEP), NOON)
    assert not await check("sato", code.at(NOON), NOON), "older than one that was used"
    assert not await check("sato", code.at(NOON + 4 * STEP), NOON + STEP)
    assert await check("sato", " ".join(code.at(NOON + 3 * STEP)), NOON + 3 * STEP)
    assert not await check("nobody", code.at(NOON), NOON)


async def test_of_two_who_give_the_same_code_at_once_one_is_let_in(store, secret):
    code = TOTP(secret).at(NOON)
    both = await asyncio.gather(*(store.second_factors.check("sato", code, NOON) for _ in range(2)))
    assert sorted(both) == [False, True]


async def test_a_recovery_code_counts_once_however_it_is_typed(store, sato):
    secret = await store.second_factors.begin("sato")
    first, second, *_ = await store.second_factors.confirm("sato", TOTP(secret).at(NOON), NOON)
    assert await store.second_factors.check("sato", f" {first.upper()} ", NOON)
    assert not await store.second_factors.check("sato", first, NOON)
    assert await store.second_factors.check("sato", second.replace("-", ""), NOON)
    assert (await store.second_factors.state("sato")).codes_left == 8
    assert not await store.second_factors.check("sato", "", NOON)


async def test_removed_it_is_gone_with_its_codes(store, secret):
    await store.second_factors.remove("sato")
    assert not await store.second_factors.check("sato", TOTP(secret).at(NOON), NOON)
    assert (await store.second_factors.state("sato")).codes_left == 0
    async with store.database.read() as connection:
        assert (await connection.execute(select(recovery_codes))).all() == []


async def test_the_secret_is_sealed_for_its_user_and_follows_the_keys(url, keyring, store, secret):
    async with store.database.read() as connection:
        row = (await connection.execute(select(second_factors))).one()
    assert secret.encode() not in row.secret_sealed
    newer = Keyring.from_json(keyring.to_json()).extended().with_newest_current()
    async with open_store(url, newer) as other:
        assert (await other.rotate())["second_factors"] == 1
        assert await other.second_factors.check("sato", TOTP(secret).at(NOON), NOON)


async def test_a_rule_asks_those_who_log_in_after_it_and_nobody_in_the_middle_of_a_call(store, sato):
    before = await store.sessions.open(sato, NOON)
    await store.user_admin.require_second_factor(Role.STAFF, True, by="ueda", now=NOON + STEP)
    after = await store.sessions.open(sato, NOON + STEP)
    assert (await store.sessions.find(before.token, NOON + STEP)).owes is None
    assert (await store.sessions.find(after.token, NOON + STEP)).owes is Owed.SECOND_FACTOR
    code = TOTP(await store.second_factors.begin("sato")).at(NOON)
    assert await store.second_factors.confirm("sato", code, NOON)
    assert (await store.sessions.find(after.token, NOON + STEP)).owes is None


async def test_a_session_that_waits_for_its_code_opens_nothing_and_does_not_wait_long(store, sato):
    opened = await store.sessions.open(sato, NOON, waits_for_code=True)
    assert await store.sessions.find(opened.token, NOON) is None
    assert await store.sessions.waiting(opened.token, NOON) == sato
    assert await store.sessions.waiting(opened.token, NOON + CODE_WAITS) is None
    assert await store.sessions.waiting("another", NOON) is None
    assert await store.sessions.of("sato", NOON) == []
    whole = await store.sessions.open(sato, NOON)
    assert await store.sessions.waiting(whole.token, NOON) is None
    await store.user_admin.set_disabled("sato", True, by="ueda", now=NOON)
    assert await store.sessions.waiting(opened.token, NOON) is None


async def test_a_user_sees_the_own_sessions_and_ends_one_or_all_others(store, sato):
    other = await store.users.create("suzuki", "鈴木", Role.STAFF, PASSWORD, NOON)
    tokens = [(await store.sessions.open(sato, NOON + step * STEP)).token for step in range(3)]
    foreign = await store.sessions.open(other, NOON)
    [named] = await store.sessions.of("suzuki", NOON)
    newest, *_ = listed = await store.sessions.of("sato", NOON + 3 * STEP)
    assert [one.opened for one in listed] == [NOON + step * STEP for step in (2, 1, 0)]
    await store.sessions.end("sato", named.id)
    assert await store.sessions.find(foreign.token, NOON), "another's session is not the own"
    await store.sessions.end("sato", newest.id)
    assert await store.sessions.find(tokens[2], NOON) is None
    await store.sessions.close_all("sato", but=tokens[1])
    assert await store.sessions.find(tokens[0], NOON) is None
    assert await store.sessions.find(tokens[1], NOON)
    assert await store.sessions.find(foreign.token, NOON)
