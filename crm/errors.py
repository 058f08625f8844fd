"""What can be wrong with the store; each message says what to do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import DBAPIError


class StoreError(Exception):
    """Base of all that the store itself complains of."""


class NotMigrated(StoreError):
    """The database lacks the tables of this version."""


class DatabaseTooNew(StoreError):
    """The database was migrated by a newer version than this one."""


class NotStored(StoreError):
    """The journal had to stop while the database took nothing."""


class Fenced(StoreError):
    """What was to be stored was written under a lease that another holds by now."""


class Changed(StoreError):
    """Somebody was faster: ``by`` has saved ``what`` at ``at`` (aware, UTC) since it was read."""

    def __init__(self, what: str, by: str, at: datetime) -> None:
        super().__init__(f"{what} was changed by {by} at {at:%Y-%m-%d %H:%M:%S} UTC: read it again, then save")
        self.what = what
        self.by = by
        self.at = at


def told(wrong: Exception) -> str:
    """What a log line may say of ``wrong``: a database's first line names no values, its details may."""
    cause = wrong.orig if isinstance(wrong, DBAPIError) and wrong.orig else wrong
    return f"{type(cause).__name__}: {str(cause).partition(chr(10))[0]}"
