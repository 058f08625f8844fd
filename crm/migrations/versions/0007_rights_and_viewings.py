"""Departments of users, second factors, the logs of rights and of who was shown whose data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.append_only import forbid_changes
from crm.columns import Count, Json, Moment

revision = "0007"
down_revision = "0006"

LOGS = ("rights_changes", "viewings")


def upgrade() -> None:
    op.add_column("users", sa.Column("departments", Json, nullable=False, server_default="[]"))
    op.add_column("users", sa.Column("must_change", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("sessions", sa.Column("waits_for_code", sa.Boolean, nullable=False, server_default=sa.false()))
    _second_factors()
    _logs()
    for statement in forbid_changes(op.get_bind().dialect.name, LOGS):
        op.execute(statement)


def _second_factors() -> None:
    op.create_table(
        "role_rules",
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("second_factor_since", Moment),
        sa.PrimaryKeyConstraint("role", name="pk_role_rules"),
    )
    op.create_table(
        "second_factors",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary, nullable=False),
        sa.Column("key_version", sa.Integer, nullable=False),
        sa.Column("confirmed", Moment),
        sa.Column("last_step", Count),
        sa.PrimaryKeyConstraint("id", name="pk_second_factors"),
        sa.ForeignKeyConstraint(["id"], ["users.id"], name="fk_second_factors_id", ondelete="CASCADE"),
    )
    op.create_index("ix_second_factors_key_version", "second_factors", ["key_version"])
    op.create_table(
        "recovery_codes",
        sa.Column("code_index", sa.LargeBinary, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("code_index", name="pk_recovery_codes"),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name="fk_recovery_codes_user", ondelete="CASCADE"),
    )
    op.create_index("ix_recovery_codes_user", "recovery_codes", ["user"])


def _logs() -> None:
    op.create_table(
        "rights_changes",
        sa.Column("id", Count, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rights_changes"),
    )
    op.create_index("ix_rights_changes_at", "rights_changes", ["at"])
    op.create_table(
        "viewings",
        sa.Column("id", Count, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("shown", sa.Text, nullable=False),
        sa.Column("case", Count),
        sa.Column("call", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_viewings"),
    )
    op.create_index("ix_viewings_at", "viewings", ["at"])
    op.create_index("ix_viewings_case", "viewings", ["case"])
    op.create_index("ix_viewings_user_at", "viewings", ["user", "at"])


def downgrade() -> None:
    for table in ("viewings", "rights_changes", "recovery_codes", "second_factors", "role_rules"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
    op.drop_column("sessions", "waits_for_code")
    op.drop_column("users", "must_change")
    op.drop_column("users", "departments")
