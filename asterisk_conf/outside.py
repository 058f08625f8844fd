"""An Asterisk that stands for the world outside: carrier, city PBX, operators' desk phones. For demo and tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from asterisk_conf.centre import Phone
from asterisk_conf.certificate import ensure_certificate
from asterisk_conf.files import write_files
from asterisk_conf.folders import checked_path, make_folders
from asterisk_conf.install import Installation, find_asterisk
from asterisk_conf.lines import line_of
from asterisk_conf.modules import OUTSIDE, present
from asterisk_conf.music import ensure_music
from asterisk_conf.rendered import Listener, Rendered
from asterisk_conf.secrets import OUTSIDE_ARI_PASSWORD, ensure_folder, ensure_secret, phone_file, read_secret
from kernel.centre import OperatorSeat
from kernel.routing import SupervisorSeat
from kernel.settings import Outside, Settings

NAME = "outside"
IDENTITY_HEADERS = {"pai": "P-Asserted-Identity", "ppi": "P-Preferred-Identity", "from": "From"}
REFUSED = {403: 21, 404: 1, 480: 19, 484: 28, 486: 17, 502: 27, 503: 34, 603: 16}
"""Answers of SIP that Asterisk gives for a hang-up with these causes (ITU-T Q.850)."""


def render_outside(
    settings: Settings,
    seats: Sequence[OperatorSeat | SupervisorSeat],
    outside: Outside,
    recordings: Path,
    into: Path,
    *,
    installation: Installation | None = None,
) -> Rendered:
    """Write the configuration of the world around the centre of ``settings`` into ``into``.

    The centre must have been rendered: the phones read their secrets from its folder. ``recordings`` is where this
    side's ARI records what is heard. Raises ConfError, NoAsterisk.
    """
    secrets = settings.secrets.resolve()
    installation = installation or find_asterisk(settings.cache_dir)
    folders = make_folders(into, recordings)
    ensure_music(folders.music / "waiting.wav")
    password = ensure_secret(secrets / OUTSIDE_ARI_PASSWORD)
    browsers = {seat.extension for seat in seats if isinstance(seat, OperatorSeat) and seat.phone == "browser"}
    extensions = sorted({seat.extension for seat in seats} - browsers)
    tls = outside.phones_transport == "tls"
    values = {
        "folders": folders,
        "systemname": NAME,
        "lines": None,
        "sip": settings.sip,
        "carrier": line_of("carrier", settings),
        "city_pbx": line_of("city-pbx", settings),
        "headers": IDENTITY_HEADERS,
        "refused": REFUSED,
        "outside": outside,
        "ari": outside.ari,
        "ari_password": password,
        "centre_port": settings.sip.tls_port if tls else settings.sip.port,
        "certificate": outside_certificate(settings, outside),
        "key": checked_path("secrets_dir", secrets / "outside.key"),
        "centre_certificate": checked_path("secrets_dir", secrets / "tls.crt"),
        "phones": [Phone(extension, read_secret(secrets / phone_file(extension))) for extension in extensions],
        "rtp_first": outside.rtp_first,
        "rtp_last": outside.rtp_last,
        "browsers": False,
        "wanted": present(OUTSIDE, installation),
        "modules": installation.modules,
        "data": installation.data,
    }
    write_files("outside", folders.etc, values)
    return Rendered(NAME, folders, _listeners(settings, outside), outside.ari.url, outside.ari.user, password)


def outside_certificate(settings: Settings, outside: Outside) -> Path:
    """The certificate of carrier, city PBX and phones, made where it is missing."""
    secrets = ensure_folder(settings.secrets.resolve())
    names = [str(host) for host in (settings.sip.carrier.host, settings.sip.city_pbx.host, outside.phones)]
    ensure_certificate(secrets / "outside.crt", secrets / "outside.key", names)
    return checked_path("secrets_dir", secrets / "outside.crt")


def _listeners(settings: Settings, outside: Outside) -> tuple[Listener, ...]:
    carrier, pbx = settings.sip.carrier, settings.sip.city_pbx
    return (
        Listener("outside.ari.port", "tcp", outside.ari.host, outside.ari.port),
        Listener("sip.carrier.port", "udp" if carrier.transport == "udp" else "tcp", str(carrier.host), carrier.port),
        Listener("sip.city_pbx.port", "udp" if pbx.transport == "udp" else "tcp", str(pbx.host), pbx.port),
        Listener(
            "outside.phones_port",
            "udp" if outside.phones_transport == "udp" else "tcp",
            str(outside.phones),
            outside.phones_port,
        ),
    )
