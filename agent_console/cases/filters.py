"""What a list of cases shows, as its address says it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from agent_console.japan_day import day_of
from crm.case_finder import Wanted
from kernel.case import CaseStatus

FIELDS = ("status", "department", "mine", "due")


@dataclass(frozen=True, slots=True)
class ListWanted:
    """``values`` are the fields of the filter as chosen, ``cases`` what they ask the store for."""

    values: Mapping[str, str]
    cases: Wanted

    def older(self, number: int) -> str:
        """The address of the page after the case of that number."""
        return f"/cases?{urlencode({**self.values, 'before': number})}"


def wanted_of(query: Mapping[str, str], user: str, now: datetime) -> ListWanted:
    """A filter of nonsense counts as none. ``due``: what has to be followed up by the end of today in Japan."""
    values = {name: query[name] for name in FIELDS if query.get(name)}
    statuses = {status.value: status for status in CaseStatus}
    wanted = Wanted(
        status=statuses.get(values.get("status", "")),
        department=values.get("department", ""),
        mine=user if values.get("mine") else "",
        due_until=day_of(now) if values.get("due") else None,
    )
    return ListWanted(values, wanted)
