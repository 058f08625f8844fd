"""The tables of cases: histories, drafts, who has what open, what is found by words. See ``crm.tables``."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, Table, Text

from crm.columns import Count, Moment
from crm.tables import metadata

cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Count, nullable=False, unique=True),
    Column("opened", Moment, nullable=False),
    Column("status", Text, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("citizen_sealed", LargeBinary, nullable=False),
    Column("name_index", LargeBinary, index=True),
    Column("address_index", LargeBinary, index=True),
    Column("email_index", LargeBinary, index=True),
    Column("phone_index", LargeBinary, index=True),
    Column("marks_version", Integer, nullable=False, index=True, server_default="1"),
    Column("key_version", Integer, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("department", Text, nullable=False, server_default=""),
    Column("category", Text, nullable=False, server_default=""),
    Column("follow_up_by", Text, index=True),
    Column("follow_up_due", Date),
)

case_steps = Table(
    "case_steps",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case", Text, ForeignKey("cases.id"), nullable=False, index=True),
    Column("step", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("department", Text, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("about", Text, nullable=False, index=True),
    Column("author", Text, nullable=False),
    Column("saved", Moment, nullable=False, index=True),
    Column("window", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("fields_sealed", LargeBinary, nullable=False),
    Column("key_version", Integer, nullable=False, index=True),
)

open_pages = Table(
    "open_pages",
    metadata,
    Column("about", Text, primary_key=True),
    Column("user", Text, primary_key=True),
    Column("seen", Moment, nullable=False, index=True),
)

histories = Table(
    "histories",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case", Text, ForeignKey("cases.id"), nullable=False),
    Column("call", Text, unique=True),
    Column("author", Text, nullable=False),
    Column("written", Moment, nullable=False),
    Column("wording_sealed", LargeBinary, nullable=False),
    Column("key_version", Integer, nullable=False, index=True),
    Column("outcome", Text, nullable=False),
    Column("version", Integer, nullable=False),
)

signatures = Table(
    "signatures",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document", Text, nullable=False, index=True),
    Column("part", Integer, nullable=False),
    Column("case", Text, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("slot", Integer, nullable=False, unique=True),
    Column("change", Count, nullable=False, unique=True),
    Column("form", Integer, nullable=False),
    Column("bits_sealed", LargeBinary, nullable=False),
    Column("key_version", Integer, nullable=False, index=True),
)

signature_counts = Table(
    "signature_counts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last", Count, nullable=False),
)

Index("ix_histories_case_written", histories.c.case, histories.c.written)
Index("ix_histories_author_written", histories.c.author, histories.c.written)
Index("ix_cases_status_follow_up_due", cases.c.status, cases.c.follow_up_due)
Index("ix_cases_status_number", cases.c.status, cases.c.number)
Index("ix_cases_department_number", cases.c.department, cases.c.number)
