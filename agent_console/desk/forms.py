"""The forms on an operator's desk, read from the store: saved histories, drafts, and who else has them open."""

from __future__ import annotations

from dataclasses import replace

from agent_console.console import Console
from agent_console.desk.choices import choices_of
from agent_console.desk.form import HistoryForm, blank, with_draft
from crm.case_finder import Earlier
from crm.drafts import case_form
from crm.open_pages import Reader
from kernel.call import Call


async def earlier_of(console: Console, call: Call) -> Earlier:
    """What is known of who calls."""
    return await console.store.case_finder.earlier(call.number) if call.number else Earlier()


async def read_form(
    console: Console, call: Call, author: str, *, earlier: Earlier | None = None, chosen: str = ""
) -> HistoryForm:
    """The form of ``call``: what ``author`` has typed, or else what is saved, or the number alone.

    ``chosen`` is the id of a case that it may join beside those of the number. Raises NoSuchCase for that.
    """
    store = console.store
    earlier = earlier or await earlier_of(console, call)
    history = await store.cases.history_of_call(call.id)
    case = await store.cases.case(history.case) if history else None
    form = blank(call, earlier.cases, history, case)
    kept = await store.drafts.find(call.id, author)
    if kept:
        form = with_draft(form, kept.fields, kept.saved, kept.version, kept.window)
    form = await _knowing(console, form, chosen or form.values.get("case", ""))
    return replace(form, choices=choices_of(await store.centres.current()))


async def _knowing(console: Console, form: HistoryForm, case: str) -> HistoryForm:
    """``form`` with the case of that id among those that it may join."""
    if not case or case in {one.id for one in form.cases}:
        return form
    return replace(form, cases=(await console.store.cases.case(case), *form.cases))


def subjects(form: HistoryForm) -> tuple[str, ...]:
    """What somebody has open who has this form open: the call, and the case that it belongs to."""
    case = form.values.get("case", "")
    return (form.call.id, case_form(case)) if case else (form.call.id,)


async def readers_of(console: Console, forms: tuple[HistoryForm, ...], user: str) -> tuple[Reader, ...]:
    """Who else has the calls or cases of ``forms`` open."""
    about = [one for form in forms for one in subjects(form)]
    return tuple(await console.store.open_pages.readers(about, console.clock(), user)) if about else ()
