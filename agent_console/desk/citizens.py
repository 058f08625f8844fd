"""Whose data the desk shows, for the record of viewings. Pure."""

from __future__ import annotations

from agent_console.desk.form import HistoryForm
from agent_console.desk.view import Desk
from crm.viewings import Citizen


def of_desk(desk: Desk) -> frozenset[Citizen]:
    """The caller at hand, the cases of the same number, and what the forms show."""
    hand = desk.at_hand
    at_hand = [Citizen(call=hand.call.id), *(Citizen(case=case.number) for case in hand.earlier.cases)] if hand else []
    return frozenset(at_hand).union(*map(of_form, desk.forms))


def of_form(form: HistoryForm) -> frozenset[Citizen]:
    """The caller, and the cases that can be chosen."""
    return frozenset({Citizen(call=form.call.id), *(Citizen(case=case.number) for case in form.cases)})
