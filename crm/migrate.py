"""Bring a database to this version's tables, and refuse to work with one that has others."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from crm.database import Database
from crm.errors import DatabaseTooNew, NotMigrated

HERE = Path(__file__).parent / "migrations"


async def migrate(url: str) -> None:
    """Apply what is missing, in one transaction; harmless when nothing is. Raises DatabaseTooNew.

    Two that start at once do it one after the other.
    """
    database = Database(url)
    try:
        async with database.in_turn() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await database.close()


async def check_schema(database: Database) -> None:
    """Raise NotMigrated or DatabaseTooNew unless the tables are this version's."""
    async with database.read() as connection:
        await connection.run_sync(_check)


def _upgrade(connection: Connection) -> None:
    _known(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _check(connection: Connection) -> None:
    if _known(connection) != set(ScriptDirectory.from_config(_config()).get_heads()):
        raise NotMigrated("the database lacks tables of this version: run `python -m denwa migrate`, then start again")


def _known(connection: Connection) -> set[str]:
    found = set(MigrationContext.configure(connection).get_current_heads())
    ours = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if strange := found - ours:
        raise DatabaseTooNew(
            f"the database is at {', '.join(sorted(strange))}, which this version does not know: "
            "start the version that migrated it, or a newer one"
        )
    return found


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    return config
