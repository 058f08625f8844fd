"""When a caller was asked to speak a message: its length counts on after a crash."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.columns import Moment

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("calls", sa.Column("message_since", Moment()))


def downgrade() -> None:
    op.drop_column("calls", "message_since")
