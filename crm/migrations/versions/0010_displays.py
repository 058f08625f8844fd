"""Walls: screens that show the wallboard with nobody logged in at them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.columns import Moment

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "displays",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("opened", Moment(), nullable=False),
        sa.Column("seen", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_displays"),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name="fk_displays_by", ondelete="CASCADE"),
        sa.UniqueConstraint("name", name="uq_displays_name"),
    )
    op.create_index("ix_displays_by", "displays", ["by"])


def downgrade() -> None:
    op.drop_table("displays")
