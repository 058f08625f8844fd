"""Every route with every role, and without a session: derived from the table, so that none can be forgotten."""

import pytest

from agent_console.access import SETTLED_AT
from crm.sessions import Owed
from crm.users import Role
from tests.support.console import USER_OF
from tests.support.console_client import Browser
from tests.support.route_table import GUARDED, PUBLIC, TABLE, path_of, status

SCRIPT = {"HX-Request": "true"}
POSTS = [route for route in TABLE if route.method == "POST"]
FORGERIES = (
    {"X-CSRF-Token": ""},
    {"X-CSRF-Token": "made-up"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": ""},
)
ACCOUNT_IS_OPEN = {"/logout", "/account"}
PUBLIC_PATHS = {"/static/{name}", "/login", "/login/code", "/display", "/live/display"}
OWN_COOKIE = {"/live/display": 401}
"""Open to who has no session, but only with a wall's own cookie."""
ENDS_THE_SESSION = {"/logout", "/wall/displays"}


def test_the_table_names_each_address_once_and_only_methods_that_the_guard_knows():
    assert {route.method for route in TABLE} == {"GET", "POST"}
    assert len({(route.method, route.path) for route in TABLE}) == len(TABLE)
    assert {route.path for route in PUBLIC} == PUBLIC_PATHS
    assert all(route.roles for route in GUARDED), "a route that nobody may use"


def test_what_changes_anything_is_asked_for_by_post():
    changing = (
        "save",
        "create",
        "disable",
        "enable",
        "reset",
        "remove",
        "end",
        "confirm",
        "settle",
        "log-out",
        "close",
    )
    assert [route.path for route in TABLE if route.method == "GET" and route.path.rpartition("/")[2] in changing] == []


async def test_without_a_session_only_the_public_addresses_answer(desk):
    async with Browser(desk.url) as nobody:
        for route in GUARDED:
            if route.method == "POST":
                assert await status(nobody, route) == 401, route.path
            else:
                assert await status(nobody, route) == 303, route.path
                assert await status(nobody, route, **SCRIPT) == 401, route.path
        for route in PUBLIC:
            expected = {403} if route.method == "POST" else {OWN_COOKIE.get(route.path, 200), 303}
            assert await status(nobody, route) in expected, route.path


async def test_a_session_that_is_made_up_is_none(desk):
    async with Browser(desk.url) as nobody:
        for route in GUARDED:
            made_up = {"Cookie": "__Host-session=made-up", "Accept": "*/*"}
            assert await status(nobody, route, **made_up) == 401, route.path


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_may_use_its_own_addresses_and_no_others(desk, role):
    async with Browser(desk.url) as browser:
        await browser.log_in(USER_OF[role])
        for route in GUARDED:
            if route.path in ENDS_THE_SESSION and role in route.roles:
                continue
            answer = await status(browser, route)
            assert (answer == 403) is (role not in route.roles), (route.path, answer)
            assert answer not in {401, 500}, (route.path, answer)


@pytest.mark.parametrize("role", list(Role))
async def test_every_post_of_every_role_is_refused_without_the_token_and_from_another_site(desk, role):
    async with Browser(desk.url) as browser:
        await browser.log_in(USER_OF[role])
        for route in POSTS:
            for forged in FORGERIES:
                assert await status(browser, route, **forged) == 403, (route.path, forged)
        assert await status(browser, GUARDED[0]) != 401, "none of them has logged out"


async def test_anothers_token_is_no_token(desk):
    async with Browser(desk.url) as ueda, Browser(desk.url) as suzuki:
        await ueda.log_in("ueda")
        await suzuki.log_in("suzuki")
        for route in POSTS:
            assert await status(ueda, route, **{"X-CSRF-Token": suzuki.csrf}) == 403, route.path


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("owed", list(Owed))
async def test_who_owes_a_new_password_or_a_second_factor_may_do_nothing_else(desk, role, owed):
    user, admin = USER_OF[role], desk.store.user_admin
    async with Browser(desk.url) as browser:
        if owed is Owed.PASSWORD:
            password = await admin.reset_password(user, by="ueda", now=desk.clock())
            assert (await browser.try_to_log_in(user, password)).status == 303
        else:
            await admin.require_second_factor(role, True, by="ueda", now=desk.clock())
            assert (await browser.try_to_log_in(user)).status == 303
        await browser.page(SETTLED_AT[owed])
        for route in GUARDED:
            if route.settles:
                assert route.path in ACCOUNT_IS_OPEN or route.path.startswith("/account/")
            elif role not in route.roles or route.method == "POST":
                assert await status(browser, route) == 403, route.path
            else:
                answer = await browser.get(path_of(route))
                assert (answer.status, answer.headers["Location"]) == (303, SETTLED_AT[owed]), route.path
                assert await status(browser, route, **SCRIPT) == 403, route.path
