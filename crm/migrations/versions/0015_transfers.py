"""Transfers to the city's extensions that are attended, and callers who come back from one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.columns import Moment

revision = "0015"
down_revision = "0014"

COLUMNS = ("extension", "leg", "step", "reason")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("calls", sa.Column(f"transfer_{name}", sa.Text()))
    op.add_column("calls", sa.Column("transfer_since", Moment()))


def downgrade() -> None:
    for name in (*COLUMNS, "since"):
        op.drop_column("calls", f"transfer_{name}")
