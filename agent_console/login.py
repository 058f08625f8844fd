"""Logging in and out."""

from __future__ import annotations

import logging
from math import ceil

from aiohttp import web

from agent_console import cookies
from agent_console.commands import send
from agent_console.console import CONSOLE, PAGES, SESSION, STREAMS, Console
from agent_console.layout import go_to, html, outside_page
from crm.logins import TooManyFailures
from crm.users import Role, User
from kernel.commands import CommandKind, command
from kernel.operator import OperatorState

log = logging.getLogger(__name__)

LONGEST_USER = 64
LONGEST_PASSWORD = 256
WRONG = "利用者IDまたはパスワードが違います。"


async def show(request: web.Request) -> web.StreamResponse:
    """The form. A browser that is logged in already may log in as somebody else here."""
    return _form(request, "", 200)


async def log_in(request: web.Request) -> web.StreamResponse:
    """A new session for a right password; one answer, in one time, for whatever is wrong."""
    posted = await request.post()
    user_id, password = str(posted.get("user", "")), str(posted.get("password", ""))
    if len(user_id) > LONGEST_USER or len(password) > LONGEST_PASSWORD:
        return _form(request, WRONG, 401)
    console = request.app[CONSOLE]
    try:
        user = await console.store.users.verify(user_id, password, source=request.remote or "", now=console.clock())
    except TooManyFailures as slow:
        return _form(request, f"失敗が続いたため、{ceil(slow.retry_after_seconds)}秒後にもう一度お試しください。", 429)
    if user is None:
        return _form(request, WRONG, 401)
    return await _begin(request, console, user)


async def log_out(request: web.Request) -> web.StreamResponse:
    """The end of the session, in every window that has it; an operator leaves the queues."""
    console, session = request.app[CONSOLE], request[SESSION]
    token = request.cookies[cookies.SESSION_COOKIE]
    if session.user.role is Role.OPERATOR:
        await send(request, command(CommandKind.LOG_OUT, session.user.id, console.clock()))
    await console.store.sessions.close(token)
    request.app[STREAMS].end(token)
    response = go_to("/login")
    cookies.drop_session(response)
    return response


async def _begin(request: web.Request, console: Console, user: User) -> web.StreamResponse:
    if old := request.cookies.get(cookies.SESSION_COOKIE):
        await console.store.sessions.close(old)
        request.app[STREAMS].end(old)
    opened = await console.store.sessions.open(user, console.clock())
    if user.role is Role.OPERATOR:
        await _take_seat(request, console, user)
    response = go_to("/")
    cookies.set_session(response, opened.token)
    return response


async def _take_seat(request: web.Request, console: Console, user: User) -> None:
    status = await console.store.operators.find(user.id)
    if status is None or status.state is OperatorState.LOGGED_OUT:
        await send(request, command(CommandKind.LOG_IN, user.id, console.clock()))


def _form(request: web.Request, problem: str, status: int) -> web.Response:
    token = cookies.login_token(request) or cookies.new_token()
    page = outside_page(request)
    response = html(request.app[PAGES].render("login.html", page=page, problem=problem, token=token), status)
    cookies.give_login_token(request, response, token)
    return response
