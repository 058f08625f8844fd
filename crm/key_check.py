"""Does this key file belong to this database? Asked at the start, not at the first case that can't be read."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import insert, select

from crm.database import Database
from crm.errors import StoreError
from crm.fingerprint import Fingerprints
from crm.keyring import Keyring
from crm.sealing import Place, Sealer
from crm.tables import key_checks

TEXT = "denwa"


class WrongKey(StoreError):
    """The key file is another database's, or lacks a key that this one's data needs."""


async def check_keys(database: Database, keyring: Keyring) -> None:
    """Raise WrongKey unless ``keyring`` opens what the database holds; make known a key that is new."""
    async with database.write() as connection:
        rows = (await connection.execute(select(key_checks))).mappings()
        known = {row["version"]: (row["check_sealed"], row["index_check"]) for row in rows}
        _compare(keyring, known)
        for version in keyring.keys.keys() - known.keys():
            own = Keyring(version, keyring.keys, keyring.index)
            row = {
                "version": version,
                "check_sealed": Sealer(own).seal(TEXT, _place(version)),
                "index_check": Fingerprints(own).of("check", TEXT),
            }
            await connection.execute(insert(key_checks).values(row))


async def has_keys(url: str) -> bool:
    """Whether data of the database at ``url``, which is migrated, may be sealed with keys that somebody has."""
    database = Database(url)
    try:
        async with database.read() as connection:
            return (await connection.execute(select(key_checks).limit(1))).first() is not None
    finally:
        await database.close()


def _compare(keyring: Keyring, known: Mapping[int, tuple[bytes, bytes]]) -> None:
    if missing := known.keys() - keyring.keys.keys():
        raise WrongKey(f"the key file lacks key {min(missing)}, which this database was used with: restore that key")
    for version, (sealed, index) in known.items():
        if index != Fingerprints(keyring).of("check", TEXT):
            raise WrongKey("the index key is not the one that this database was made with: restore its key file")
        try:
            Sealer(keyring).open(sealed, _place(version))
        except StoreError:
            raise WrongKey(
                f"key {version} is not the one that this database was made with: restore its key file"
            ) from None


def _place(version: int) -> Place:
    return Place("key_checks", "check", str(version))
