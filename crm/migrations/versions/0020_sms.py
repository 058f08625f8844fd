"""Links sent by SMS."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.columns import Moment

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "sms",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("call", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.Text),
        sa.Column("content_sealed", sa.LargeBinary),
        sa.Column("number_index", sa.LargeBinary),
        sa.Column("key_version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due", Moment, nullable=False),
        sa.Column("tried", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_sms"),
    )
    for column in ("call", "at", "number_index", "key_version", "state"):
        op.create_index(f"ix_sms_{column}", "sms", [column])


def downgrade() -> None:
    op.drop_table("sms")
