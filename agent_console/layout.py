"""What surrounds each page: who is logged in, where one may go."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from agent_console.console import CONSOLE, PAGES, SESSION
from agent_console.cookies import chosen_scheme
from crm.users import Role, User


@dataclass(frozen=True, slots=True)
class Link:
    path: str
    label: str
    roles: frozenset[Role]


DESK = Link("/", "応対", frozenset({Role.OPERATOR}))
WALL = Link("/wall", "待ち呼", frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR}))
CALLS = Link("/calls", "通話", frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}))
GIVEN_UP = Link("/given-up", "放棄呼", WALL.roles)
DIAL = Link("/dial", "発信", DESK.roles)
CALLBACKS = Link("/callbacks", "折り返し", frozenset({Role.OPERATOR, Role.SUPERVISOR}))
MESSAGES = Link("/messages", "伝言", CALLBACKS.roles)
CASES = Link("/cases", "案件", frozenset(Role))
SEARCH = Link("/search", "検索", frozenset(Role))
DIRECTORY = Link("/directory", "内線番号", frozenset(Role))
FIGURES = Link("/figures", "統計", frozenset({Role.SUPERVISOR, Role.STAFF, Role.ADMINISTRATOR}))
SHIFTS = Link("/shifts", "勤務", frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}))
STAFFING = Link("/staffing", "要員計画", frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}))
RECORDINGS = Link("/admin/recordings", "録音", frozenset({Role.ADMINISTRATOR}))
USERS = Link("/admin/users", "利用者", RECORDINGS.roles)
VIEWINGS = Link("/admin/viewings", "閲覧記録", RECORDINGS.roles)
CENTRE = Link("/admin/centre", "設定", RECORDINGS.roles)
LINKS = (
    DESK,
    WALL,
    CALLS,
    GIVEN_UP,
    CALLBACKS,
    DIAL,
    MESSAGES,
    CASES,
    SEARCH,
    DIRECTORY,
    FIGURES,
    SHIFTS,
    STAFFING,
    RECORDINGS,
    USERS,
    VIEWINGS,
    CENTRE,
)


@dataclass(frozen=True, slots=True)
class Page:
    """``now_ms`` is the server's time in milliseconds since 1970, for the running clocks.

    ``scheme``: the colours that were chosen, light or dark, "" for the system's. ``display``: in large, for a wall.
    """

    path: str
    now_ms: int
    centre: str = ""
    user: User | None = None
    csrf: str = ""
    links: tuple[Link, ...] = ()
    scheme: str = ""
    display: bool = False
    address: str = "/"

    @property
    def unattended(self) -> bool:
        """Whether this is a wall that nobody is logged in at."""
        return self.display and self.user is None


def links_of(user: User) -> tuple[Link, ...]:
    """The pages that ``user`` may open."""
    return tuple(link for link in LINKS if user.role in link.roles)


def outside_page(request: web.Request) -> Page:
    """For a page that anybody may see."""
    return Page(request.path, _now_ms(request), scheme=chosen_scheme(request))


def display_page(request: web.Request, centre: str) -> Page:
    """For a wall that nobody is logged in at."""
    return Page(request.path, _now_ms(request), centre, scheme=chosen_scheme(request), display=True)


async def render(request: web.Request, template: str, **values: object) -> web.Response:
    """A whole page for who is logged in."""
    return await answer_page(request, 200, template, **values)


async def answer_page(request: web.Request, code: int, template: str, /, **values: object) -> web.Response:
    """As ``render``, with another status; who still owes something is offered no other page."""
    session = request[SESSION]
    centre = await request.app[CONSOLE].store.centres.current()
    page = Page(
        request.path,
        _now_ms(request),
        centre.name,
        session.user,
        session.csrf,
        () if session.owes else links_of(session.user),
        scheme=chosen_scheme(request),
        display=request.query.get("display") == "wall",
        address=str(request.rel_url),
    )
    return html(request.app[PAGES].render(template, page=page, **values), code)


def go_to(path: str) -> web.Response:
    """Send the browser to another page of ours."""
    return web.Response(status=303, headers={"Location": path})


def html(text: str, status: int = 200) -> web.Response:
    """``text`` as an answer."""
    return web.Response(text=text, status=status, content_type="text/html")


def _now_ms(request: web.Request) -> int:
    return int(request.app[CONSOLE].clock().timestamp() * 1000)
