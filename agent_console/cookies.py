"""Cookies. ``__Host-``: only over TLS, only for this host, never for a part of the site (RFC 6265bis, 4.1.3.2)."""

from __future__ import annotations

from secrets import token_urlsafe

from aiohttp import web

SESSION_COOKIE = "__Host-session"
LOGIN_COOKIE = "__Host-login"
CODE_COOKIE = "__Host-code"
BROWSER_COOKIE = "__Host-browser"
BROWSER_DAYS = 180
MOST_USERS = 5
"""Of one browser; at a desk people take turns."""
DISPLAY_COOKIE = "__Host-display"
SCHEME_COOKIE = "__Host-scheme"
SCHEMES = frozenset({"light", "dark"})
A_YEAR_SECONDS = 365 * 24 * 3600


def set_session(response: web.StreamResponse, token: str) -> None:
    """Give the browser its session, until it is closed; the server decides when the session ends."""
    _set(response, SESSION_COOKIE, token)
    _drop(response, LOGIN_COOKIE)


def drop_session(response: web.StreamResponse) -> None:
    """Take the session from the browser."""
    _drop(response, SESSION_COOKIE)


def set_display(response: web.StreamResponse, token: str) -> None:
    """Make the browser a wall's, also after it was closed; the server decides when that ends."""
    _set(response, DISPLAY_COOKIE, token, A_YEAR_SECONDS)


def login_token(request: web.Request) -> str | None:
    """The token that the log-in page must send back: nobody can log a citizen's browser in from elsewhere."""
    return request.cookies.get(LOGIN_COOKIE)


def give_login_token(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Keep ``token`` in the browser, unless it is there already."""
    if login_token(request) != token:
        _set(response, LOGIN_COOKIE, token)


def give_code_token(response: web.StreamResponse, token: str) -> None:
    """The password was right: what the page that asks for the code must show."""
    _set(response, CODE_COOKIE, token)


def drop_code_token(response: web.StreamResponse) -> None:
    """The code was given, or comes too late."""
    _drop(response, CODE_COOKIE)


def browser_tokens(request: web.Request) -> list[str]:
    """One for each user who has logged in with this browser."""
    return [token for token in request.cookies.get(BROWSER_COOKIE, "").split("~") if token][:MOST_USERS]


def give_browser_token(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Remember that a user has logged in here; opens nothing, see ``crm.logins``."""
    tokens = "~".join([token, *browser_tokens(request)][:MOST_USERS])
    seconds = BROWSER_DAYS * 24 * 3600
    response.set_cookie(
        BROWSER_COOKIE, tokens, path="/", secure=True, httponly=True, samesite="Strict", max_age=seconds
    )


def chosen_scheme(request: web.Request) -> str:
    """The colours that this browser's user chose, "" for the system's; the page comes in them, so nothing flashes."""
    scheme = request.cookies.get(SCHEME_COOKIE, "")
    return scheme if scheme in SCHEMES else ""


def choose_scheme(response: web.StreamResponse, scheme: str) -> None:
    """Keep ``scheme`` in the browser for a year."""
    _set(response, SCHEME_COOKIE, scheme, A_YEAR_SECONDS)


def new_token() -> str:
    """192 bits that nobody can guess."""
    return token_urlsafe(24)


def _set(response: web.StreamResponse, name: str, value: str, seconds: int | None = None) -> None:
    response.set_cookie(name, value, path="/", secure=True, httponly=True, samesite="Strict", max_age=seconds)


def _drop(response: web.StreamResponse, name: str) -> None:
    response.del_cookie(name, path="/", secure=True, httponly=True, samesite="Strict")
