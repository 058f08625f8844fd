"""Every address of the console, and who may use it."""

from __future__ import annotations

from pathlib import Path

from agent_console import assets, case_pages, given_up_page, layout, login, login_code, recordings_page, scheme
from agent_console.access import EVERYONE, Route
from agent_console.account import pages as account
from agent_console.account import second_factor
from agent_console.admin import directory as directory_admin
from agent_console.admin import directory_entry, rights, user_page, users, viewings
from agent_console.callbacks import messages
from agent_console.callbacks import pages as callbacks
from agent_console.cases import answers, closing
from agent_console.cases import live as case_live
from agent_console.centre.routes import centre_routes
from agent_console.desk import citizen, drafts, escalation, history, links, talk_draft
from agent_console.desk import pages as desk
from agent_console.desk.actions import click
from agent_console.dialling import pages as dialling
from agent_console.directory import found, told
from agent_console.directory import pages as directory
from agent_console.figures import pages as figures
from agent_console.figures.staffing_page import staffing
from agent_console.finding import pages as finding
from agent_console.journey import pages as journey
from agent_console.journey import said
from agent_console.phone import pages as phone
from agent_console.shifts import pages as shifts
from agent_console.wall import displays, taken
from agent_console.wall import pages as wall
from agent_console.wall.orders import order, set_closed
from crm.users import Role
from crm.viewings import Shown
from kernel.case import CaseStatus
from kernel.commands import CommandKind

LARGEST_DIRECTORY_BYTES = 4 * 1024 * 1024
OPERATORS = frozenset({Role.OPERATOR})
WRITERS = OPERATORS | wall.SUPERVISORS
"""Of histories: each of calls that they talked in, a supervisor of those taken over."""


def routes(node_modules: Path) -> tuple[Route, ...]:
    """The table. ``node_modules`` holds the files that npm brought."""
    return (
        Route("GET", "/static/{name}", assets.handler(node_modules), None),
        Route("GET", "/login", login.show, None),
        Route("POST", "/login", login.log_in, None),
        Route("GET", "/login/code", login_code.show, None),
        Route("POST", "/login/code", login_code.give, None),
        Route("POST", "/logout", login.log_out, EVERYONE, settles=True),
        Route("POST", "/scheme", scheme.choose, EVERYONE),
        *_account(),
        Route("GET", "/", desk.home, EVERYONE, Shown.DESK),
        Route("GET", "/live/desk", desk.live, OPERATORS, Shown.SCREEN_POP),
        Route("GET", "/phone", phone.phone, OPERATORS),
        Route("POST", "/desk/log-in", click(CommandKind.LOG_IN), OPERATORS),
        Route("POST", "/desk/ready", click(CommandKind.READY), OPERATORS),
        Route("POST", "/desk/pause", click(CommandKind.PAUSE), OPERATORS),
        Route("POST", "/desk/answer", click(CommandKind.ANSWER), OPERATORS),
        Route("POST", "/desk/hang-up", click(CommandKind.HANG_UP), OPERATORS),
        Route("POST", "/desk/hand-over", click(CommandKind.HAND_OVER), OPERATORS),
        *(Route("POST", f"/desk/{path}", click(kind), OPERATORS) for path, kind in TRANSFERS.items()),
        Route("POST", "/desk/sms", links.send, OPERATORS),
        Route("POST", "/desk/hold", click(CommandKind.HOLD), OPERATORS),
        Route("POST", "/desk/rejoin", click(CommandKind.REJOIN), OPERATORS),
        Route("POST", "/desk/resume", click(CommandKind.RESUME), OPERATORS),
        Route("POST", "/desk/finish-wrap-up", click(CommandKind.FINISH_WRAP_UP), OPERATORS),
        Route("POST", "/desk/extend-wrap-up", click(CommandKind.EXTEND_WRAP_UP), OPERATORS),
        *_writing(),
        *_directory(),
        Route("GET", "/wall", wall.wall, layout.WALL.roles),
        Route("GET", "/live/wall", wall.live, layout.WALL.roles),
        Route("POST", "/wall/displays", displays.begin, wall.SUPERVISORS),
        Route("POST", "/wall/displays/{name}/end", displays.end, wall.SUPERVISORS),
        Route("GET", "/display", displays.show, None),
        Route("GET", "/live/display", displays.live, None),
        Route("GET", "/wall/operators/{operator}", journey.operator, layout.WALL.roles),
        Route("GET", "/calls", journey.of_day, layout.CALLS.roles),
        Route("GET", "/calls/{call}", journey.one, layout.WALL.roles),
        Route("GET", "/calls/{call}/journey", journey.content, layout.WALL.roles),
        Route("GET", "/calls/{call}/said", said.page, wall.SUPERVISORS, Shown.SAID),
        Route("GET", "/given-up", given_up_page.given_up, layout.GIVEN_UP.roles, Shown.GIVEN_UP),
        Route("POST", "/given-up/{call}/settle", given_up_page.settle, layout.GIVEN_UP.roles),
        Route("GET", "/dial", dialling.page, layout.DIAL.roles, Shown.DIAL),
        Route("POST", "/dial", dialling.dial, layout.DIAL.roles),
        Route("GET", "/callbacks", callbacks.page, layout.CALLBACKS.roles, Shown.CALLBACKS),
        Route("GET", "/live/callbacks", callbacks.live, layout.CALLBACKS.roles, Shown.CALLBACKS),
        Route("POST", "/callbacks/{call}/cancel", callbacks.cancel, layout.CALLBACKS.roles),
        Route("GET", "/messages", messages.page, layout.MESSAGES.roles, Shown.MESSAGE_LIST),
        Route("GET", "/messages/{call}", messages.one, layout.MESSAGES.roles, Shown.MESSAGE),
        Route("GET", "/messages/{call}/sound", messages.sound, layout.MESSAGES.roles, Shown.MESSAGE_SOUND),
        *_orders(),
        Route("GET", "/wall/taken/{call}", taken.page, wall.SUPERVISORS, Shown.TAKEN_OVER),
        Route("POST", "/wall/taken/{call}/hang-up", taken.lead(CommandKind.HANG_UP), wall.SUPERVISORS),
        Route("POST", "/wall/taken/{call}/put-back", taken.lead(CommandKind.PUT_BACK), wall.SUPERVISORS),
        Route("POST", "/wall/taken/{call}/hand-over", taken.lead(CommandKind.HAND_OVER), wall.SUPERVISORS),
        Route("GET", "/cases", case_pages.recent, layout.CASES.roles, Shown.CASE_LIST),
        Route("GET", "/cases/{number}", case_pages.one, layout.CASES.roles, Shown.CASE),
        Route("GET", "/live/cases/{number}", case_live.live, layout.CASES.roles),
        Route("POST", "/cases/{number}/open", case_live.opened, layout.CASES.roles),
        Route("POST", "/cases/{number}/leave", case_live.left, layout.CASES.roles),
        Route("POST", "/cases/{number}/histories", answers.save, layout.CASES.roles, Shown.ANSWER_FORM),
        Route("GET", "/cases/{number}/draft", answers.draft, layout.CASES.roles, Shown.ANSWER_FORM),
        Route("POST", "/cases/{number}/draft", answers.keep_draft, layout.CASES.roles),
        Route("POST", "/cases/{number}/close", closing.set_status(CaseStatus.CLOSED), layout.CASES.roles),
        Route("POST", "/cases/{number}/reopen", closing.set_status(CaseStatus.OPEN), layout.CASES.roles),
        Route("GET", "/search", finding.page, layout.SEARCH.roles),
        Route("POST", "/search", finding.search, layout.SEARCH.roles, Shown.SEARCH),
        Route("POST", "/search.csv", finding.export, finding.EXPORTERS, Shown.SEARCH),
        Route("GET", "/figures", figures.figures, layout.FIGURES.roles),
        Route("GET", "/figures/queues.csv", figures.export_queues, layout.FIGURES.roles),
        Route("GET", "/figures/operators.csv", figures.export_operators, layout.FIGURES.roles),
        Route("GET", "/figures/transfers.csv", figures.export_transfers, layout.FIGURES.roles),
        Route("GET", "/figures/interpreting.csv", figures.export_interpreting, layout.FIGURES.roles),
        Route("GET", "/shifts", shifts.page, layout.SHIFTS.roles),
        Route("GET", "/shifts.csv", shifts.export, layout.SHIFTS.roles),
        Route("GET", "/staffing", staffing, layout.STAFFING.roles),
        Route("GET", "/admin/recordings", recordings_page.recordings, layout.RECORDINGS.roles),
        *_admin(),
        *centre_routes(),
    )


def _account() -> tuple[Route, ...]:
    """What everybody may do with the own user, also before anything else is allowed."""
    return (
        Route("GET", "/account", account.page, EVERYONE, settles=True),
        Route("POST", "/account/password", account.change_password, EVERYONE, settles=True),
        Route("POST", "/account/sessions/{session}/end", account.end_session, EVERYONE, settles=True),
        Route("GET", "/account/second-factor", second_factor.page, EVERYONE, settles=True),
        Route("POST", "/account/second-factor", second_factor.begin, EVERYONE, settles=True),
        Route("POST", "/account/second-factor/confirm", second_factor.confirm, EVERYONE, settles=True),
        Route("POST", "/account/second-factor/remove", second_factor.remove, EVERYONE, settles=True),
    )


def _admin() -> tuple[Route, ...]:
    """Users, their rights, and who was shown what."""
    return (
        Route("GET", "/admin/users", users.page, layout.USERS.roles),
        Route("POST", "/admin/users", users.create, layout.USERS.roles),
        Route("GET", "/admin/users.csv", users.export, layout.USERS.roles),
        Route("GET", "/admin/users/{user}", user_page.page, layout.USERS.roles),
        Route("POST", "/admin/users/{user}", user_page.save, layout.USERS.roles),
        Route("POST", "/admin/users/{user}/disable", user_page.set_disabled(True), layout.USERS.roles),
        Route("POST", "/admin/users/{user}/enable", user_page.set_disabled(False), layout.USERS.roles),
        Route("POST", "/admin/users/{user}/reset-password", user_page.reset_password, layout.USERS.roles),
        Route("POST", "/admin/users/{user}/reset-second-factor", user_page.reset_second_factor, layout.USERS.roles),
        Route("POST", "/admin/second-factor-rules", users.set_rules, layout.USERS.roles),
        Route("GET", "/admin/rights", rights.page, layout.USERS.roles),
        Route("GET", "/admin/rights.csv", rights.export, layout.USERS.roles),
        Route("GET", "/admin/viewings", viewings.page, layout.VIEWINGS.roles),
        Route("GET", "/admin/viewings.csv", viewings.export, layout.VIEWINGS.roles),
    )


def _directory() -> tuple[Route, ...]:
    """The telephone directory: everybody may look, who talks finds and tells, administrators edit."""
    edit = layout.RECORDINGS.roles
    return (
        Route("GET", "/directory", directory.page, layout.DIRECTORY.roles),
        Route("GET", "/directory/find", found.find, WRITERS),
        Route("POST", "/desk/tell", told.tell, OPERATORS),
        Route("POST", "/wall/taken/{call}/tell", told.tell, wall.SUPERVISORS),
        Route("POST", "/desk/speak-number", told.speak, OPERATORS),
        Route("POST", "/wall/taken/{call}/speak-number", told.speak, wall.SUPERVISORS),
        Route("GET", "/admin/directory", directory_admin.page, edit),
        Route("GET", "/admin/directory.csv", directory_admin.export, edit),
        Route("POST", "/admin/directory/import", directory_admin.load, edit, largest_bytes=LARGEST_DIRECTORY_BYTES),
        Route("GET", "/admin/directory/new", directory_entry.new, edit),
        Route("POST", "/admin/directory/new", directory_entry.create, edit),
        Route("GET", "/admin/directory/entries/{entry}", directory_entry.page, edit),
        Route("POST", "/admin/directory/entries/{entry}", directory_entry.save, edit),
        Route("POST", "/admin/directory/entries/{entry}/remove", directory_entry.remove, edit),
    )


def _writing() -> tuple[Route, ...]:
    """The form of a call's history."""
    return (
        Route("GET", "/calls/{call}/form", history.form, WRITERS, Shown.HISTORY_FORM),
        Route("GET", "/calls/{call}/citizen", citizen.of_case, WRITERS, Shown.HISTORY_FORM),
        Route("POST", "/calls/{call}/alike", citizen.alike, WRITERS, Shown.ALIKE),
        Route("POST", "/calls/{call}/history", history.save, WRITERS, Shown.HISTORY_FORM),
        Route("GET", "/calls/{call}/draft", drafts.draft, WRITERS, Shown.HISTORY_FORM),
        Route("POST", "/calls/{call}/draft", drafts.keep_draft, WRITERS),
        Route("GET", "/calls/{call}/talk-draft", talk_draft.page, WRITERS, Shown.TALK_DRAFT),
        Route("POST", "/calls/{call}/open", drafts.opened, WRITERS),
        Route("POST", "/calls/{call}/escalation/form", escalation.form, WRITERS, Shown.HISTORY_FORM),
        Route("POST", "/calls/{call}/escalation", escalation.save, WRITERS, Shown.HISTORY_FORM),
        Route("POST", "/postal-code", citizen.postal_code, EVERYONE),
    )


TRANSFERS = {
    "consult": CommandKind.CONSULT,
    "swap": CommandKind.SWAP,
    "three": CommandKind.THREE,
    "complete": CommandKind.COMPLETE,
    "cancel-consult": CommandKind.CANCEL_CONSULT,
}
"""The operator's buttons of an attended transfer."""
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
