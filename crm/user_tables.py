"""The tables of second factors and of the two logs that only grow (``crm.append_only``); see ``crm.tables``."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from crm.columns import Count, Moment
from crm.tables import metadata

role_rules = Table(
    "role_rules",
    metadata,
    Column("role", Text, primary_key=True),
    Column("second_factor_since", Moment),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("id", Text, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("secret_sealed", LargeBinary, nullable=False),
    Column("key_version", Integer, nullable=False, index=True),
    Column("confirmed", Moment),
    Column("last_step", Count),
)
"""``id`` is the user's. Not ``confirmed``: still being set up. ``last_step``: no code of it or an older one counts."""

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("code_index", LargeBinary, primary_key=True),
    Column("user", Text, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
)

rights_changes = Table(
    "rights_changes",
    metadata,
    Column("id", Count, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("what", Text, nullable=False),
)

viewings = Table(
    "viewings",
    metadata,
    Column("id", Count, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("user", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("case", Count, index=True),
    Column("call", Text),
)

Index("ix_viewings_user_at", viewings.c.user, viewings.c.at)
