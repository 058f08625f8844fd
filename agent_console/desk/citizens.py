"""Whose data the desk and its lists show, for the record of viewings. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from agent_console.desk.form import HistoryForm
from agent_console.desk.view import Desk
from crm.viewings import Citizen
from kernel.call import Call
from kernel.case import Case


def of_desk(desk: Desk) -> frozenset[Citizen]:
    """The caller at hand, the cases of the same number, and what the forms show."""
    at_hand = _of_call(desk.at_hand.call, desk.at_hand.earlier.cases) if desk.at_hand else frozenset[Citizen]()
    return at_hand.union(*map(of_form, desk.forms))


def of_form(form: HistoryForm) -> frozenset[Citizen]:
    """The caller, and the cases that can be chosen."""
    return _of_call(form.call, form.cases)


def of_calls(calls: Iterable[Call]) -> frozenset[Citizen]:
    """Those of a list that shows their numbers; who withholds it is not shown."""
    return frozenset(Citizen(call=call.id) for call in calls if call.number)


def of_cases(cases: Iterable[Case]) -> frozenset[Citizen]:
    """The citizens of ``cases``."""
    return frozenset(Citizen(case=case.number) for case in cases)


def _of_call(call: Call, cases: Iterable[Case]) -> frozenset[Citizen]:
    return of_cases(cases) | {Citizen(call=call.id)}
