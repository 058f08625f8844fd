"""利用者: all of them, new ones, and which roles need a second factor (C8)."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from agent_console.admin.csv_file import csv_file
from agent_console.admin.user_form import UserForm, read
from agent_console.admin.user_page import shown
from agent_console.console import CONSOLE, user_of
from agent_console.layout import answer_page, go_to
from agent_console.words import ROLES
from crm.user_admin import new_password
from crm.users import Role, UserExists

COLUMNS = ("利用者ID", "氏名", "権限", "所管課", "状態", "二段階認証")
TAKEN = "その利用者IDはすでに使われています。別のIDを入力してください。"


async def page(request: web.Request) -> web.StreamResponse:
    """The list, and the form for a new one."""
    return await _listed(request)


async def create(request: web.Request) -> web.StreamResponse:
    """A new user; the answer shows the first password, this once."""
    console, posted = request.app[CONSOLE], await request.post()
    known = [one.id for one in (await console.store.centres.current()).departments]
    given = {name: str(posted.get(name, "")) for name in ("id", "name", "role")}
    form = read(**given, departments=[str(one) for one in posted.getall("department", [])], known=known)
    if form.problem or form.role is None:
        return await _listed(request, form, form.problem, 422)
    password, by = new_password(), user_of(request).id
    try:
        await console.store.users.create(
            form.id,
            form.name,
            form.role,
            password,
            console.clock(),
            by=by,
            departments=form.departments,
            must_change=True,
        )
    except UserExists:
        return await _listed(request, form, TAKEN, 409)
    return await shown(request, form.id, password=password)


async def export(request: web.Request) -> web.StreamResponse:
    """All users as CSV."""
    return csv_file("users.csv", COLUMNS, await _lines(request))


async def set_rules(request: web.Request) -> web.StreamResponse:
    """Which roles must have a second factor, from their next login on."""
    console, by = request.app[CONSOLE], user_of(request).id
    chosen = {str(one) for one in (await request.post()).getall("role", [])}
    for role in Role:
        await console.store.user_admin.require_second_factor(role, role in chosen, by=by, now=console.clock())
    return go_to("/admin/users")


async def _listed(
    request: web.Request, form: UserForm | None = None, problem: str = "", status: int = 200
) -> web.Response:
    store = request.app[CONSOLE].store
    return await answer_page(
        request,
        status,
        "users.html",
        users=await store.users.list(),
        lines=await _lines(request),
        columns=COLUMNS,
        form=form,
        problem=problem,
        roles=ROLES,
        departments=(await store.centres.current()).departments,
        rules=await store.user_admin.second_factor_rules(),
    )


async def _lines(request: web.Request) -> Sequence[Sequence[str]]:
    store = request.app[CONSOLE].store
    centre, secured = await store.centres.current(), await store.second_factors.users()
    return [
        (
            user.id,
            user.name,
            ROLES[user.role],
            "、".join(centre.department_name(one) for one in sorted(user.departments)),
            "停止中" if user.disabled else "有効",
            "設定済み" if user.id in secured else "なし",
        )
        for user in await store.users.list()
    ]
