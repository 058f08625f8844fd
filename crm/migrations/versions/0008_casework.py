"""Cases get an owner, a category and a follow-up; drafts, marks of open pages, and the steps of a case are kept.

``marks_version`` says by which rules of spelling a row's ``…_index`` were made: rows of older rules are made anew by
``crm.housekeeping``, which has the keys that a migration lacks.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name in ("department", "category"):
        op.add_column("cases", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("cases", sa.Column("follow_up_by", sa.Text()))
    op.add_column("cases", sa.Column("follow_up_due", sa.Date()))
    op.add_column("cases", sa.Column("marks_version", sa.Integer(), nullable=False, server_default="1"))
    op.create_index("ix_cases_follow_up_by", "cases", ["follow_up_by"])
    op.create_index("ix_cases_status_follow_up_due", "cases", ["status", "follow_up_due"])
    op.create_index("ix_cases_marks_version", "cases", ["marks_version"])
    op.create_index("ix_cases_status_number", "cases", ["status", "number"])
    op.create_index("ix_cases_department_number", "cases", ["department", "number"])
    op.drop_index("ix_histories_case", "histories")
    op.create_index("ix_histories_case_written", "histories", ["case", "written"])
    op.create_index("ix_histories_author_written", "histories", ["author", "written"])
    _steps()
    _drafts()


def _steps() -> None:
    op.create_table(
        "case_steps",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="fk_case_steps_case"),
        sa.PrimaryKeyConstraint("id", name="pk_case_steps"),
    )
    op.create_index("ix_case_steps_case", "case_steps", ["case"])


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("saved", MOMENT, nullable=False),
        sa.Column("window", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fields_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    for column in ("about", "saved", "key_version"):
        op.create_index(f"ix_drafts_{column}", "drafts", [column])
    op.create_table(
        "open_pages",
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("about", "user", name="pk_open_pages"),
    )
    op.create_index("ix_open_pages_seen", "open_pages", ["seen"])


def downgrade() -> None:
    for table in ("open_pages", "drafts", "case_steps"):
        op.drop_table(table)
    op.drop_index("ix_histories_author_written", "histories")
    op.drop_index("ix_histories_case_written", "histories")
    op.create_index("ix_histories_case", "histories", ["case"])
    for column in ("department_number", "status_number", "marks_version", "status_follow_up_due", "follow_up_by"):
        op.drop_index(f"ix_cases_{column}", "cases")
    for column in ("marks_version", "follow_up_due", "follow_up_by", "category", "department"):
        op.drop_column("cases", column)
