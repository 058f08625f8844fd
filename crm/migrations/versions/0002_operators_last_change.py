"""Find an operator's last change before a moment without reading the log back to the operator's first day."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

INDEX = "ix_events_kind_operator_at"


def upgrade() -> None:
    op.create_index(INDEX, "events", ["kind", "operator", "at"])


def downgrade() -> None:
    op.drop_index(INDEX, "events")
