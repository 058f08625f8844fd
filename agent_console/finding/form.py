"""What is typed and chosen on the page of the search, and what it asks. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from agent_console.japan_day import midnight
from crm.finding.query import LONGEST_QUERY, MOST_WORDS, Asked, Kind, QueryProblem, words_of

FIELDS = ("q", "first", "last", "queue", "author", "outcome", "status", "department", "kind")
PROBLEMS: Mapping[str, str] = {
    "too_short": "「{word}」は短すぎます。2文字以上(漢字は1文字でも可)で入力してください。",
    "too_many": f"語は{MOST_WORDS}個までにしてください。",
    "too_long": f"{LONGEST_QUERY}文字以内で入力してください。",
}


@dataclass(frozen=True, slots=True)
class SearchForm:
    """``values`` as typed, by field; ``asked`` where they can be asked, else ``problem`` says why not."""

    values: Mapping[str, str]
    asked: Asked | None = None
    problem: str = ""
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What each list of the form offers: value and label."""

    queues: Mapping[str, str] = field(default_factory=dict[str, str])
    authors: Mapping[str, str] = field(default_factory=dict[str, str])
    departments: Mapping[str, str] = field(default_factory=dict[str, str])


def read_form(given: Mapping[str, str]) -> SearchForm:
    """The form as it was ``given``."""
    values = {name: given.get(name, "").strip()[: LONGEST_QUERY + 1] for name in FIELDS}
    try:
        return SearchForm(values, _asked(values), after=_place(given.get("after", "")))
    except QueryProblem as wrong:
        return SearchForm(values, problem=PROBLEMS[wrong.reason].format(word=wrong.word))
    except (ValueError, OverflowError):
        return SearchForm(values, problem="期間は、始まりの日と終わりの日を正しい順に選んでください。")


def _asked(values: Mapping[str, str]) -> Asked:
    begins, ends = _begins(values["first"]), _begins(values["last"], timedelta(days=1))
    if begins and ends and begins >= ends:
        raise ValueError("the span ends before it begins")
    return Asked(
        words_of(values["q"]),
        begins,
        ends,
        author=values["author"] or None,
        queue=values["queue"] or None,
        outcome=values["outcome"] or None,
        status=values["status"] or None,
        department=values["department"] or None,
        kind=_kind(values["kind"]),
    )


def _begins(day: str, later: timedelta = timedelta()) -> datetime | None:
    return midnight(date.fromisoformat(day) + later) if day else None


def _kind(given: str) -> Kind | None:
    return Kind(given) if given in {kind.value for kind in Kind} else None


def _place(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
