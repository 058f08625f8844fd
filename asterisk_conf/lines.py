"""Each trunk as the templates of both sides write it, and what can't work about one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

from asterisk_conf.errors import ConfError
from asterisk_conf.secrets import TLS_PEERS, read_secret, trunk_file
from kernel.settings import Settings, Sip
from kernel.trunk import Manner, Trunk

ANY = IPv4Address("0.0.0.0")  # noqa: S104 - compared with, not bound


@dataclass(frozen=True, slots=True)
class Line:
    """``server`` is where it listens, ``domain`` what stands in From and in what is registered."""

    name: str
    trunk: Trunk
    manner: Manner
    domain: str
    password: str = field(repr=False)

    @property
    def user(self) -> str:
        """The user that is registered, "" where nothing is."""
        return self.trunk.registration.user if self.trunk.registration else ""

    @property
    def auth_user(self) -> str:
        """Who proves itself by the password, "" where nobody does."""
        return (self.trunk.registration.auth_user or "") if self.trunk.registration else ""

    @property
    def allow(self) -> str:
        """The codecs with 20 ms of sound in each packet, as Asterisk's ``allow`` takes them."""
        return ",".join(f"{codec}:20" for codec in self.manner.codecs)

    @property
    def from_shows(self) -> bool:
        """Whether From carries the number that is shown, rather than who the line is."""
        return self.manner.identity == "from" or not self.user


def line_of(name: str, settings: Settings) -> Line:
    """``name`` is carrier or city-pbx. Raises ConfError where the password that it needs can't be read."""
    trunk = trunk_of(name, settings.sip)
    known = str(trunk.host) if trunk.registration else settings.sip.domain
    password = ""
    if trunk.registration and trunk.registration.auth_user:
        password = _password(name, settings.secrets.resolve())
    return Line(name, trunk, trunk.manner, trunk.domain or known, password)


def _password(name: str, secrets: Path) -> str:
    file = secrets / trunk_file(name)
    if not file.exists():
        raise ConfError(
            f"{setting_of(name)}.registration.auth_user",
            f"the password that the provider gave is not in {file}: write it there, chmod 600",
        )
    return read_secret(file)


def setting_of(name: str) -> str:
    """``sip.carrier`` or ``sip.city_pbx``."""
    return f"sip.{name.replace('-', '_')}"


def trunk_of(name: str, sip: Sip) -> Trunk:
    """By the name that Asterisk knows it by."""
    return {"carrier": sip.carrier, "city-pbx": sip.city_pbx}[name]


def contradictions(name: str, settings: Settings) -> Iterator[ConfError]:
    """What can't be true of a trunk at once; each says what to do."""
    trunk, setting, manner = trunk_of(name, settings.sip), setting_of(name), trunk_of(name, settings.sip).manner
    if trunk.srtp and trunk.transport != "tls":
        yield ConfError(f"{setting}.srtp", f"the keys of SRTP would travel in clear over {trunk.transport}: set tls")
    if trunk.transport == "tls" and not (settings.secrets.resolve() / TLS_PEERS).is_file():
        peers = settings.secrets.resolve() / TLS_PEERS
        yield ConfError(f"{setting}.transport", f"TLS needs the peer's certificate, or its issuer's, in {peers}")
    if manner.timers == "no" and trunk.session_seconds is not None:
        yield ConfError(f"{setting}.session_seconds", "there are no session timers: take it away, or set timers to yes")
    if trunk.profile != "hikari_denwa":
        return
    if not (trunk.registration or trunk.domain) and settings.sip.domain.endswith(".invalid"):
        yield ConfError(f"{setting}.domain", f"From would name {settings.sip.domain}: give the provider's, or register")
    if trunk.host.is_loopback != settings.sip.bind.is_loopback:
        yield ConfError("sip.bind", f"{settings.sip.bind} does not reach the line at {trunk.host}: give this machine's")
    if settings.sip.bind == ANY:
        yield ConfError("sip.bind", "the line must be told one address of this machine: give it instead of 0.0.0.0")
    if settings.sip.port != 5060 and not trunk.host.is_loopback:
        yield ConfError("sip.port", f"{settings.sip.port}: Hikari Denwa answers to port 5060 alone")
    if "ulaw" not in manner.codecs:
        yield ConfError(f"{setting}.codecs", "Hikari Denwa speaks G.711 μ-law: name ulaw among them")


def check_line(name: str, settings: Settings) -> None:
    """Raises ConfError for the first contradiction."""
    for found in contradictions(name, settings):
        raise found
