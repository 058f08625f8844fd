"""The centre's own Asterisk, from the platform's settings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from ipaddress import IPv4Address
from pathlib import Path

from asterisk_conf.errors import ConfError
from asterisk_conf.files import write_files
from asterisk_conf.folders import checked_path, copy_sound, make_folders
from asterisk_conf.install import Installation, find_asterisk
from asterisk_conf.lines import ANY, check_line, line_of
from asterisk_conf.modules import CENTRE, REFER, present
from asterisk_conf.music import ensure_music
from asterisk_conf.opening import ZONE, exceptions, weekly
from asterisk_conf.rendered import Listener, Rendered
from asterisk_conf.secrets import ARI_PASSWORD, TLS_PEERS, ensure_secrets, phone_file, read_secret
from kernel.centre import Hours, OperatorSeat, Period
from kernel.routing import SupervisorSeat
from kernel.settings import Settings, Sip, Trunk

__all__ = ["PROMPTS", "RELOADED", "Rendered", "render_centre"]

NAME = "centre"
PROMPTS = ("please_hold", "closed", "congested", "apology")
"""What Asterisk says on its own, and so must be given to ``render_centre``."""
RELOADED = ("res_pjsip", "res_rtp_asterisk", "pbx_config")
"""The modules that a running Asterisk reloads after a rendering: ARI's PUT /asterisk/modules/NAME.so of each."""
RINGING_SECONDS = 60
"""How long all phones ring when no controller is there."""
BROWSER_SILENCE_SECONDS = 5
"""A browser that talks sends sound all the time, also muted: after this without any it is gone."""
RINGING_TRIES, RINGING_PAUSE_SECONDS = 12, 5
"""How often they are tried, and how long after, where none of them can ring at all."""
RUNG_PAUSE_SECONDS, RUNG_TRIES = 0.2, 300
"""How soon, and how often, a phone that was answered with no controller there looks for one."""
WORD = re.compile(r"[A-Za-z0-9_-]{1,40}")
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Phone:
    """An operator's or a supervisor's phone."""

    extension: str
    secret: str = field(repr=False)
    browser: bool = False


def render_centre(
    settings: Settings,
    seats: Sequence[OperatorSeat],
    hours: Hours,
    prompts: Mapping[str, Path],
    into: Path,
    *,
    numbers: Sequence[str] = (),
    supervisors: Sequence[SupervisorSeat] = (),
    holidays: Mapping[date, Sequence[Period]] | None = None,
    installation: Installation | None = None,
) -> Rendered:
    """Write the configuration of the centre's Asterisk into ``into``; harmless when done again, also while it runs.

    Calls to the settings' main number and to ``numbers`` are let in. ``prompts`` maps each of PROMPTS to a sound file
    without its ending. ``holidays`` are dates on which other periods than the week's hold, for as far ahead as the
    caller knows them. ``installation`` is the Asterisk that will read this, where it is not the one of this machine.
    When no controller is there, the phones of ``seats`` ring, those of ``supervisors`` do not. Missing secrets are
    made. Raises ConfError, NoAsterisk.
    """
    people = (*seats, *supervisors)
    _check(settings, people)
    secrets = settings.secrets.resolve()
    extensions = sorted({seat.extension for seat in people})
    ensure_secrets(settings, extensions)
    installation = installation or find_asterisk(settings.cache_dir)
    folders = make_folders(into, settings.recordings_dir)
    for name in PROMPTS:
        if name not in prompts:
            raise ConfError(f"prompt {name}", "no sound file is given for it")
        copy_sound(name, prompts[name], folders.sounds)
    ensure_music(folders.music / "waiting.wav")
    password = read_secret(secrets / ARI_PASSWORD)
    values = {
        "folders": folders,
        "systemname": NAME,
        "lines": settings.admission.lines,
        "sip": settings.sip,
        "carrier": line_of("carrier", settings),
        "city_pbx": line_of("city-pbx", settings),
        "numbers": tuple(dict.fromkeys((settings.sip.main_number, *numbers))),
        "rtp_first": settings.sip.rtp_first,
        "rtp_last": settings.sip.rtp_last,
        "ari": settings.ari,
        "ari_password": password,
        "certificate": checked_path("secrets_dir", secrets / "tls.crt"),
        "key": checked_path("secrets_dir", secrets / "tls.key"),
        "media_address": None if settings.sip.bind == ANY else settings.sip.bind,
        "phones": _phones(people, secrets),
        "browsers": any(seat.phone == "browser" for seat in seats),
        "ringing": sorted({seat.extension for seat in seats}),
        "week": weekly(hours),
        "days": exceptions(hours, holidays or {}),
        "zone": ZONE,
        "browser_silence_seconds": BROWSER_SILENCE_SECONDS,
        "ringing_seconds": RINGING_SECONDS,
        "ringing_tries": RINGING_TRIES,
        "ringing_pause_seconds": RINGING_PAUSE_SECONDS,
        "rung_tries": RUNG_TRIES,
        "rung_pause_seconds": RUNG_PAUSE_SECONDS,
        "tls_peers": _tls_peers(settings.sip, secrets),
        "wanted": present((*CENTRE, REFER) if settings.sip.phones_transfer else CENTRE, installation),
        "modules": installation.modules,
        "data": installation.data,
    }
    write_files("centre", folders.etc, values)
    return Rendered(NAME, folders, _listeners(settings), settings.ari.url, settings.ari.user, password)


def _phones(people: Sequence[OperatorSeat | SupervisorSeat], secrets: Path) -> list[Phone]:
    """One for each extension, by its number."""
    browsers = {seat.extension for seat in people if isinstance(seat, OperatorSeat) and seat.phone == "browser"}
    extensions = sorted({seat.extension for seat in people})
    return [Phone(one, read_secret(secrets / phone_file(one)), one in browsers) for one in extensions]


def _listeners(settings: Settings) -> tuple[Listener, ...]:
    bind = str(settings.sip.bind)
    return (
        Listener("ari.port", "tcp", settings.ari.host, settings.ari.port),
        Listener("sip.port", "udp", bind, settings.sip.port),
        Listener("sip.port", "tcp", bind, settings.sip.port),
        Listener("sip.tls_port", "tcp", bind, settings.sip.tls_port),
    )


def _tls_peers(sip: Sip, secrets: Path) -> Path | None:
    """By which certificates the centre knows the trunks that it reaches over TLS; None where there are none."""
    over_tls = "tls" in (sip.carrier.transport, sip.city_pbx.transport)
    return checked_path("secrets_dir", secrets / TLS_PEERS) if over_tls else None


def _check(settings: Settings, seats: Sequence[OperatorSeat | SupervisorSeat]) -> None:
    """What each value alone can't say, and the words that become words of Asterisk's files."""
    sip, ari = settings.sip, settings.ari
    for setting, word in (("ari.app", ari.app), ("ari.user", ari.user)):
        if not WORD.fullmatch(word):
            raise ConfError(setting, f"{word!r}: 1 to 40 letters, digits, hyphens and underscores")
    for setting, host in (("sip.domain", sip.domain), ("ari.host", ari.host)):
        if not HOST.fullmatch(host):
            raise ConfError(setting, f"{host!r} is no host name or address")
    if sip.port == sip.tls_port:
        raise ConfError("sip.tls_port", f"{sip.tls_port} is sip.port as well: give TLS a port of its own")
    if sip.rtp_last - sip.rtp_first < 3 or sip.rtp_first % 2:
        raise ConfError("sip.rtp_last", "the range of RTP ports holds no call: begin even, end 4 or more above")
    if any(sip.rtp_first <= port <= sip.rtp_last for port in (sip.port, sip.tls_port)):
        raise ConfError("sip.rtp_first", "the range of RTP ports holds a SIP port: move one of them")
    _check_peers(sip, seats)
    for name in ("carrier", "city-pbx"):
        check_line(name, settings)


def _check_peers(sip: Sip, seats: Sequence[OperatorSeat | SupervisorSeat]) -> None:
    def meets(trunk: Trunk) -> tuple[IPv4Address, int]:
        return trunk.host, trunk.port

    if sip.carrier.host == sip.city_pbx.host:
        raise ConfError("sip.city_pbx.host", "is the carrier's too: calls are told apart by where they come from")
    for setting, trunk in (("sip.carrier", sip.carrier), ("sip.city_pbx", sip.city_pbx)):
        if meets(trunk) in ((sip.bind, sip.port), (sip.bind, sip.tls_port)):
            raise ConfError(f"{setting}.host", "is where the centre itself listens")
    for seat in seats:
        if seat.extension == sip.own_extension:
            raise ConfError("sip.own_extension", f"{sip.own_extension} is the phone of {seat.id} as well")
