"""A request to Asterisk, as a value."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

Method = Literal["GET", "POST", "PUT", "DELETE"]
Parameter = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Request:
    """``path`` is in plain segments. Parameters that are None are left out. The query is not shown by ``repr``."""

    method: Method
    path: tuple[str, ...]
    query: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter], repr=False)
    body: Mapping[str, object] | None = field(default=None, repr=False)

    @property
    def route(self) -> str:
        """The path, escaped, without the query: fit for errors and logs."""
        return "/".join(map(_escaped, self.path))

    @property
    def uri(self) -> str:
        """Path and query, escaped (RFC 3986), relative to Asterisk's /ari/."""
        given = [
            f"{_escaped(name)}={_escaped(_written(value))}" for name, value in self.query.items() if value is not None
        ]
        return f"{self.route}?{'&'.join(given)}" if given else self.route


PLAIN = re.compile(r"[A-Za-z0-9_.~-]*")


def _escaped(text: str) -> str:
    """Most words are plain, and to look costs a tenth of escaping them."""
    return text if PLAIN.fullmatch(text) else quote(text, safe="~")


def _written(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


Send = Callable[[Request], Awaitable[object]]
"""Sends a request and returns the JSON of the answer, None where it has none. Raises AriError."""
