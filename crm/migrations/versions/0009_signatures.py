"""Signatures: what the full-text search builds its index from, sealed (C1, Q2)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.columns import Count

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "signatures",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("change", Count, nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("bits_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="fk_signatures_case_cases", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_signatures"),
        sa.UniqueConstraint("slot", name="uq_signatures_slot"),
        sa.UniqueConstraint("change", name="uq_signatures_change"),
    )
    for column in ("document", "case", "key_version"):
        op.create_index(f"ix_signatures_{column}", "signatures", [column])
    counts = op.create_table(
        "signature_counts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last", Count, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_signature_counts"),
    )
    op.bulk_insert(counts, [{"name": "change", "last": 0}, {"name": "slot", "last": -1}])


def downgrade() -> None:
    op.drop_table("signature_counts")
    op.drop_table("signatures")
