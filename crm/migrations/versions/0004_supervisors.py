"""A call remembers the supervisor who is at its talk, and the operator for whom it was told to wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

COLUMNS = ("assigned", "monitor_supervisor", "monitor_leg", "monitor_mode")


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("calls", sa.Column(column, sa.Text))


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.drop_column("calls", column)
