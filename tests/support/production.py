"""What docker-compose.yml describes, outside of containers: its secrets, and its servers as it configures them."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bench.servers.postgres import Postgres, running_postgres

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"


def make_secrets(folder: Path) -> Path:
    """Run docker/make-secrets for ``folder``."""
    subprocess.run([DOCKER / "make-secrets", folder], check=True, capture_output=True)
    return folder


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@asynccontextmanager
async def production_redis(secrets: Path, folder: Path) -> AsyncIterator[str]:
    """redis-server with docker/redis.conf; yields the address that the platform is given, for this port."""
    port = free_port()
    text = (DOCKER / "redis.conf").read_text().replace("/run/secrets", str(secrets)).replace("/data", str(folder))
    config = folder / "redis.conf"
    config.write_text(text.replace("tls-port 6379", f"tls-port {port}").replace("bind * -::*", "bind 127.0.0.1"))
    server = await asyncio.create_subprocess_exec("redis-server", str(config), stdout=DEVNULL)
    try:
        async with asyncio.timeout(10):
            await _listening(port)
        url = (secrets / "redis_url").read_text().strip()
        yield url.replace("redis:6379", f"localhost:{port}").replace("/run/secrets", str(secrets))
    finally:
        if server.returncode is None:
            server.kill()
        await server.wait()


async def _listening(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return


@contextmanager
def production_postgres(secrets: Path) -> Iterator[tuple[Postgres, str]]:
    """PostgreSQL with docker's pg_hba.conf, TLS and first script; yields it and the address for the platform."""
    with running_postgres() as server:
        port = free_port()
        own = server.folder / "secrets"
        shutil.copytree(secrets, own)
        for path in (server.folder, *server.folder.rglob("*")):
            shutil.chown(path, *_owner(server.folder))
        server.run("psql", "-h", str(server.folder), "-U", "tests", "-d", "postgres", "-f", _init_script(server, own))
        server.run("pg_ctl", "-D", str(server.data), "-m", "fast", "-w", "stop")
        hba = server.folder / "pg_hba.conf"
        shutil.copyfile(DOCKER / "pg_hba.conf", hba)
        hba.chmod(0o644)
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={server.folder} -c fsync=off "
            f"-c ssl=on -c ssl_cert_file={own}/postgres.crt -c ssl_key_file={own}/postgres.key "
            f"-c ssl_min_protocol_version=TLSv1.2 -c hba_file={hba}"
        )
        server.run("pg_ctl", "-D", str(server.data), "-l", str(server.log), "-o", options, "-w", "start")
        yield server, _address(secrets, port)


def _address(secrets: Path, port: int) -> str:
    """The address of docker-compose.yml, for this port; the password comes from the file, as there."""
    passwords = secrets / "pgpass_here"
    passwords.touch(mode=0o600)
    passwords.write_text((secrets / "pgpass").read_text().replace("postgres:5432", f"localhost:{port}"))
    query = f"sslmode=verify-full&sslrootcert={secrets}/ca.crt&passfile={passwords}"
    return f"postgresql+psycopg://denwa@localhost:{port}/denwa?{query}"


def _init_script(server: Postgres, secrets: Path) -> str:
    """A copy that its owner may read, with the password's place set as the container's environment sets it."""
    script = server.folder / "init.sql"
    place = f"\\setenv DENWA_DB_PASSWORD_FILE {secrets}/denwa_db_password\n"
    script.write_text(place + (DOCKER / "postgres-init.sql").read_text())
    script.chmod(0o644)
    return str(script)


def _owner(folder: Path) -> tuple[str, str]:
    return folder.owner(), folder.group()
