import re
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiohttp.test_utils import TestServer

from asterisk_conf.certificate import ensure_certificate
from asterisk_conf.install import Installation
from bench.servers.redis import running_redis
from crm.keyring import create_keyring
from crm.migrate import migrate
from denwa.checkup import answers, installed, places
from denwa.doctor import Finding, doctor, healthy, print_findings
from denwa.health import build_health_app
from denwa.parts import open_parts, utc_now
from ivr.seed_file import load
from kernel.settings import Ari, Settings, Sip, Web

SEED = Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml"


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def settings(tmp_path):
    recordings = tmp_path / "recordings"
    recordings.mkdir(mode=0o700)
    return Settings(
        _env_file=None,
        var_dir=tmp_path / "var",
        recordings_dir=recordings,
        metrics_port=free_port(),
        web=Web(port=free_port()),
        ari=Ari(port=free_port()),
        sip=Sip(port=free_port(socket.SOCK_DGRAM), tls_port=free_port()),
    )


async def prepare(settings):
    settings.var_dir.mkdir(mode=0o700)
    create_keyring(settings.secrets / "personal_data_keys")
    await migrate(settings.database)


def by_part(findings):
    return {finding.part: finding for finding in findings}


async def test_before_the_first_start_it_names_what_to_run_and_makes_nothing_itself(settings, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    found = by_part(await doctor(settings))
    assert not healthy(list(found.values()))
    assert "denwa migrate" in found["key file"].remedy
    assert "denwa migrate" in found["database"].remedy
    assert sorted(tmp_path.rglob("*")) == before


async def test_a_prepared_installation_is_healthy(settings):
    await prepare(settings)
    findings = await doctor(settings)
    assert [finding for finding in findings if not finding.ok and not finding.optional] == []
    assert healthy(findings)


@pytest.mark.parametrize(("shown", "well"), [(None, True), ("8000", True), ("8001", False)])
async def test_an_extension_that_the_city_is_shown_and_can_not_call_back_is_told(settings, shown, well):
    await prepare(settings)
    centre = load(SEED)
    outgoing = centre.outgoing.model_copy(update={"internal_extension": shown})
    async with open_parts(settings) as parts:
        changed = centre.model_copy(update={"outgoing": outgoing})
        await parts.store.centres.save(changed, by="ueda", now=utc_now(), expected_version=0)
    found = by_part(await doctor(settings))["extension"]
    assert found.ok is well
    if not well:
        assert "8001" in found.detail
        assert "DENWA_SIP__OWN_EXTENSION=8001" in found.remedy


async def test_a_key_file_that_others_may_read_is_told_with_the_command_that_mends_it(settings):
    await prepare(settings)
    file = settings.secrets / "personal_data_keys"
    file.chmod(0o644)
    assert not places.keys(settings).ok
    (secrets,) = places.secrets(settings)
    assert secrets.remedy == f"chmod go= {file}"


def test_recordings_that_others_may_look_into_or_that_have_no_place_are_told(settings):
    settings.recordings_dir.chmod(0o755)
    assert f"chmod 700 {settings.recordings_dir}" in places.recordings(settings).remedy
    settings.recordings_dir.rmdir()
    assert "mkdir -m 700" in places.recordings(settings).remedy


def test_recordings_that_lie_there_are_counted_and_hidden_files_are_not(settings):
    (settings.recordings_dir / "abc.wav").touch()
    (settings.recordings_dir / ".gitignore").touch()
    assert places.recordings(settings).detail.endswith(" 1 at the moment")


def test_a_full_disk_is_told(settings, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1 << 20))
    assert not places.disk(settings).ok


async def test_a_certificate_that_ends_soon_is_told(settings, tmp_path, monkeypatch):
    certificate, key = tmp_path / "c.crt", tmp_path / "c.key"
    monkeypatch.setattr("asterisk_conf.certificate.DAYS", 5)
    ensure_certificate(certificate, key, ["localhost"])
    short = settings.model_copy(update={"web": Web(certificate=certificate, key=key)})
    (finding,) = places.certificate(short)
    assert not finding.ok
    assert str(certificate) in finding.detail


def test_a_package_of_another_version_than_locked_and_one_that_is_missing_are_named(tmp_path):
    lock = tmp_path / "lock"
    lock.write_text(
        "aiohttp==0.1 \\\n    --hash=sha256:00\nno-such-package[x]==1.0 \\\npydantic==0 ; python_version < '3'\n"
    )
    finding = installed.packages(lock)
    assert not finding.ok
    assert "aiohttp" in finding.detail
    assert "no-such-package is missing, not 1.0" in finding.detail
    assert "pydantic" not in finding.detail


def test_browser_files_that_npm_did_not_bring_are_named(tmp_path):
    assert "htmx" in installed.browser_files(tmp_path).detail


def test_an_asterisk_that_is_nowhere_is_told_with_how_to_get_one(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("asterisk_conf.install._on_path", lambda: None)
    (finding,) = installed.asterisk(settings.model_copy(update={"cache_dir": tmp_path}))
    assert (finding.ok, finding.remedy) == (False, "run `make setup`")


@pytest.mark.parametrize(
    ("version", "warned"),
    [((20, 20, 1), True), ((21, 12, 0), True), ((22, 10, 1), True), ((22, 11, 0), False), ((23, 5, 0), False)],
)
def test_an_asterisk_that_a_phones_transfer_could_stop_is_told_where_phones_may_transfer(
    settings, monkeypatch, version, warned
):
    here = Installation(("asterisk",), Path("/opt/modules"), Path("/opt/data"), version)
    monkeypatch.setattr("denwa.checkup.installed.find_asterisk", lambda _: here)
    assert len(installed.asterisk(settings)) == 1
    sip = settings.sip.model_copy(update={"phones_transfer": True})
    found = by_part(installed.asterisk(settings.model_copy(update={"sip": sip})))
    assert ("transfer keys" in found) == warned
    if warned:
        assert "DENWA_SIP__PHONES_TRANSFER=false" in found["transfer keys"].remedy
        assert healthy(list(found.values()))


def test_what_only_tests_need_leaves_the_platform_healthy(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    (finding,) = installed.test_programs()
    assert not finding.ok
    assert "apt-get install" in finding.remedy
    assert healthy([finding])


def test_it_looks_for_the_programs_that_the_tests_set_up():
    script = Path("scripts/test-packages").read_text()
    needed = {program: package for package, program in re.findall(r"^need (\S+) (\S+)$", script, re.MULTILINE)}
    assert needed == installed.TEST_PROGRAMS


async def test_a_port_that_another_program_holds_is_told_with_the_setting_that_moves_it(settings):
    with socket.create_server(("127.0.0.1", settings.web.port)):
        found = by_part([one async for one in answers.ports(settings)])
    assert not found[f"port {settings.web.port}"].ok
    assert "DENWA_WEB__PORT" in found[f"port {settings.web.port}"].remedy
    assert found[f"port {settings.metrics_port}"].ok


async def test_a_port_that_the_running_platform_holds_is_well(settings):
    async with TestServer(build_health_app({}), port=settings.metrics_port):
        with socket.create_server(("127.0.0.1", settings.web.port)):
            found = [one async for one in answers.ports(settings)]
    assert all(finding.ok for finding in found)


async def test_a_database_that_does_not_answer_is_told_without_its_password(settings):
    url = f"postgresql+psycopg://denwa:secret-word@127.0.0.1:{free_port()}/denwa"
    (finding,) = [one async for one in answers.database(settings.model_copy(update={"database_url": url}))]
    assert not finding.ok
    assert "secret-word" not in finding.detail + finding.remedy


async def test_a_redis_that_answers_is_well_and_one_that_does_not_is_told(settings, tmp_path):
    file = tmp_path / "redis_url"
    with_redis = settings.model_copy(update={"redis_url_file": file})
    async with running_redis(tmp_path) as server:
        file.write_text(server.url + "\n")
        assert [one.ok async for one in answers.redis(with_redis)] == [True]
    (gone,) = [one async for one in answers.redis(with_redis)]
    assert not gone.ok
    assert server.password not in gone.detail
    file.write_text("redis://10.0.0.5")
    (wrong,) = [one async for one in answers.redis(with_redis)]
    assert "rediss://" in wrong.detail
    file.unlink()
    assert [one.ok async for one in answers.redis(with_redis)] == [False]


def test_the_table_says_below_each_missing_part_what_to_do(capsys):
    print_findings(
        [
            Finding("disk", True, "9 GiB free"),
            Finding("key file", False, "there is none", "run it"),
            Finding("for tests", False, "missing: sipp", "apt-get install sip-tester", optional=True),
        ]
    )
    assert capsys.readouterr().out.splitlines() == [
        "ok       disk       9 GiB free",
        "MISSING  key file   there is none",
        "                    -> run it",
        "not here for tests  missing: sipp",
        "                    -> apt-get install sip-tester",
    ]
