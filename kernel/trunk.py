"""A SIP trunk as its provider wants it (T7, T10; docs/hikari-denwa.md). What is None is as the profile says."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Profile = Literal["plain", "hikari_denwa"]
Identity = Literal["pai", "ppi", "from"]
Prack = Literal["no", "yes", "peer_supported", "required"]
Timers = Literal["no", "yes", "required", "always"]
Dtmf = Literal["auto", "rfc4733", "inband"]
Codec = Literal["ulaw", "alaw"]
Dialled = Literal["request_uri", "to"]
Spelling = Literal["national", "e164"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Manner:
    """How one speaks on a trunk.

    ``identity`` carries the number that is shown: P-Asserted-Identity, P-Preferred-Identity (RFC 3325) or From alone.
    ``user_phone`` marks numbers with ``;user=phone`` (RFC 3261, 19.1.1). ``prack`` is 100rel (RFC 3262), ``timers`` and
    ``session_seconds`` are RFC 4028. ``dialled``: where the number that the citizen has dialled stands; "to" is
    P-Called-Party-ID (RFC 7315), else To. ``spelling`` is that of the numbers that we dial. ``nat``: answer where a
    packet came from, not where it says. ``qualify_seconds`` lie between two OPTIONS; 0 is never.
    """

    identity: Identity
    user_phone: bool
    prack: Prack
    timers: Timers
    session_seconds: int
    dtmf: Dtmf
    codecs: tuple[Codec, ...]
    dialled: Dialled
    spelling: Spelling
    nat: bool
    qualify_seconds: int


MANNERS: dict[Profile, Manner] = {
    "plain": Manner("pai", False, "yes", "yes", 1800, "auto", ("ulaw", "alaw"), "request_uri", "national", True, 10),
    "hikari_denwa": Manner("pai", True, "yes", "yes", 300, "auto", ("ulaw",), "to", "national", False, 30),
}
"""The sources of each value of ``hikari_denwa`` are in docs/hikari-denwa.md."""


class Registration(BaseModel):
    """``user`` is registered, and is the user of the contact to which calls come.

    ``auth_user`` proves itself by the secret file ``<trunk>_password`` (RFC 3261, 22); None: the line itself is known
    to the provider (回線認証).
    """

    model_config = ConfigDict(extra="forbid")

    user: str = Field(pattern=r"^[0-9A-Za-z_.+-]{1,40}$")
    auth_user: str | None = Field(default=None, pattern=r"^[0-9A-Za-z_.@+-]{1,60}$")
    expires_seconds: int = Field(default=3600, ge=60, le=86400)


class Trunk(BaseModel):
    """A SIP peer: the carrier, or the city's PBX. Without ``registration`` both sides know each other by address.

    ``domain`` stands in From and in what is registered where the provider wants another than its address.
    ``max_calls`` is how many calls the contract allows at once, in and out; None: the provider counts alone.
    ``emergency`` lets 110, 118 and 119 pass, which a contact centre's trunk does not, since they would find the centre
    instead of the person in need.
    """

    model_config = ConfigDict(extra="forbid")

    host: IPv4Address
    port: int = Field(default=5060, ge=1, le=65535)
    transport: Literal["udp", "tcp", "tls"] = "udp"
    srtp: bool = False
    profile: Profile = "plain"
    registration: Registration | None = None
    domain: str | None = Field(default=None, pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$")
    max_calls: int | None = Field(default=None, ge=1, le=300)
    emergency: bool = False
    identity: Identity | None = None
    user_phone: bool | None = None
    prack: Prack | None = None
    timers: Timers | None = None
    session_seconds: int | None = Field(default=None, ge=90, le=86400)
    dtmf: Dtmf | None = None
    codecs: tuple[Codec, ...] | None = Field(default=None, min_length=1)
    dialled: Dialled | None = None
    spelling: Spelling | None = None
    nat: bool | None = None
    qualify_seconds: int | None = Field(default=None, ge=0, le=3600)

    @property
    def manner(self) -> Manner:
        """The profile's manner, changed by what is given."""
        usual = MANNERS[self.profile]
        return Manner(
            identity=_given(self.identity, usual.identity),
            user_phone=_given(self.user_phone, usual.user_phone),
            prack=_given(self.prack, usual.prack),
            timers=_given(self.timers, usual.timers),
            session_seconds=_given(self.session_seconds, usual.session_seconds),
            dtmf=_given(self.dtmf, usual.dtmf),
            codecs=_given(self.codecs, usual.codecs),
            dialled=_given(self.dialled, usual.dialled),
            spelling=_given(self.spelling, usual.spelling),
            nat=_given(self.nat, usual.nat),
            qualify_seconds=_given(self.qualify_seconds, usual.qualify_seconds),
        )


def _given(value: T | None, usual: T) -> T:
    return usual if value is None else value
