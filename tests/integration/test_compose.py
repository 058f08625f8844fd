"""docker-compose.yml, as far as it can be tried without an engine."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from denwa.__main__ import parser
from kernel.settings import Settings
from tests.support.production import DOCKER, ROOT, make_secrets

DENWA = ["python", "-m", "denwa"]
FOR_COMPOSE = {"DENWA_SECRETS", "DENWA_CONSOLE_ADDRESS"}
ONE_SHOT = {"migrate", "render"}
SENSITIVE = re.compile(r"password|secret|key", re.IGNORECASE)


@pytest.fixture(scope="module")
def compose(tmp_path_factory):
    """What docker-compose reads, with the example's settings and fresh secrets."""
    folder = tmp_path_factory.mktemp("production")
    shutil.copy(ROOT / "docker-compose.yml", folder)
    shutil.copy(ROOT / ".env.example", folder / ".env")
    shutil.copytree(DOCKER, folder / "docker", ignore=shutil.ignore_patterns("secrets"))
    make_secrets(folder / "docker/secrets")
    command = ["docker-compose", "--file", "docker-compose.yml", "config"]
    read = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert read.returncode == 0, read.stderr
    return yaml.safe_load(read.stdout)


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def platform(services):
    return {name: one for name, one in services.items() if one.get("command", [])[:3] == DENWA}


def volumes(service):
    return dict(reversed(one.rsplit(":", 1)[0].split(":", 1)) for one in service.get("volumes", []))


def test_it_holds_two_controllers_a_console_an_asterisk_a_database_a_bus_and_what_prepares_them(services):
    assert set(services) == {
        "postgres",
        "redis",
        "migrate",
        "render",
        "asterisk",
        "controller",
        "standby",
        "console",
        "phones",
    }


def test_each_command_of_the_platform_is_one_that_the_command_line_knows(services):
    assert set(platform(services)) == {"migrate", "render", "controller", "standby", "console", "phones"}
    for service in platform(services).values():
        parser().parse_args(service["command"][3:])


def test_each_secret_is_a_file_that_make_secrets_makes_and_none_stands_in_the_environment(compose, services):
    named = {one["source"] for service in services.values() for one in service.get("secrets", [])}
    assert named == set(compose["secrets"])
    for one in compose["secrets"].values():
        assert Path(one["file"]).read_text().strip()
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            assert not SENSITIVE.search(name) or value is None or str(value).startswith("/"), name


def test_each_secret_that_a_command_names_is_given_to_that_service(services):
    for name, service in services.items():
        given = {one["source"] for one in service.get("secrets", [])}
        texts = [*map(str, service.get("command", [])), *map(str, service.get("environment", {}).values())]
        wanted = {found for text in texts for found in re.findall(r"/run/secrets/([\w.]+)", text)}
        assert wanted <= given, name
    conf = (DOCKER / "redis.conf").read_text()
    assert set(re.findall(r"/run/secrets/([\w.]+)", conf)) <= {one["source"] for one in services["redis"]["secrets"]}


def test_each_lasting_service_has_a_health_check_and_is_started_again(services):
    for name, service in services.items():
        if name in ONE_SHOT:
            assert "restart" not in service, name
        else:
            assert service["healthcheck"]["test"], name
            assert service["restart"] == "unless-stopped", name


def test_no_service_is_root_writes_to_its_image_or_has_a_capability(services):
    for name, service in services.items():
        assert int(service["user"].split(":")[0]) > 0, name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_nothing_is_published_but_https_and_only_what_speaks_sip_uses_the_hosts_network(compose, services):
    published = {
        name: [str(one) for one in service["ports"]] for name, service in services.items() if "ports" in service
    }
    assert list(published) == ["console"]
    assert all("443" in one and "8443" in one for one in published["console"])
    on_host = {name for name, service in services.items() if service.get("network_mode") == "host"}
    assert on_host == {"asterisk", "controller", "standby", "phones"}
    assert compose["networks"]["store"]["internal"] is True


def test_the_settings_of_each_service_are_valid_and_secure(services, monkeypatch):
    for name in platform(services):
        with monkeypatch.context() as patch:
            for variable, value in services[name]["environment"].items():
                patch.setenv(variable, str(value))
            settings = Settings(_env_file=None)
            places = {str(settings.var_dir), str(settings.recordings_dir), str(settings.secrets)}
        assert "sslmode=verify-full" in settings.database
        assert str(settings.redis_url_file) == "/run/secrets/redis_url"
        assert settings.ari.host == "127.0.0.1"
        assert places <= set(volumes(services[name])), name
        known = {f"DENWA_{field.upper()}" for field in Settings.model_fields} | {
            "DENWA_SECRETS",
            "DENWA_CONSOLE_ADDRESS",
        }
        own = {variable.split("__")[0] for variable in services[name]["environment"] if variable.startswith("DENWA_")}
        assert own <= known


def test_recordings_live_in_memory_and_are_shared_by_asterisk_and_the_controllers(compose, services):
    assert compose["volumes"]["recordings"]["driver_opts"]["type"] == "tmpfs"
    for name in ("asterisk", "controller", "standby"):
        assert volumes(services[name])["/var/lib/denwa/recordings"] == "recordings"


def test_the_two_controllers_differ_in_the_port_of_their_figures_alone(services):
    one, other = dict(services["controller"]), dict(services["standby"])
    ports = [service.pop("environment").get("DENWA_METRICS_PORT") for service in (one, other)]
    assert one == other
    assert ports[0] != ports[1]


def test_where_controllers_look_for_the_store_is_where_it_is(services):
    for name in ("controller", "standby"):
        hosts = dict(one.split(":") for one in services[name]["extra_hosts"])
        for host, address in hosts.items():
            assert services[host]["networks"]["store"]["ipv4_address"] == address


def test_every_target_and_every_file_of_the_images_exists(services):
    text = (DOCKER / "Dockerfile").read_text()
    targets = set(re.findall(r"^FROM \S+ AS (\S+)$", text, re.MULTILINE))
    assert {service["build"]["target"] for service in services.values() if "build" in service} <= targets
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE):
        *sources, _ = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source
            assert any(f"!{source}".startswith(rule) for rule in ignored if rule.startswith("!")), source


@pytest.mark.parametrize("target", ["asterisk", "denwa", "setup"])
def test_no_image_of_ours_runs_as_root(target):
    stages = re.split(r"^(?=FROM )", (DOCKER / "Dockerfile").read_text(), flags=re.MULTILINE)
    parents = {name: (parent, body) for body in stages for parent, name in re.findall(r"^FROM (\S+) AS (\S+)", body)}
    while target in parents:
        target, body = parents[target]
        if "USER" in body:
            assert "USER 10001:10001" in body
            return
    pytest.fail("no USER")
