"""The tables. ``crm/migrations`` makes them; a test compares the two.

A column that ends in ``_sealed`` holds personal data, encrypted (Q2, ``crm.sealing``); ``key_version`` is the key that
sealed the row's; ``…_index`` is a keyed fingerprint by which equal values are found without reading them. Texts have no
greatest length: one would only make the journal refuse what a trunk sent.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from crm.columns import Count, Json, Moment

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

calls = Table(
    "calls",
    metadata,
    Column("id", Text, primary_key=True),
    Column("arrived", Moment, nullable=False, index=True),
    Column("dialled", Text, nullable=False),
    Column("caller_sealed", LargeBinary),
    Column("caller_index", LargeBinary, index=True),
    Column("key_version", Integer, nullable=False, index=True),
    Column("language", Text, nullable=False),
    Column("stage", Text, nullable=False, index=True),
    Column("menu", Text),
    Column("keys", Json, nullable=False),
    Column("queue", Text),
    Column("waiting_since", Moment),
    Column("assigned", Text),
    Column("offers", Integer, nullable=False),
    Column("offer_operator", Text),
    Column("offer_leg", Text),
    Column("offer_since", Moment),
    Column("operator", Text),
    Column("operator_leg", Text),
    Column("answered", Moment),
    Column("held", Moment),
    Column("message_since", Moment),
    Column("lost", Moment),
    Column("monitor_supervisor", Text),
    Column("monitor_leg", Text),
    Column("monitor_mode", Text),
    Column("extension", Text),
    Column("talk_ended", Moment),
    Column("wrap_up_until", Moment),
    Column("ended", Moment),
    Column("outcome", Text),
    Column("callback_asked", Moment),
    Column("callback_due", Moment),
    Column("callback_attempts", Integer),
    Column("callback_ringing", Boolean(create_constraint=False)),
)

operator_statuses = Table(
    "operator_statuses",
    metadata,
    Column("operator", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("reason", Text),
    Column("call", Text),
    Column("then", Text),
    Column("until", Moment),
    Column("extended", Integer, nullable=False),
    Column("overrun", Boolean(create_constraint=False), nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Count, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("call", Text, index=True),
    Column("operator", Text),
    Column("queue", Text),
    Column("data", Json, nullable=False),
)

day_figures = Table(
    "day_figures",
    metadata,
    Column("begins", Moment, primary_key=True),
    Column("form", Text, nullable=False),
    Column("quarters", Json, nullable=False),
    Column("whole", Json, nullable=False),
    Column("shifts", Json, nullable=False),
)

recordings = Table(
    "recordings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("call", Text, nullable=False, index=True),
    Column("started", Moment, nullable=False),
    Column("stopped", Moment),
    Column("deleted", Moment, index=True),
    Column("failure", Text),
    Column("tries", Integer, nullable=False),
    Column("last_try", Moment),
)

centre_versions = Table(
    "centre_versions",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("document", Json, nullable=False),
)

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

users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("disabled", Boolean(create_constraint=False), nullable=False),
    Column("created", Moment, nullable=False),
    Column("departments", Json, nullable=False),
    Column("must_change", Boolean(create_constraint=False), nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user", Text, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    Column("opened", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("waits_for_code", Boolean(create_constraint=False), nullable=False),
)

displays = Table(
    "displays",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("by", Text, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("opened", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("source_index", LargeBinary, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", Moment, nullable=False, index=True),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("beat", Count, nullable=False),
)

key_checks = Table(
    "key_checks",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("check_sealed", LargeBinary, nullable=False),
    Column("index_check", LargeBinary, nullable=False),
)

Index("ix_calls_queue_stage", calls.c.queue, calls.c.stage)
Index("ix_histories_case_written", histories.c.case, histories.c.written)
Index("ix_histories_author_written", histories.c.author, histories.c.written)
Index("ix_cases_status_follow_up_due", cases.c.status, cases.c.follow_up_due)
Index("ix_cases_status_number", cases.c.status, cases.c.number)
Index("ix_cases_department_number", cases.c.department, cases.c.number)
Index("ix_events_kind_at", events.c.kind, events.c.at)
Index("ix_events_kind_operator_at", events.c.kind, events.c.operator, events.c.at)
