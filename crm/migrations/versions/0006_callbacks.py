"""Callbacks: the place in the queue is kept while the citizen is not on the line."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.columns import Moment

revision = "0006"
down_revision = "0005"

NEW = (
    ("callback_asked", Moment()),
    ("callback_due", Moment()),
    ("callback_attempts", sa.Integer()),
    ("callback_ringing", sa.Boolean(create_constraint=False)),
)


def upgrade() -> None:
    for name, kind in NEW:
        op.add_column("calls", sa.Column(name, kind))


def downgrade() -> None:
    for name, _ in NEW:
        op.drop_column("calls", name)
