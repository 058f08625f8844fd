"""The console's certificate, and what it may be spoken with: TLS 1.2 or later (Q1)."""

from __future__ import annotations

import ssl
from pathlib import Path

from asterisk_conf.certificate import ensure_certificate
from asterisk_conf.secrets import ensure_folder
from kernel.settings import Settings

LOCAL_NAMES = ("localhost", "127.0.0.1")
ANY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104


class BadCertificate(Exception):
    """The console can't be served with this certificate; the message says which file and what to do."""


def console_tls(settings: Settings) -> ssl.SSLContext:
    """A server's context with the certificate of the settings; without one, with one made for this machine alone.

    Raises BadCertificate.
    """
    certificate, key = console_files(settings)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
    except ssl.SSLError as error:
        raise BadCertificate(
            f"{certificate} and {key} are no PEM certificate with its key ({error.reason}): "
            "set DENWA_WEB__CERTIFICATE and DENWA_WEB__KEY to a pair that fits"
        ) from error
    except OSError as error:
        raise BadCertificate(f"{certificate} or {key} can't be read: {error.strerror}") from error
    return context


def console_files(settings: Settings) -> tuple[Path, Path]:
    """Certificate and key; where the settings name none, they are made and kept with the secrets."""
    web = settings.web
    if web.certificate and web.key:
        return web.certificate, web.key
    if web.certificate or web.key:
        raise BadCertificate("set both, DENWA_WEB__CERTIFICATE and DENWA_WEB__KEY, or neither")
    folder = ensure_folder(settings.secrets)
    certificate, key = folder / "console.crt", folder / "console.key"
    own = () if web.host in ANY_ADDRESS else (web.host,)
    ensure_certificate(certificate, key, (*own, *LOCAL_NAMES))
    return certificate, key


def _no_password() -> str:
    """Asked for by OpenSSL where a key is encrypted: never wait for somebody at a terminal."""
    raise BadCertificate("the console's key is encrypted: `openssl pkey` writes it without a passphrase")
