"""Finding an Asterisk, secrets and certificates as files, and the music."""

import os
import ssl
from pathlib import Path

import numpy as np
import pytest

from asterisk_conf.certificate import ensure_certificate
from asterisk_conf.errors import ConfError, NoAsterisk
from asterisk_conf.install import find_asterisk
from asterisk_conf.music import ensure_music, tune
from asterisk_conf.secrets import ensure_secret, read_secret
from tests.support.sound import RATE


def private_copy(cache: Path, says: str) -> Path:
    """A copy as it is unpacked; its loader is a script that answers ``asterisk -V`` with ``says``."""
    libraries = cache / "asterisk/usr/lib/x86_64-linux-gnu"
    (libraries / "asterisk/modules").mkdir(parents=True)
    loader = libraries / "ld-linux-x86-64.so.2"
    loader.write_text(f"#!/bin/sh\necho '{says}'\n")
    loader.chmod(0o755)
    return cache


def host_asterisk(folder: Path, says: str) -> None:
    (folder / "asterisk").write_text(f"#!/bin/sh\necho '{says}'\n")
    (folder / "asterisk").chmod(0o755)


@pytest.fixture
def no_host_asterisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asterisk_conf.install.HOST_MODULES", ())


@pytest.mark.usefixtures("no_host_asterisk")
def test_the_private_copy_is_run_with_its_own_loader(tmp_path):
    found = find_asterisk(private_copy(tmp_path, "Asterisk 22.10.1+dfsg"))
    assert found.version == (22, 10, 1)
    assert found.command[0].endswith("ld-linux-x86-64.so.2")
    assert found.command[1] == "--library-path"
    assert found.command[3] == str(tmp_path / "asterisk/usr/sbin/asterisk")


@pytest.mark.parametrize("says", ["Asterisk 18.10.0", "Asterisk certified/18.9-cert4", "no such thing"])
@pytest.mark.usefixtures("no_host_asterisk")
def test_an_asterisk_that_is_too_old_is_not_taken_and_the_remedy_is_named(tmp_path, says):
    with pytest.raises(NoAsterisk, match="make setup"):
        find_asterisk(private_copy(tmp_path, says))


@pytest.mark.usefixtures("no_host_asterisk")
def test_without_any_asterisk_the_remedy_is_named(tmp_path):
    with pytest.raises(NoAsterisk, match="make setup"):
        find_asterisk(tmp_path)


@pytest.mark.parametrize(
    ("says", "taken"), [("Asterisk 21.9.0", "host"), ("Asterisk 21.4.0", "copy"), ("Asterisk 16.2.1", "copy")]
)
def test_the_hosts_own_asterisk_comes_first_unless_it_is_too_old(tmp_path, monkeypatch, says, taken):
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules/chan_pjsip.so").touch()
    (tmp_path / "data/documentation").mkdir(parents=True)
    host_asterisk(tmp_path, says)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("asterisk_conf.install.HOST_MODULES", (f"{tmp_path}/mod*",))
    monkeypatch.setattr("asterisk_conf.install.HOST_DATA", (f"{tmp_path}/data",))
    found = find_asterisk(private_copy(tmp_path / "cache", "Asterisk 22.10.1"))
    assert (found.modules == tmp_path / "modules") == (taken == "host")


def test_a_secret_is_made_once_and_is_its_owners_alone(tmp_path):
    secret = ensure_secret(tmp_path / "secrets/one")
    assert ensure_secret(tmp_path / "secrets/one") == secret
    assert ensure_secret(tmp_path / "secrets/other") != secret
    assert (tmp_path / "secrets/one").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(("content", "mode", "says"), [("x\n", 0o640, "chmod 600"), ("\n", 0o600, "empty")])
def test_a_secret_that_others_may_read_or_that_is_empty_is_refused(tmp_path, content, mode, says):
    (tmp_path / "one").write_text(content)
    (tmp_path / "one").chmod(mode)
    with pytest.raises(ConfError, match=says):
        read_secret(tmp_path / "one")


def test_a_secret_that_is_missing_is_named(tmp_path):
    with pytest.raises(ConfError, match="ari_password"):
        read_secret(tmp_path / "ari_password")


def test_a_certificate_is_made_once_for_its_names_and_a_real_one_stays(tmp_path):
    certificate, key = tmp_path / "tls.crt", tmp_path / "tls.key"
    ensure_certificate(certificate, key, ["centre.invalid", "127.0.0.1"])
    made = certificate.read_bytes()
    ensure_certificate(certificate, key, ["other.invalid"])
    assert certificate.read_bytes() == made
    assert key.stat().st_mode & 0o777 == 0o600
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    names = ssl._ssl._test_decode_cert(str(certificate))["subjectAltName"]  # type: ignore[attr-defined]
    assert names == (("DNS", "centre.invalid"), ("IP Address", "127.0.0.1"))


@pytest.mark.parametrize("left", ["tls.crt", "tls.key"])
def test_half_a_certificate_is_never_overwritten(tmp_path, left):
    (tmp_path / left).write_text("somebody's own")
    with pytest.raises(ConfError, match="belong together"):
        ensure_certificate(tmp_path / "tls.crt", tmp_path / "tls.key", ["centre.invalid"])
    assert (tmp_path / left).read_text() == "somebody's own"


def test_the_music_fills_the_telephones_band_at_a_pleasant_level_and_never_clips():
    music = tune() / 32768.0
    assert 60 <= len(music) / RATE <= 120
    assert -26 < 20 * np.log10(np.sqrt(np.mean(music**2))) < -22
    assert np.abs(music).max() < 0.7
    power = np.abs(np.fft.rfft(music)) ** 2
    hertz = np.fft.rfftfreq(len(music), 1 / RATE)
    assert power[(hertz > 300) & (hertz < 3400)].sum() / power.sum() > 0.95


def test_the_music_goes_on_without_a_gap_or_a_click_where_it_begins_again():
    music = tune() / 32768.0
    steps = np.abs(np.diff(np.concatenate((music[-RATE:], music[:RATE]))))
    assert steps.max() <= np.abs(np.diff(music)).max() * 1.05
    loudness = np.sqrt(np.mean(np.concatenate((music[-RATE // 2 :], music[: RATE // 2])).reshape(-1, 400) ** 2, axis=1))
    assert loudness.min() > 0.005


def test_the_music_is_made_once(tmp_path):
    ensure_music(tmp_path / "waiting.wav")
    (tmp_path / "waiting.wav").write_bytes(b"another piece")
    ensure_music(tmp_path / "waiting.wav")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"another piece"]
