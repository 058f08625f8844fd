"""Who the citizen is: a case that is known, cases that seem the same citizen's, the address of a postal code."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from agent_console.console import CONSOLE, PAGES, user_of
from agent_console.desk.citizens import of_cases, of_form
from agent_console.desk.form import case_values, citizen_of
from agent_console.desk.forms import read_form
from agent_console.desk.own_call import own_call
from agent_console.layout import html
from agent_console.posted import posted
from agent_console.seen import seen
from crm.cases import NoSuchCase
from crm.postal_codes import addresses_of, spell_postal_code

MOST_SHOWN = 5
"""Of the cases that are alike."""


async def of_case(request: web.Request) -> web.StreamResponse:
    """The fields of the case that was chosen in the form."""
    console, author = request.app[CONSOLE], user_of(request).id
    call = await own_call(request)
    chosen = request.query.get("case", "")
    try:
        form = await read_form(console, call, author, chosen=chosen)
    except NoSuchCase as error:
        raise web.HTTPNotFound from error
    case = next((one for one in form.cases if one.id == chosen), None)
    if case:
        form = replace(form, values=case_values(case) | {"case": case.id}, case_version=case.version)
    else:
        form = replace(form, values={"phone": call.number.digits if call.number else ""}, case_version=0)
    seen(request, of_form(form))
    return html(request.app[PAGES].render("live/citizen.html", form=form))


async def alike(request: web.Request) -> web.StreamResponse:
    """Cases of the same name, address, e-mail or number as is typed so far (C2)."""
    call = await own_call(request)
    fields = await posted(request)
    found = await request.app[CONSOLE].store.case_finder.alike(citizen_of(fields), fields.get("case", ""))
    shown = found[:MOST_SHOWN]
    seen(request, of_cases(match.case for match in shown))
    return html(request.app[PAGES].render("live/alike.html", call=call, matches=shown, more=len(found) - len(shown)))


async def postal_code(request: web.Request) -> web.StreamResponse:
    """The places of a postal code, to be filled into the field that ``fills`` names; nothing while it is not whole."""
    fields = await posted(request)
    code = spell_postal_code(fields.get("postal_code", ""))
    places = await addresses_of(code) if code else ()
    return html(request.app[PAGES].render("live/places.html", code=code, places=places, fills=fields.get("fills", "")))
