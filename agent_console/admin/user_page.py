"""One user: name, role, departments, disabling, and what was lost or forgotten (C8)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from agent_console.admin.user_form import read
from agent_console.commands import send
from agent_console.console import CONSOLE, STREAMS, user_of
from agent_console.layout import answer_page, go_to
from agent_console.words import ROLES
from crm.user_admin import LastAdministrator
from crm.users import Role, User
from kernel.commands import CommandKind, command

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LAST = "最後の管理者です。先に、ほかの利用者を管理者にしてください。"


async def page(request: web.Request) -> web.StreamResponse:
    """The user of the address."""
    return await shown(request, (await _of_address(request)).id)


async def save(request: web.Request) -> web.StreamResponse:
    """Name, role and departments; where the rights change the user must log in again."""
    before, console, posted = await _of_address(request), request.app[CONSOLE], await request.post()
    known = {one.id for one in (await console.store.centres.current()).departments} | before.departments
    chosen = [str(one) for one in posted.getall("department", [])]
    form = read(before.id, str(posted.get("name", "")), str(posted.get("role", "")), chosen, known)
    if form.problem or form.role is None:
        return await shown(request, before.id, form.problem, 422)
    try:
        after = await console.store.user_admin.save(
            before.id, form.name, form.role, form.departments, by=user_of(request).id, now=console.clock()
        )
    except LastAdministrator:
        return await shown(request, before.id, LAST, 409)
    if (after.role, after.departments) != (before.role, before.departments):
        await _log_out(request, before)
    return go_to(f"/admin/users/{before.id}?saved=1")


def set_disabled(disabled: bool) -> Handler:
    """The handler of the button that stops a user, or lets one in again."""

    async def pressed(request: web.Request) -> web.StreamResponse:
        before, console = await _of_address(request), request.app[CONSOLE]
        try:
            await console.store.user_admin.set_disabled(
                before.id, disabled, by=user_of(request).id, now=console.clock()
            )
        except LastAdministrator:
            return await shown(request, before.id, LAST, 409)
        await _log_out(request, before)
        return go_to(f"/admin/users/{before.id}?saved=1")

    return pressed


async def reset_password(request: web.Request) -> web.StreamResponse:
    """A new one; the answer shows it, this once."""
    before, console = await _of_address(request), request.app[CONSOLE]
    password = await console.store.user_admin.reset_password(before.id, by=user_of(request).id, now=console.clock())
    await _log_out(request, before)
    if before.id == user_of(request).id:
        return go_to("/login")
    return await shown(request, before.id, password=password)


async def reset_second_factor(request: web.Request) -> web.StreamResponse:
    """For a phone that is lost."""
    before, console = await _of_address(request), request.app[CONSOLE]
    await console.store.user_admin.reset_second_factor(before.id, by=user_of(request).id, now=console.clock())
    await _log_out(request, before)
    return go_to(f"/admin/users/{before.id}?saved=1")


async def shown(
    request: web.Request, id: str, problem: str = "", status: int = 200, *, password: str = ""
) -> web.Response:
    """The page; ``password`` is shown on it, and is nowhere else."""
    store = request.app[CONSOLE].store
    user = await store.users.find(id)
    if user is None:
        raise web.HTTPNotFound
    centre = await store.centres.current()
    ids = [one.id for one in centre.departments]
    gone = sorted(user.departments.difference(ids))
    return await answer_page(
        request,
        status,
        "user.html",
        user=user,
        problem=problem,
        password=password,
        saved="saved" in request.query and not problem,
        roles=ROLES,
        departments=[(one, centre.department_name(one)) for one in (*ids, *gone)],
        factor=await store.second_factors.state(id),
        own=id == user_of(request).id,
    )


async def _of_address(request: web.Request) -> User:
    user = await request.app[CONSOLE].store.users.find(request.match_info["user"])
    if user is None:
        raise web.HTTPNotFound
    return user


async def _log_out(request: web.Request, user: User) -> None:
    """The sessions have ended: windows notice at once, and an operator without one gets no more calls."""
    request.app[STREAMS].doubt_all()
    if user.role is Role.OPERATOR:
        now = request.app[CONSOLE].clock()
        await send(request, command(CommandKind.LOG_OUT, user.id, now, by=user_of(request).id))
