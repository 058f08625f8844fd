"""The tables of the telephone directory; see ``crm.tables``."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Table, Text

from crm.columns import Count, Json, Moment
from crm.tables import metadata

directory_entries = Table(
    "directory_entries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("division", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("room", Text, nullable=False),
    Column("reading", Text, nullable=False),
    Column("aliases", Json, nullable=False),
    Column("subjects", Json, nullable=False),
    Column("extension", Text, unique=True),
    Column("transferable", Boolean(create_constraint=False), nullable=False),
    Column("outside", Text, nullable=False),
    Column("tellable", Boolean(create_constraint=False), nullable=False),
    Column("teller", Text, nullable=False),
    Column("hours", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("note", Text, nullable=False),
)
"""``place`` is the order of the printed directory. ``extension`` is NULL for none, so that it is unique."""

directory_changes = Table(
    "directory_changes",
    metadata,
    Column("id", Count, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("entry", Text, nullable=False, index=True),
    Column("before", Text),
    Column("after", Text),
)
"""Who changed what, when (``crm.append_only``). ``before`` and ``after`` are the entry as JSON, by fields.

``before`` is NULL for an entry that was added, ``after`` for one that was removed.
"""
