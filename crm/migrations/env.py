"""Run by alembic. ``crm.migrate`` gives the connection, whose transaction holds the whole upgrade."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from crm import user_tables


def upgrade() -> None:
    connection = context.config.attributes["connection"]
    if not isinstance(connection, Connection):
        raise TypeError("crm.migrate gives the connection")
    context.configure(connection=connection, target_metadata=user_tables.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


upgrade()
