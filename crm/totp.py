"""Time-based one-time codes (RFC 6238) of an authenticator app, and the recovery codes for a phone that is lost. Pure.

Six digits, 30 s, SHA-1: what every app understands. A code counts from 30 s before its time to 30 s after.
"""

from __future__ import annotations

import secrets
from datetime import datetime

import pyotp
from pyotp.exceptions import OTPVerificationError
from pyotp.totp import TOTP

WINDOW_STEPS = 1
RECOVERY_CODES = 10
RECOVERY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what looks alike."""

RECOVERY_LENGTH = 12
"""59 bits: nobody guesses one within the pauses of ``crm.logins``."""


def new_secret() -> str:
    """160 bits in base32 (RFC 4226, 4: R6)."""
    return pyotp.random_base32()


def uri(secret: str, user: str, issuer: str) -> str:
    """What an authenticator app reads from the QR code (otpauth://)."""
    return TOTP(secret).provisioning_uri(name=user, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Which 30 s since 1970 ``code`` belongs to, None where it is wrong. The caller refuses one that was used."""
    try:
        return TOTP(secret).verify_and_get_timecode("".join(code.split()), for_time=now, valid_window=WINDOW_STEPS)
    except OTPVerificationError:
        return None


def new_recovery_codes() -> tuple[str, ...]:
    """Each opens the door once; written xxxx-xxxx-xxxx."""
    return tuple(_recovery_code() for _ in range(RECOVERY_CODES))


def plain_recovery_code(typed: str) -> str:
    """As it is kept: small letters, without hyphens and spaces."""
    return "".join(typed.replace("-", " ").split()).lower()


def _recovery_code() -> str:
    code = "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH))
    return "-".join(code[start : start + 4] for start in range(0, RECOVERY_LENGTH, 4))
