"""Answering Asterisk's challenge in the browser's stead (RFC 3261, 22.4; RFC 2617). Pure.

The browser holds no password: it answers with an empty one, and the response is worked out anew on the way. So whoever
reads the page, or its memory, learns nothing that would register a phone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import md5

HEADER = re.compile(r"^(?:Proxy-)?Authorization[ \t]*:[ \t]*Digest[ \t]+(.*?)\r$", re.IGNORECASE | re.MULTILINE)
PARAMETER = re.compile(r'([a-z]+)[ \t]*=[ \t]*(?:"([^"]*)"|([^", \t]+))', re.IGNORECASE)
RESPONSE = re.compile(r'(\bresponse[ \t]*=[ \t]*")[0-9a-f]*(")', re.IGNORECASE)


def signed(message: str, extension: str, secret: str) -> str:
    """The SIP ``message`` of the phone ``extension``, with the right answer to a challenge where it holds one.

    An answer in the name of another phone is left as it is: wrong.
    """
    head, blank, body = message.partition("\r\n\r\n")
    method = head.partition(" ")[0]

    def answered(header: re.Match[str]) -> str:
        given = {name.lower(): quoted or plain for name, quoted, plain in PARAMETER.findall(header[1])}
        if given.get("username") != extension:
            return header[0]
        return RESPONSE.sub(rf"\g<1>{_response(given, method, secret)}\g<2>", header[0])

    return HEADER.sub(answered, head + "\r")[:-1] + blank + body


def _response(given: Mapping[str, str], method: str, secret: str) -> str:
    who = _hash(f"{given['username']}:{given.get('realm', '')}:{secret}")
    what = _hash(f"{method}:{given.get('uri', '')}")
    if "qop" not in given:
        return _hash(f"{who}:{given.get('nonce', '')}:{what}")
    fresh = ":".join(given.get(name, "") for name in ("nonce", "nc", "cnonce", "qop"))
    return _hash(f"{who}:{fresh}:{what}")


def _hash(text: str) -> str:
    """MD5 is what SIP phones and Asterisk speak; it travels within TLS and inside this machine alone."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()
