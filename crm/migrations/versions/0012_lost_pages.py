"""Talks whose operator's page is gone for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.columns import Moment

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("calls", sa.Column("lost", Moment()))


def downgrade() -> None:
    op.drop_column("calls", "lost")
