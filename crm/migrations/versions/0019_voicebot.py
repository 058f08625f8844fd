"""Talks with a voicebot, and what was said in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.columns import Moment

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("calls", sa.Column("voicebot", sa.Text()))
    op.create_table(
        "utterances",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("call", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("speaker", sa.Text, nullable=False),
        sa.Column("text_sealed", sa.LargeBinary, nullable=False),
        sa.Column("key_version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_utterances"),
    )
    for column in ("call", "at", "key_version"):
        op.create_index(f"ix_utterances_{column}", "utterances", [column])


def downgrade() -> None:
    op.drop_table("utterances")
    op.drop_column("calls", "voicebot")
