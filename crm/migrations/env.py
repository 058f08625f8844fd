"""Run by alembic. ``crm.migrate`` gives the connection, whose transaction holds the whole upgrade."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from crm import case_tables, directory_tables, user_tables


def upgrade() -> None:
    connection = context.config.attributes["connection"]
    if not isinstance(connection, Connection):
        raise TypeError("crm.migrate gives the connection")
    assert case_tables.metadata is user_tables.metadata is directory_tables.metadata, "all tables are in one"
    context.configure(connection=connection, target_metadata=user_tables.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


upgrade()
