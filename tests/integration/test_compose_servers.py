"""The servers of docker-compose.yml as it configures them, with its secrets, and the platform's parts against them."""

import asyncio
import os
import ssl
import stat
import subprocess
import sys

import psycopg
import pytest
import redis.asyncio
import redis.exceptions
from aiohttp.test_utils import TestServer

from crm.keyring import Keyring
from crm.migrate import migrate
from crm.store import open_store
from denwa.health import build_health_app
from kernel.bus.memory import MemoryBus
from kernel.bus.streams import StreamsBus
from kernel.settings import Settings
from tests.support.bus_messages import click, happened
from tests.support.production import DOCKER, make_secrets, production_postgres, production_redis


@pytest.fixture(scope="module")
def secrets(tmp_path_factory):
    return make_secrets(tmp_path_factory.mktemp("secrets"))


def test_every_secret_is_for_its_owner_alone(secrets):
    for path in secrets.iterdir():
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == 0o444 if path.name == "ca.crt" else not mode & 0o077, path.name


def test_making_secrets_again_changes_none(secrets):
    before = {path: path.read_bytes() for path in secrets.iterdir() if path.is_file()}
    make_secrets(secrets)
    assert {path: path.read_bytes() for path in secrets.iterdir() if path.is_file()} == before


async def test_the_bus_does_all_that_it_must_as_the_user_that_it_is_given(secrets, tmp_path):
    async with production_redis(secrets, tmp_path) as url:
        bus = StreamsBus(url)
        async with bus.events() as events, bus.commands() as commands:
            for id in range(150):
                await bus.publish_event(happened(id))
            await bus.publish_command(click(1))
            assert [await anext(events) for _ in range(150)] == [happened(id) for id in range(150)]
            assert await anext(commands) == click(1)
        assert await bus.unready() is None
        await bus.close()


async def test_that_user_may_do_nothing_else_on_redis(secrets, tmp_path):
    async with production_redis(secrets, tmp_path) as url:
        client = redis.asyncio.Redis.from_url(url, protocol=2)
        for command in (["FLUSHALL"], ["KEYS", "*"], ["CONFIG", "GET", "*"], ["SET", "denwa:x", "1"], ["ACL", "LIST"]):
            with pytest.raises(redis.exceptions.NoPermissionError):
                await client.execute_command(*command)
        with pytest.raises(redis.exceptions.NoPermissionError):
            await client.xadd("others", {"a": "b"})
        await client.aclose()


async def test_redis_lets_nobody_in_without_a_password(secrets, tmp_path):
    async with production_redis(secrets, tmp_path) as url:
        scheme, _, rest = url.partition("//")
        client = redis.asyncio.Redis.from_url(f"{scheme}//{rest.partition('@')[2]}", protocol=2)
        with pytest.raises(redis.exceptions.AuthenticationError):
            await client.ping()
        await client.aclose()


async def test_the_store_is_made_and_used_over_tls_with_the_password_from_its_file(secrets):
    with production_postgres(secrets) as (_, url):
        await migrate(url)
        async with open_store(url, Keyring.new(), MemoryBus()) as store:
            assert await store.events.last_id() == 0


async def test_the_command_that_prepares_the_store_does_so_twice_without_harm(secrets, tmp_path):
    with production_postgres(secrets) as (_, url):
        async with production_redis(secrets, tmp_path) as redis_url:
            file = tmp_path / "redis_url"
            file.write_text(redis_url)
            places = {"DENWA_VAR_DIR": f"{tmp_path}/var", "DENWA_SECRETS_DIR": f"{tmp_path}/secrets"}
            servers = {"DENWA_DATABASE_URL": url, "DENWA_REDIS_URL_FILE": str(file)}
            for _ in range(2):
                command = (sys.executable, "-m", "denwa", "migrate")
                process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **places, **servers})
                assert await process.wait() == 0


def test_postgresql_refuses_a_connection_without_tls_and_one_without_a_password(secrets):
    with production_postgres(secrets) as (_, url):
        address = url.replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            assert connection.pgconn.ssl_in_use
        with pytest.raises(psycopg.OperationalError, match="no encryption"):
            psycopg.connect(address.replace("sslmode=verify-full", "sslmode=disable"))
        with pytest.raises(psycopg.OperationalError, match="no password"):
            psycopg.connect(address.partition("&passfile")[0] + "&passfile=/nowhere")


def test_the_platforms_role_is_no_superuser_and_owns_its_database_alone(secrets):
    with production_postgres(secrets) as (_, url), psycopg.connect(url.replace("+psycopg", "")) as connection:
        role = connection.execute("SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'denwa'")
        assert role.fetchone() == (False, False, False)
        owned = "SELECT datname FROM pg_database WHERE datdba = (SELECT oid FROM pg_roles WHERE rolname = 'denwa')"
        assert connection.execute(owned).fetchall() == [("denwa",)]


async def test_the_consoles_certificate_is_signed_by_the_authority_that_browsers_are_given(secrets):
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(secrets / "console.crt", secrets / "console.key")
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=server_side)
    async with server:
        port = server.sockets[0].getsockname()[1]
        trusting = ssl.create_default_context(cafile=secrets / "ca.crt")
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting, server_hostname="localhost")
        writer.close()


def test_the_images_start_script_runs_the_private_asterisk():
    cache = {"DENWA_CACHE_DIR": str(Settings(_env_file=None).cache_dir)}
    ran = subprocess.run(
        [DOCKER / "run-asterisk", "-V"], env={**os.environ, **cache}, capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith("Asterisk ")


async def health_check(port):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "denwa.healthcheck", env={**os.environ, "DENWA_METRICS_PORT": str(port)}
    )
    return await process.wait()


async def well():
    return None


async def ill():
    return "no"


async def test_the_health_check_of_the_containers_follows_readyz():
    async with (
        TestServer(build_health_app({"store": well})) as ready,
        TestServer(build_health_app({"store": ill})) as not_ready,
    ):
        assert await health_check(ready.port) == 0
        assert await health_check(not_ready.port) == 1
    assert await health_check(ready.port) == 1
