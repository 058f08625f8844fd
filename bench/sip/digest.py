"""A phone proves that it knows its secret (RFC 7616 with MD5, which Asterisk asks for)."""

from __future__ import annotations

import hashlib
import re
from secrets import token_hex

FIELD = re.compile(r'(\w+)="?([^",]+)"?')
COUNT = "00000001"


def authorization(challenge: str, method: str, uri: str, user: str, secret: str) -> str:
    """The Authorization header that answers the WWW-Authenticate header ``challenge``."""
    asked: dict[str, str] = dict(FIELD.findall(challenge.partition(" ")[2]))
    own = token_hex(8)
    known = _md5(f"{user}:{asked['realm']}:{secret}")
    response = _md5(f"{known}:{asked['nonce']}:{COUNT}:{own}:auth:{_md5(f'{method}:{uri}')}")
    opaque = f', opaque="{asked["opaque"]}"' if "opaque" in asked else ""
    return (
        f'Digest username="{user}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", uri="{uri}", '
        f'response="{response}", algorithm=MD5, qop=auth, nc={COUNT}, cnonce="{own}"{opaque}'
    )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()
