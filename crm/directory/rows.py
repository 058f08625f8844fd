"""Entries as rows and as JSON, and back. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from crm.directory.hours_text import read_hours, write_hours
from kernel.directory import Body, Entry, Teller

LISTS = ("aliases", "subjects")


def plain(entry: Entry) -> dict[str, Any]:
    """The fields by name, each as a database or JSON takes it; no extension is None."""
    values = {field.name: getattr(entry, field.name) for field in fields(Entry)}
    return values | {
        **{name: list(values[name]) for name in LISTS},
        "extension": entry.extension or None,
        "hours": write_hours(entry.hours),
        "teller": entry.teller.value,
        "body": entry.body.value,
    }


def entry_of(values: Mapping[str, Any]) -> Entry:
    """What ``plain`` was given; what a later version adds is passed over."""
    known: dict[str, Any] = {field.name: values[field.name] for field in fields(Entry) if field.name in values}
    known |= {name: tuple(known[name]) for name in LISTS}
    known |= {"extension": known["extension"] or "", "hours": read_hours(known["hours"])}
    known |= {"teller": Teller(known["teller"]), "body": Body(known["body"])}
    return Entry(**known)


def as_json(entry: Entry | None) -> str | None:
    """For the log of changes."""
    return None if entry is None else json.dumps(plain(entry), ensure_ascii=False)


def from_json(text: str | None) -> Entry | None:
    """What ``as_json`` was given."""
    return None if text is None else entry_of(json.loads(text))
