"""The tables. ``crm/migrations`` makes them; a test compares the two.

A column that ends in ``_sealed`` holds personal data, encrypted (Q2, ``crm.sealing``); ``key_version`` is the key that
sealed the row's; ``…_index`` is a keyed fingerprint by which equal values are found without reading them. Texts have no
greatest length: one would only make the journal refuse what a trunk sent.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
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
    Column("voicebot", Text),
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
    Column("transfer_extension", Text),
    Column("transfer_leg", Text),
    Column("transfer_step", Text),
    Column("transfer_since", Moment),
    Column("transfer_reason", Text),
    Column("transfer_language", Text),
    Column("told_entry", Text),
    Column("told_department", Text),
    Column("told_name", Text),
    Column("told_number", Text),
    Column("talk_ended", Moment),
    Column("wrap_up_until", Moment),
    Column("ended", Moment),
    Column("outcome", Text),
    Column("callback_asked", Moment),
    Column("callback_due", Moment),
    Column("callback_attempts", Integer),
    Column("callback_ringing", Boolean(create_constraint=False)),
    Column("callback_purpose", Text),
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

utterances = Table(
    "utterances",
    metadata,
    Column("id", Text, primary_key=True),
    Column("call", Text, nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
    Column("speaker", Text, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
    Column("key_version", Integer, nullable=False, index=True),
)

sms = Table(
    "sms",
    metadata,
    Column("id", Text, primary_key=True),
    Column("call", Text, nullable=False, index=True),
    Column("link", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("by", Text),
    Column("content_sealed", LargeBinary),
    Column("number_index", LargeBinary, index=True),
    Column("key_version", Integer, nullable=False, index=True),
    Column("state", Text, nullable=False, index=True),
    Column("why", Text),
    Column("tries", Integer, nullable=False),
    Column("due", Moment, nullable=False),
    Column("tried", Moment),
)

talk_drafts = Table(
    "talk_drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("call", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("began", Moment, nullable=False, index=True),
    Column("until", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("content_sealed", LargeBinary),
    Column("key_version", Integer, nullable=False, index=True),
)

centre_versions = Table(
    "centre_versions",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("document", Json, nullable=False),
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
Index("ix_events_kind_at", events.c.kind, events.c.at)
Index("ix_events_kind_operator_at", events.c.kind, events.c.operator, events.c.at)
