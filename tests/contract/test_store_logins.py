"""Who guesses is slowed down, from wherever; who has logged in here before is not kept out by it. Both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from crm.logins import FORGIVES_EVERY, FORGOTTEN, FREE, FREE_TOGETHER, TooManyFailures, counts, network_of
from crm.tables import login_failures

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)


async def fails(store, times: int, user: str = "sato", source: str = "192.0.2.1", now: datetime = NOON) -> None:
    for number in range(times):
        await store.logins.attempt(user.format(number), source.format(number), now)


async def refused(store, user: str, source: str, now: datetime = NOON) -> bool:
    """Whether an attempt would be refused; one that is not is a success."""
    try:
        await store.logins.attempt(user, source, now)
    except TooManyFailures:
        return True
    await store.logins.succeeded(user, source)
    return False


async def test_a_customers_whole_ipv6_network_is_one_source(store):
    await fails(store, FREE, source="2001:db8:0:1::{0}")
    assert await refused(store, "sato", "2001:db8:0:1:ffff:ffff:ffff:ffff")
    assert not await refused(store, "sato", "2001:db8:0:2::1")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_a_source_is_an_address_or_its_network(address, network):
    assert network_of(address) == network


async def test_who_tries_one_password_on_everybody_is_slowed_down(store):
    await fails(store, FREE_TOGETHER, user="user{0}")
    assert await refused(store, "another", "192.0.2.1")
    assert not await refused(store, "another", "192.0.2.2")


async def test_who_guesses_from_many_places_is_slowed_down(store):
    await fails(store, FREE_TOGETHER, source="198.51.100.{0}")
    assert await refused(store, "sato", "203.0.113.1")
    assert not await refused(store, "suzuki", "203.0.113.1")


async def test_neither_keeps_out_who_has_logged_in_with_this_browser_before(store):
    token = store.logins.token_of_browser("sato", "nonce")
    known = store.logins.known_source("sato", token)
    await fails(store, FREE_TOGETHER, source="198.51.100.{0}")
    await fails(store, FREE_TOGETHER, user="user{0}")
    assert not await refused(store, "sato", known)
    await fails(store, FREE, source=known)
    assert await refused(store, "sato", known), "a browser that was stolen is no way round"


async def test_a_browser_is_known_for_its_user_alone_and_can_not_be_made_up(store):
    token = store.logins.token_of_browser("sato", "nonce")
    assert store.logins.known_source("sato", token)
    for user, made_up in (
        ("suzuki", token),
        ("sato", "nonce."),
        ("sato", token[:-1]),
        ("sato", ""),
        ("sato", "x" + token),
    ):
        assert store.logins.known_source(user, made_up) is None


async def test_what_is_counted_together_is_forgotten_soon_and_a_success_takes_its_own_count_back(store):
    await fails(store, FREE_TOGETHER, user="user{0}")
    assert await refused(store, "another", "192.0.2.1", NOON)
    assert not await refused(store, "another", "192.0.2.1", NOON + FORGIVES_EVERY)
    for number in range(2 * FREE_TOGETHER):
        assert not await refused(store, f"good{number}", "192.0.2.9")


async def test_wrong_codes_are_counted_for_the_user_wherever_they_come_from(store):
    for _ in range(FREE):
        await store.logins.attempt_code("sato", NOON)
    with pytest.raises(TooManyFailures):
        await store.logins.attempt_code("sato", NOON)
    await store.logins.attempt_code("suzuki", NOON)
    await store.logins.attempt_code("sato", NOON + timedelta(minutes=5))
    await store.logins.code_succeeded("sato")
    await store.logins.attempt_code("sato", NOON)


async def test_what_is_kept_of_failures_does_not_grow_for_ever_and_names_nobody(store):
    """One source leaves at most a line for each guess that it is allowed, and all are gone after a day."""
    made = 0
    for number in range(3 * FREE_TOGETHER):
        made += not await refuses(store, f"user{number}")
    async with store.database.read() as connection:
        rows = (await connection.execute(select(login_failures))).all()
    assert made == FREE_TOGETHER
    assert len(rows) == 2 * made + 1
    assert "192.0.2.1" not in str(rows)
    await fails(store, 1, now=NOON + 2 * FORGOTTEN)
    async with store.database.read() as connection:
        left = (await connection.execute(select(func.count()).select_from(login_failures))).scalar_one()
    assert left == len(counts("sato", "192.0.2.1"))


async def refuses(store, user: str) -> bool:
    try:
        await store.logins.attempt(user, "192.0.2.1", NOON)
    except TooManyFailures:
        return True
    return False
