"""Tables that only grow: the database itself refuses to change or delete their rows. For migrations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$
"""


def forbid_changes(dialect: str, tables: Iterable[str]) -> Iterator[str]:
    """The statements for the database of that SQLAlchemy ``dialect`` name. The triggers go with their tables."""
    if dialect == "postgresql":
        yield FUNCTION
    for table in tables:
        if dialect == "postgresql":
            yield (
                f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
            continue
        for change in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            )
