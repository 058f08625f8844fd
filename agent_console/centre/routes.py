"""The addresses of the centre's configuration; administrators' alone."""

from __future__ import annotations

from agent_console import layout
from agent_console.access import Handler, Route
from agent_console.centre import change, file_page, log, overview, sounds, things
from agent_console.centre.addresses import ROOT
from agent_console.centre.parts import raised, without

ADDRESSES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "", overview.page),
    ("GET", "/log", log.page),
    ("GET", "/log/{version}", log.version),
    ("GET", "/log/{version}/yaml", log.as_yaml),
    ("GET", "/log/{version}/json", log.as_json),
    ("POST", "/log/{version}/undo", log.undo),
    ("GET", "/file", file_page.page),
    ("POST", "/file", file_page.load),
    ("GET", "/sounds/{sound}", sounds.sound),
    ("GET", "/new/{part}", things.new),
    ("POST", "/new/{part}", change.change_new),
    ("GET", "/{part}", things.page),
    ("POST", "/{part}", change.change),
    ("GET", "/{part}/{item}", things.thing),
    ("POST", "/{part}/{item}", change.change_thing),
    ("POST", "/{part}/{item}/remove", things.button(without, "の削除", "remove")),
    ("POST", "/{part}/{item}/up", things.button(raised, "を上へ", "up")),
)


def centre_routes() -> tuple[Route, ...]:
    """The table; the fixed addresses stand before those with places."""
    return tuple(Route(method, ROOT + path, handler, layout.CENTRE.roles) for method, path, handler in ADDRESSES)
