"""A store that is not this version's, not this key's, or can't be reached says so and what to do."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from crm.database import Database
from crm.errors import DatabaseTooNew, NotMigrated, StoreError
from crm.key_check import WrongKey
from crm.keyring import Keyring
from crm.migrate import migrate
from crm.store import open_store
from crm.user_tables import metadata
from tests.support.store import sqlite_url


async def test_the_migrations_make_the_tables_that_the_code_works_with(url):
    database = Database(url)
    async with database.read() as connection:
        differences = await connection.run_sync(
            lambda plain: compare_metadata(MigrationContext.configure(plain, opts={"compare_type": False}), metadata)
        )
    await database.close()
    assert differences == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_two_that_migrate_at_once_make_one_schema(kind, tmp_path, request):
    if kind == "sqlite":
        url = sqlite_url(tmp_path / "new" / "denwa.db")
    else:
        server = request.getfixturevalue("postgres")
        url = server.url(server.create())
    with pytest.raises(NotMigrated, match="denwa migrate"):
        async with open_store(url, Keyring.new()):
            pass
    await asyncio.gather(migrate(url), migrate(url))
    async with open_store(url, Keyring.new()) as store:
        assert await store.events.last_id() == 0


async def test_a_database_of_a_newer_version_is_left_alone(url, keyring):
    database = Database(url)
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()
    with pytest.raises(DatabaseTooNew, match="9999"):
        async with open_store(url, keyring):
            pass
    with pytest.raises(DatabaseTooNew):
        await migrate(url)


async def test_another_stores_key_file_is_noticed_at_the_start(url, keyring):
    async with open_store(url, keyring):
        pass
    with pytest.raises(WrongKey, match="restore its key file"):
        async with open_store(url, Keyring.new()):
            pass
    with pytest.raises(WrongKey, match="key 1 is not the one"):
        async with open_store(url, Keyring(1, Keyring.new().keys, keyring.index)):
            pass


async def test_a_key_file_from_before_the_last_rotation_is_noticed(url, keyring):
    async with open_store(url, keyring.extended().with_newest_current()):
        pass
    with pytest.raises(WrongKey, match="lacks key 2"):
        async with open_store(url, keyring):
            pass


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://localhost/denwa", "must begin with"),
        ("sqlite+aiosqlite:///:memory:", "must begin with"),
        ("not an address", "is not one"),
        ("postgresql+psycopg://u@db.example/denwa", "add \\?sslmode=verify-full"),
        ("postgresql+psycopg://u@db.example/denwa?sslmode=prefer", "add \\?sslmode=verify-full"),
        ("sqlite+aiosqlite:////proc/nowhere/denwa.db", "can't be opened"),
    ],
)
def test_an_address_that_will_not_do_says_which_would(url, says):
    with pytest.raises(StoreError, match=says):
        Database(url)


async def test_no_error_of_the_address_shows_its_password():
    with pytest.raises(StoreError) as caught:
        Database("postgresql+psycopg://u:geheim@db.example/denwa")
    assert "geheim" not in str(caught.value)


async def test_sqlite_survives_a_power_cut_and_is_its_owners_alone(tmp_path, keyring):
    file = tmp_path / "var" / "denwa.db"
    await migrate(sqlite_url(file))
    async with open_store(sqlite_url(file), keyring) as store:
        async with store.database.write() as connection:
            found = {
                name: (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
        modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    assert set(modes.values()) == {0o600}
    assert file.parent.stat().st_mode & 0o777 == 0o700
