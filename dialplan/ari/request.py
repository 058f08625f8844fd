"""A request to Asterisk, as a value."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlencode

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
        return "/".join(quote(segment, safe="~") for segment in self.path)

    @property
    def uri(self) -> str:
        """Path and query, escaped (RFC 3986), relative to Asterisk's /ari/."""
        given = {name: _written(value) for name, value in self.query.items() if value is not None}
        return f"{self.route}?{urlencode(given, quote_via=quote)}" if given else self.route


def _written(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


Send = Callable[[Request], Awaitable[object]]
"""Sends a request and returns the JSON of the answer, None where it has none. Raises AriError."""
