"""Drafts of histories that are made of talks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.columns import Moment

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "talk_drafts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("call", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("began", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("content_sealed", sa.LargeBinary),
        sa.Column("key_version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_talk_drafts"),
    )
    for column in ("call", "began", "key_version"):
        op.create_index(f"ix_talk_drafts_{column}", "talk_drafts", [column])


def downgrade() -> None:
    op.drop_table("talk_drafts")
