"""The figures of days that are over, so that a month is not counted from the log each time somebody looks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "day_figures",
        sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("quarters", JSON, nullable=False),
        sa.Column("whole", JSON, nullable=False),
        sa.Column("shifts", JSON, nullable=False),
        sa.PrimaryKeyConstraint("begins", name="pk_day_figures"),
    )


def downgrade() -> None:
    op.drop_table("day_figures")
