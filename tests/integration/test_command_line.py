"""The command line with what its users get wrong: each mistake is one message that says what to do."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import pytest

from crm.centres import NoCentre
from crm.keyring import create_keyring, load_keyring
from crm.migrate import migrate
from crm.store import open_store
from denwa.__main__ import COMMANDS
from denwa.parts import KEYS, utc_now
from denwa.prepare import prepare_store
from tests.support.asterisk import SEED, make_settings
from tests.support.command_line import CommandLine
from tests.support.environment import free_port


@pytest.fixture
def denwa(tmp_path: Path) -> CommandLine:
    """Nothing is set up yet."""
    return CommandLine(make_settings(tmp_path).model_copy(update={"metrics_port": free_port()}))


@pytest.fixture
async def prepared(denwa: CommandLine) -> CommandLine:
    """With keys, tables and the centre's document, and ARI's password."""
    await prepare_store(denwa.settings, lambda _: None)
    password = denwa.settings.secrets / "ari_password"
    password.touch(mode=0o600)
    password.write_text("secret of this test")
    return denwa


@pytest.fixture
def broken_seed(tmp_path: Path) -> Path:
    """A word that nobody knows, in line 2."""
    file = tmp_path / "broken.yaml"
    lines = SEED.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([lines[0], "nubers: [0466251111]\n", *lines[1:]]), encoding="utf-8")
    return file


async def document(denwa: CommandLine) -> int | None:
    """The version of the centre's document in the store."""
    async with open_store(denwa.settings.database, load_keyring(denwa.settings.secrets / KEYS)) as store:
        version = await store.centres.current_version()
        return version.version if version else None


async def test_a_broken_seed_file_is_refused_by_its_line_and_the_store_stays_empty(denwa, broken_seed):
    refusal = denwa.run("migrate", DENWA_SEED_FILE=str(broken_seed)).refusal
    assert f"{broken_seed}:2: " in refusal
    assert "did you mean numbers?" in refusal
    assert await document(denwa) is None
    assert denwa.run("migrate").status == 0
    assert await document(denwa) is not None


async def test_a_broken_seed_file_does_not_replace_the_document(prepared, broken_seed):
    before = await document(prepared)
    assert f"{broken_seed}:2: " in prepared.run("seed", "--file", str(broken_seed)).refusal
    assert "can't be read" in prepared.run("seed", "--file", "/nowhere.yaml").refusal
    assert await document(prepared) == before


async def test_migrating_again_changes_nothing(prepared):
    keys, before = (prepared.settings.secrets / KEYS).read_bytes(), await document(prepared)
    assert prepared.run("migrate").status == 0
    assert (prepared.settings.secrets / KEYS).read_bytes() == keys
    assert await document(prepared) == before


@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_a_lost_key_file_is_asked_for_and_not_made_anew(prepared, command):
    """A new one would hide that all personal data has become illegible."""
    keys = prepared.settings.secrets / KEYS
    kept = keys.read_bytes()
    keys.unlink()
    refusal = prepared.run(command).refusal
    assert f"there is no key file {keys}: restore it" in refusal
    assert not keys.exists()
    keys.touch(mode=0o600)
    keys.write_bytes(kept)
    assert prepared.run("migrate").status == 0


def test_a_key_file_that_others_may_read_is_refused_with_the_command_that_mends_it(prepared):
    keys = prepared.settings.secrets / KEYS
    keys.chmod(0o644)
    assert f"chmod 600 {keys}" in prepared.run("serve").refusal


def test_a_key_file_that_is_none_is_refused_without_being_repeated(prepared):
    keys = prepared.settings.secrets / KEYS
    keys.write_text('{"current": 1, "keys": {"1": "c2VjcmV0"}, "index": "c2VjcmV0"}')
    refusal = prepared.run("serve").refusal
    assert str(keys) in refusal
    assert "restore it from the backup" in refusal
    assert "c2VjcmV0" not in refusal


def test_another_stores_key_file_is_refused(prepared):
    keys = prepared.settings.secrets / KEYS
    keys.unlink()
    create_keyring(keys)
    assert "restore its key file" in prepared.run("serve").refusal


@pytest.mark.parametrize("command", ["serve", "render"])
def test_a_store_without_tables_is_refused_with_the_command_that_makes_them(denwa, command):
    create_keyring(denwa.settings.secrets / KEYS)
    assert "run `python -m denwa migrate`" in denwa.run(command).refusal


async def test_a_store_without_a_document_is_refused_with_the_command_that_loads_it(denwa):
    create_keyring(denwa.settings.secrets / KEYS)
    await migrate(denwa.settings.database)
    with pytest.raises(NoCentre):
        async with open_store(denwa.settings.database, load_keyring(denwa.settings.secrets / KEYS)) as store:
            await store.centres.current()
    assert "`denwa seed`" in denwa.run("render").refusal


def test_wrong_settings_are_all_named_as_they_are_set(denwa):
    wrong = {
        "DENWA_SIP__PORT": "many",
        "DENWA_SIP__TLS_PORT": "70000",
        "DENWA_SIP__CARRIER__HOST": "carrier.example.jp",
        "DENWA_LEASE_SECONDS": "0",
        "DENWA_LOG_FORMAT": "xml",
        "DENWA_WEB__PORTS": "8443",
    }
    refusal = denwa.run("migrate", **wrong).refusal
    for name in wrong:
        assert f"\n  {name}: " in refusal


def test_a_setting_that_is_no_json_is_named(denwa):
    assert "sip" in denwa.run("migrate", DENWA_SIP="{").refusal


def test_settings_that_do_not_fit_together_are_named_as_they_are_set(prepared):
    refusal = prepared.run("render", DENWA_SIP__TLS_PORT="5060").refusal
    assert refusal.startswith("denwa: DENWA_SIP__TLS_PORT: ")


def test_an_unknown_command_is_refused_with_those_that_there_are(denwa):
    ran = denwa.run("sevre")
    assert ran.status == 2
    assert "sevre" in ran.complained
    assert all(name in ran.complained for name in COMMANDS)


def test_a_folder_that_can_not_be_made_is_named(denwa):
    assert "/proc/denwa" in denwa.run("migrate", DENWA_VAR_DIR="/proc/denwa/var", DENWA_DATABASE_URL="").refusal


@pytest.mark.parametrize("url", ["mysql://h/db", "nonsense", "postgresql+psycopg://db.example.jp/denwa"])
def test_an_address_of_a_database_that_is_not_ours_or_not_private_is_refused(prepared, url):
    assert "address" in prepared.run("serve", DENWA_DATABASE_URL=url).refusal


def test_a_file_with_the_address_of_redis_that_is_not_there_is_named(prepared):
    assert "/nowhere/redis_url" in prepared.run("serve", DENWA_REDIS_URL_FILE="/nowhere/redis_url").refusal


@pytest.mark.parametrize("setting", ["DENWA_WEB__PORT", "DENWA_METRICS_PORT"])
def test_a_port_in_use_is_named_with_what_sets_it(prepared, setting):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refusal = prepared.run("console", **{"DENWA_WEB__PORT": str(free_port()), setting: str(port)}).refusal
    assert f"127.0.0.1:{port} ({setting})" in refusal
    assert refusal.count("\n") == 1


def test_a_controller_without_aris_password_says_which_command_makes_it(prepared):
    (prepared.settings.secrets / "ari_password").unlink()
    assert "`denwa render` makes it" in prepared.run("controller").refusal


def test_a_certificate_without_its_key_is_refused(prepared, tmp_path):
    ran = prepared.run("console", DENWA_WEB__CERTIFICATE=str(tmp_path / "console.crt"))
    assert "set both, DENWA_WEB__CERTIFICATE and DENWA_WEB__KEY" in ran.refusal


def test_a_user_is_added_once_and_gets_a_password_where_nobody_types_one(prepared):
    first = prepared.run("user", "mori", "森", "--role", "administrator")
    assert (first.status, first.complained) == (0, "")
    assert first.told.startswith("password: ")
    assert "there is a user mori already" in prepared.run("user", "mori", "森").refusal
    assert "password" in prepared.run("user", "hara", "原", "--password-stdin", typed="short\n").refusal
    assert prepared.run("user", "hara", "原", "--role", "king").status == 2


async def test_who_is_added_or_reset_by_command_is_in_the_log_of_rights_and_must_change_the_password(prepared):
    assert prepared.run("user", "mori", "森", "--role", "staff", "--department", "nozei").status == 0
    assert "there is no department shouen" in prepared.run("user", "abe", "阿部", "--department", "shouen").refusal
    reset = prepared.run("reset-user", "mori")
    assert "there is no user nobody" in prepared.run("reset-user", "nobody").refusal
    async with open_store(prepared.settings.database, load_keyring(prepared.settings.secrets / KEYS)) as store:
        now = utc_now()
        log = await store.rights.between(now - timedelta(days=1), now)
        password = reset.told.removeprefix("password: ").strip()
        user = await store.users.verify("mori", password, source="", now=now)
    kinds = ["created", "role_given", "department_given", "second_factor_reset", "password_reset"]
    assert [(one.by, one.user, one.kind.value) for one in log] == [("denwa user", "mori", kind) for kind in kinds]
    assert user is not None
    assert user.must_change
    assert user.departments == {"nozei"}
