"""Talks with an interpreter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("calls", sa.Column("transfer_language", sa.Text()))


def downgrade() -> None:
    op.drop_column("calls", "transfer_language")
