"""Calls that operators make."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("calls", sa.Column("callback_purpose", sa.Text()))


def downgrade() -> None:
    op.drop_column("calls", "callback_purpose")
