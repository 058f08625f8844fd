"""A PostgreSQL of a run's own: its folder, its socket, no port of the host, gone when it is done."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psycopg

MISSING = "PostgreSQL's server is needed: apt-get install postgresql (15 or later)"
OWNERS = ("postgres", "nobody")
"""Who runs the server where the tests run as root, which PostgreSQL refuses."""

OPTIONS = "-c listen_addresses='' -c unix_socket_directories={socket} -c max_connections=200 "
FOR_TESTS = (
    "-c fsync=off "  # no power cut here
    "-c log_statement=all"  # so that a test can look for a caller's number in it
)


class Postgres:
    """A running server; each test has a database of its own."""

    def __init__(self, folder: Path, programs: Path, owner: list[str], options: str) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "log"
        self._programs = programs
        self._owner = owner
        self._options = OPTIONS.format(socket=folder) + options

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://tests@/{database}?host={quote(str(self.folder), safe='')}"

    def create(self, template: str = "template1") -> str:
        """The name of a new database, made like ``template``."""
        name = f"t{uuid4().hex}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, database: str) -> None:
        self._sql(f"DROP DATABASE {database} WITH (FORCE)")

    def cut(self, database: str) -> None:
        """End every connection to ``database``, as a server that falls over does."""
        self._sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")

    def allow(self, database: str, connections: bool) -> None:
        """Whether new connections are taken."""
        self._sql(f"ALTER DATABASE {database} ALLOW_CONNECTIONS {connections}")

    def run(self, program: str, *arguments: str) -> bytes:
        """What ``program`` prints."""
        command = [*self._owner, str(self._programs / program), *arguments]
        done = subprocess.run(command, capture_output=True, cwd=self.folder, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def start(self) -> None:
        self.run("initdb", "-D", str(self.data), "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self.start_again()

    def start_again(self) -> None:
        """After ``stop``, with all that was committed."""
        self.run("pg_ctl", "-D", str(self.data), "-l", str(self.log), "-o", self._options, "-w", "start")

    def stop(self) -> None:
        """At once, as when the power fails."""
        self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def _sql(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user="tests", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgres(options: str = FOR_TESTS) -> Generator[Postgres]:
    """A new server until the end of the block; ``options`` are PostgreSQL's own. Raises RuntimeError that says what to
    install."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path has 107 bytes at most
    try:
        server = Postgres(folder, programs, _owner(folder), options)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise RuntimeError(MISSING)
    return Path(on_path).resolve().parent


def _owner(folder: Path) -> list[str]:
    """The start of a command line that runs as somebody who is not root, and owns ``folder``."""
    if os.geteuid():
        return []
    known = {entry.pw_name for entry in pwd.getpwall()}
    name = next(name for name in OWNERS if name in known)
    shutil.chown(folder, name)
    return ["runuser", "-u", name, "--"]
