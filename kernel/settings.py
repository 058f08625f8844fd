"""Settings from the environment (``DENWA_…``, nested with ``__``) and ``.env``. Secrets are files."""

from __future__ import annotations

import os
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Literal, Self

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kernel.admission import Limits
from kernel.trunk import Trunk

__all__ = ["Ari", "Outside", "Settings", "Sip", "SmsSettings", "Speech", "Trunk", "Web"]


def _caches() -> Path:
    """Where a user's programs keep what can be fetched again (XDG Base Directory Specification)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


class Sip(BaseModel):
    """How the centre's Asterisk meets the world. RTP ports are a range, both ends included.

    A leg that has sent no audio for ``rtp_timeout_seconds`` has lost its other end and is ended (hard case 14).
    ``phones_transfer``: the transfer key of an operator's phone (REFER, RFC 3515) puts the caller through. Any phone
    can then stop an Asterisk before 20.21, 22.11 or 23.5 (asterisk#2021): docs/decisions/transfers.md.
    """

    model_config = ConfigDict(extra="forbid")

    bind: IPv4Address = IPv4Address("127.0.0.1")
    port: int = Field(default=5060, ge=1, le=65535)
    tls_port: int = Field(default=5061, ge=1, le=65535)
    rtp_first: int = Field(default=10000, ge=1024, le=65535)
    rtp_last: int = Field(default=12000, ge=1024, le=65535)
    rtp_timeout_seconds: int = Field(default=60, ge=1)
    carrier: Trunk = Trunk(host=IPv4Address("127.0.0.2"))
    city_pbx: Trunk = Trunk(host=IPv4Address("127.0.0.3"))
    own_extension: str = Field(default="8000", pattern=r"^\d{2,8}$")
    main_number: str = Field(default="0466251111", pattern=r"^0\d{8,10}$")
    domain: str = "centre.invalid"
    phones_transfer: bool = False


class Ari(BaseModel):
    """The centre's Asterisk REST interface; on loopback, or inside one closed network."""

    model_config = ConfigDict(extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8088, ge=1, le=65535)
    app: str = "denwa"
    user: str = "denwa"

    @property
    def url(self) -> str:
        """Base address, without a slash at its end."""
        return f"http://{self.host}:{self.port}"


class Web(BaseModel):
    """The console. TLS 1.2 or later always (Q1); without a certificate one is made for the demo.

    ``phones`` is the Unix socket of the phones' gate (``denwa phones``), where the console can't reach ARI's address.
    """

    model_config = ConfigDict(extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8443, ge=1, le=65535)
    certificate: Path | None = None
    key: Path | None = None
    phones: Path | None = None


class Speech(BaseModel):
    """Recognition of what callers say to a voicebot (T3). It never leaves this machine.

    ``engine``: ``whisper`` comes with the platform; ``vosk`` needs ``model``, the folder of a Japanese model; with
    ``none`` callers are asked by keys alone. ``workers`` processes recognise at once, each with ``threads``.

    ``drafts``: of talks of up to ``drafts_longest_minutes`` a draft of the history is made from the recording.
    """

    model_config = ConfigDict(extra="forbid")

    engine: Literal["none", "whisper", "vosk"] = "whisper"
    model: Path | None = None
    workers: int = Field(default=1, ge=1, le=16)
    threads: int = Field(default=2, ge=1, le=32)
    drafts: bool = False
    drafts_longest_minutes: float = Field(default=30.0, gt=0, le=240)

    @property
    def makes_drafts(self) -> bool:
        """Whether talks are written down."""
        return self.drafts and self.engine != "none"

    @model_validator(mode="after")
    def _has_its_model(self) -> Self:
        if self.engine == "vosk" and self.model is None:
            raise ValueError("vosk needs the folder of its model: set DENWA_SPEECH__MODEL")
        return self


class SmsSettings(BaseModel):
    """Links by SMS (T13); docs/sms-gateway.md is what ``url`` must speak.

    ``gateway``: ``local`` keeps messages in the store and sends nothing, for tests and the demonstration; with ``none``
    nobody is offered one. ``sender`` is the sender's name as it is agreed with the provider. The token is the secret
    ``sms_token``. At most ``a_day`` messages go to one number in 24 hours. What the gateway certainly did not take is
    tried ``tries`` times in all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    gateway: Literal["none", "http", "local"] = "none"
    url: AnyHttpUrl | None = None
    sender: str = Field(default="", max_length=20)
    timeout_seconds: float = Field(default=10.0, gt=0, le=60)
    a_day: int = Field(default=3, ge=1, le=100)
    tries: int = Field(default=4, ge=1, le=10)

    @property
    def offered(self) -> bool:
        """Whether messages can be sent at all."""
        return self.gateway != "none"

    @model_validator(mode="after")
    def _is_whole_and_private(self) -> Self:
        if self.gateway != "http":
            return self
        if self.url is None or not self.sender:
            raise ValueError("the gateway needs DENWA_SMS__URL and DENWA_SMS__SENDER, the name that citizens see")
        if self.url.username or self.url.password or self.url.query:
            raise ValueError("DENWA_SMS__URL is an address alone: its secret is the file sms_token")
        if self.url.scheme != "https" and not _is_loopback(self.url.host or ""):
            raise ValueError("DENWA_SMS__URL must begin with https://, unless the gateway is on this machine (Q1)")
        return self


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Outside(BaseModel):
    """Where an Asterisk that stands for the world outside runs, for the demonstration and tests alone.

    Carrier and PBX are where the centre's settings look for them. ``phones`` is the desk phones' address; over TLS they
    check the centre's certificate and encrypt the audio (SRTP).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    phones: IPv4Address = IPv4Address("127.0.0.4")
    phones_port: int = Field(default=5060, ge=1, le=65535)
    phones_transport: Literal["udp", "tcp", "tls"] = "tls"
    rtp_first: int = Field(default=20000, ge=1024, le=65535)
    rtp_last: int = Field(default=22000, ge=1024, le=65535)
    ari: Ari = Ari(host="127.0.0.2", app="outside", user="outside")


class Settings(BaseSettings):
    """Everything that differs between two installations. Paths are absolute or relative to the working directory."""

    model_config = SettingsConfigDict(
        env_prefix="DENWA_",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,  # DENWA_SIP__CARRIER__PORT alone changes nothing else
        env_file=".env",
        extra="ignore",
    )

    var_dir: Path = Path("var")
    cache_dir: Path = Field(default_factory=lambda: _caches() / "denwa")
    recordings_dir: Path = Path("recordings_tmp")
    recording_max_age_hours: float = Field(default=24.0, gt=0)
    message_max_age_days: float = Field(default=14.0, gt=0)
    seed_file: Path = Path("ivr/seeds/fujisawa.yaml")
    directory_file: Path = Path("ivr/seeds/fujisawa-directory.csv")
    secrets_dir: Path | None = None
    database_url: str | None = None
    redis_url_file: Path | None = None
    lease_seconds: float = Field(default=2.0, gt=0.2)
    log_format: Literal["json", "text"] = "json"
    metrics_port: int = Field(default=9464, ge=1, le=65535)
    sip: Sip = Sip()
    ari: Ari = Ari()
    web: Web = Web()
    speech: Speech = Speech()
    sms: SmsSettings = SmsSettings()
    outside: Outside = Outside()
    admission: Limits = Limits()

    @property
    def secrets(self) -> Path:
        """Folder (0700) of the secrets: ``ari_password``, ``personal_data_keys``, ``phone_<extension>``, ``tls.*``,
        for SMS ``sms_token``, and for trunks that register with a password ``carrier_password`` and
        ``city_pbx_password``."""
        return self.secrets_dir or self.var_dir / "secrets"

    @property
    def database(self) -> str:
        """SQLAlchemy's address of the store; the embedded SQLite by default."""
        return self.database_url or f"sqlite+aiosqlite:///{self.var_dir.resolve()}/denwa.db"
