"""The telephone directory (内線番号表) and the log of its changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.append_only import forbid_changes
from crm.columns import Count, Json, Moment

revision = "0014"
down_revision = "0016"

TEXTS = ("division", "section", "unit", "room", "reading", "outside", "teller", "hours", "department", "body", "note")


def upgrade() -> None:
    op.create_table(
        "directory_entries",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed", Moment, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in TEXTS),
        sa.Column("aliases", Json, nullable=False),
        sa.Column("subjects", Json, nullable=False),
        sa.Column("extension", sa.Text),
        sa.Column("transferable", sa.Boolean, nullable=False),
        sa.Column("tellable", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_directory_entries"),
        sa.UniqueConstraint("extension", name="uq_directory_entries_extension"),
    )
    op.create_table(
        "directory_changes",
        sa.Column("id", Count, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_directory_changes"),
    )
    op.create_index("ix_directory_changes_at", "directory_changes", ["at"])
    op.create_index("ix_directory_changes_entry", "directory_changes", ["entry"])
    for statement in forbid_changes(op.get_bind().dialect.name, ("directory_changes",)):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("directory_changes")
    op.drop_table("directory_entries")
