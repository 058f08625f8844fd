"""The first tables, and a log and versions of the centre that can only grow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")

APPEND_ONLY = ("events", "centre_versions")


def upgrade() -> None:
    _calls()
    _operators()
    _log()
    _recordings()
    _centre()
    _cases()
    _users()
    _processes()
    for table in APPEND_ONLY:
        _append_only(table)


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("arrived", MOMENT, nullable=False),
        sa.Column("dialled", sa.Text(), nullable=False),
        sa.Column("caller_sealed", sa.LargeBinary()),
        sa.Column("caller_index", sa.LargeBinary()),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("menu", sa.Text()),
        sa.Column("keys", JSON, nullable=False),
        sa.Column("queue", sa.Text()),
        sa.Column("waiting_since", MOMENT),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("offer_operator", sa.Text()),
        sa.Column("offer_leg", sa.Text()),
        sa.Column("offer_since", MOMENT),
        sa.Column("operator", sa.Text()),
        sa.Column("operator_leg", sa.Text()),
        sa.Column("answered", MOMENT),
        sa.Column("extension", sa.Text()),
        sa.Column("talk_ended", MOMENT),
        sa.Column("wrap_up_until", MOMENT),
        sa.Column("ended", MOMENT),
        sa.Column("outcome", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_index("ix_calls_arrived", "calls", ["arrived"])
    op.create_index("ix_calls_caller_index", "calls", ["caller_index"])
    op.create_index("ix_calls_key_version", "calls", ["key_version"])
    op.create_index("ix_calls_queue_stage", "calls", ["queue", "stage"])
    op.create_index("ix_calls_stage", "calls", ["stage"])


def _operators() -> None:
    op.create_table(
        "operator_statuses",
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("call", sa.Text()),
        sa.Column("then", sa.Text()),
        sa.PrimaryKeyConstraint("operator", name="pk_operator_statuses"),
    )


def _log() -> None:
    op.create_table(
        "events",
        sa.Column("id", COUNT, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("call", sa.Text()),
        sa.Column("operator", sa.Text()),
        sa.Column("queue", sa.Text()),
        sa.Column("data", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_at", "events", ["at"])
    op.create_index("ix_events_call", "events", ["call"])
    op.create_index("ix_events_kind_at", "events", ["kind", "at"])


def _recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("stopped", MOMENT),
        sa.Column("deleted", MOMENT),
        sa.Column("failure", sa.Text()),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_try", MOMENT),
        sa.PrimaryKeyConstraint("name", name="pk_recordings"),
    )
    op.create_index("ix_recordings_call", "recordings", ["call"])
    op.create_index("ix_recordings_deleted", "recordings", ["deleted"])


def _centre() -> None:
    op.create_table(
        "centre_versions",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_centre_versions"),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", COUNT, nullable=False),
        sa.Column("opened", MOMENT, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("changed", MOMENT, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("citizen_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name_index", sa.LargeBinary()),
        sa.Column("address_index", sa.LargeBinary()),
        sa.Column("email_index", sa.LargeBinary()),
        sa.Column("phone_index", sa.LargeBinary()),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
    )
    op.create_index("ix_cases_address_index", "cases", ["address_index"])
    op.create_index("ix_cases_email_index", "cases", ["email_index"])
    op.create_index("ix_cases_key_version", "cases", ["key_version"])
    op.create_index("ix_cases_name_index", "cases", ["name_index"])
    op.create_index("ix_cases_phone_index", "cases", ["phone_index"])
    op.create_table(
        "histories",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("call", sa.Text()),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("written", MOMENT, nullable=False),
        sa.Column("wording_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="fk_histories_case"),
        sa.PrimaryKeyConstraint("id", name="pk_histories"),
        sa.UniqueConstraint("call", name="uq_histories_call"),
    )
    op.create_index("ix_histories_case", "histories", ["case"])
    op.create_index("ix_histories_key_version", "histories", ["key_version"])


def _users() -> None:
    op.create_table(
        "login_failures",
        sa.Column("source_index", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("source_index", name="pk_login_failures"),
    )
    op.create_index("ix_login_failures_last", "login_failures", ["last"])
    op.create_table(
        "users",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("opened", MOMENT, nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name="fk_sessions_user", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user", "sessions", ["user"])


def _processes() -> None:
    op.create_table(
        "key_checks",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("check_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("index_check", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_key_checks"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("beat", COUNT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def _append_only(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: only added to'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table}: only added to'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_added_to()"
    )
