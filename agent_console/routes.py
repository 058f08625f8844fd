"""Every address of the console, and who may use it."""

from __future__ import annotations

from pathlib import Path

from agent_console import assets, case_pages, given_up_page, layout, login, recordings_page
from agent_console.access import EVERYONE, Route
from agent_console.desk import history
from agent_console.desk import pages as desk
from agent_console.desk.actions import click
from agent_console.figures import pages as figures
from agent_console.figures.staffing_page import staffing
from agent_console.journey import pages as journey
from agent_console.phone import pages as phone
from agent_console.shifts import pages as shifts
from agent_console.wall import pages as wall
from agent_console.wall.orders import order, set_closed
from crm.users import Role
from kernel.commands import CommandKind

OPERATORS = frozenset({Role.OPERATOR})


def routes(node_modules: Path) -> tuple[Route, ...]:
    """The table. ``node_modules`` holds the files that npm brought."""
    return (
        Route("GET", "/static/{name}", assets.handler(node_modules), None),
        Route("GET", "/login", login.show, None),
        Route("POST", "/login", login.log_in, None),
        Route("POST", "/logout", login.log_out, EVERYONE),
        Route("GET", "/", desk.home, EVERYONE),
        Route("GET", "/live/desk", desk.live, OPERATORS),
        Route("GET", "/phone", phone.phone, OPERATORS),
        Route("POST", "/desk/log-in", click(CommandKind.LOG_IN), OPERATORS),
        Route("POST", "/desk/ready", click(CommandKind.READY), OPERATORS),
        Route("POST", "/desk/pause", click(CommandKind.PAUSE), OPERATORS),
        Route("POST", "/desk/hang-up", click(CommandKind.HANG_UP), OPERATORS),
        Route("POST", "/desk/hand-over", click(CommandKind.HAND_OVER), OPERATORS),
        Route("POST", "/desk/hold", click(CommandKind.HOLD), OPERATORS),
        Route("POST", "/desk/rejoin", click(CommandKind.REJOIN), OPERATORS),
        Route("POST", "/desk/resume", click(CommandKind.RESUME), OPERATORS),
        Route("POST", "/desk/finish-wrap-up", click(CommandKind.FINISH_WRAP_UP), OPERATORS),
        Route("POST", "/desk/extend-wrap-up", click(CommandKind.EXTEND_WRAP_UP), OPERATORS),
        Route("GET", "/calls/{call}/citizen", history.citizen, OPERATORS),
        Route("POST", "/calls/{call}/history", history.save, OPERATORS),
        Route("GET", "/wall", wall.wall, layout.WALL.roles),
        Route("GET", "/live/wall", wall.live, layout.WALL.roles),
        Route("GET", "/wall/operators/{operator}", journey.operator, layout.WALL.roles),
        Route("GET", "/calls", journey.of_day, layout.CALLS.roles),
        Route("GET", "/calls/{call}", journey.one, layout.WALL.roles),
        Route("GET", "/calls/{call}/journey", journey.content, layout.WALL.roles),
        Route("GET", "/given-up", given_up_page.given_up, layout.GIVEN_UP.roles),
        Route("POST", "/given-up/{call}/settle", given_up_page.settle, layout.GIVEN_UP.roles),
        *_orders(),
        Route("GET", "/cases", case_pages.recent, layout.CASES.roles),
        Route("GET", "/cases/{number}", case_pages.one, layout.CASES.roles),
        Route("GET", "/figures", figures.figures, layout.FIGURES.roles),
        Route("GET", "/figures/queues.csv", figures.export_queues, layout.FIGURES.roles),
        Route("GET", "/figures/operators.csv", figures.export_operators, layout.FIGURES.roles),
        Route("GET", "/shifts", shifts.page, layout.SHIFTS.roles),
        Route("GET", "/shifts.csv", shifts.export, layout.SHIFTS.roles),
        Route("GET", "/staffing", staffing, layout.STAFFING.roles),
        Route("GET", "/admin/recordings", recordings_page.recordings, layout.RECORDINGS.roles),
    )


ORDERS = {
    "/wall/operators/{operator}/ready": CommandKind.READY,
    "/wall/operators/{operator}/pause": CommandKind.PAUSE,
    "/wall/operators/{operator}/log-out": CommandKind.LOG_OUT,
    "/wall/calls/{call}/queue": CommandKind.MOVE_TO_QUEUE,
    "/wall/calls/{call}/operator": CommandKind.MOVE_TO_OPERATOR,
    "/wall/talks/{call}/listen": CommandKind.LISTEN,
    "/wall/talks/{call}/whisper": CommandKind.WHISPER,
    "/wall/talks/{call}/barge-in": CommandKind.BARGE_IN,
    "/wall/talks/{call}/take-over": CommandKind.TAKE_OVER,
    "/wall/talks/{call}/stop": CommandKind.STOP_LISTENING,
}


def _orders() -> tuple[Route, ...]:
    """The supervisors' buttons."""
    return (
        *(Route("POST", path, order(kind), wall.SUPERVISORS) for path, kind in ORDERS.items()),
        Route("POST", "/wall/queues/{queue}/close", set_closed(True), wall.SUPERVISORS),
        Route("POST", "/wall/queues/{queue}/open", set_closed(False), wall.SUPERVISORS),
    )
