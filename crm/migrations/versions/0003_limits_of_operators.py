"""Callers on hold, and the limits of what operators do: kept, so that no restart starts them anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("calls", sa.Column("held", MOMENT))
    op.add_column("operator_statuses", sa.Column("until", MOMENT))
    op.add_column("operator_statuses", sa.Column("extended", sa.Integer, nullable=False, server_default="0"))
    op.add_column("operator_statuses", sa.Column("overrun", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for name in ("until", "extended", "overrun"):
        op.drop_column("operator_statuses", name)
    op.drop_column("calls", "held")
