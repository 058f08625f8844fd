"""The installation that the demonstration uses: an ordinary one, open today, with users whose passwords are told."""

from __future__ import annotations

from dataclasses import dataclass

from asterisk_conf.install import Installation, find_asterisk
from asterisk_conf.outside import render_outside
from asterisk_conf.rendered import Rendered
from asterisk_conf.secrets import ensure_secret
from crm.store import Store
from crm.users import Role
from denwa.parts import open_parts, utc_now
from denwa.prepare import Progress, prepare_store, render
from kernel.centre import JAPAN, Centre, Period, SpecialDay
from kernel.settings import Outside, Settings

REASON = "デモのため終日受付"
USERS = (
    ("sato", "佐藤", Role.OPERATOR),
    ("kanri", "管理者", Role.SUPERVISOR),
    ("system", "システム管理", Role.ADMINISTRATOR),
)
AROUND_THE_CLOCK = (Period.model_validate("00:00-24:00"),)


@dataclass(frozen=True, slots=True)
class DemoInstallation:
    """Both Asterisks, configured, and what to log in with: a password for each of ``USERS``."""

    asterisk: Installation
    centre: Rendered
    outside: Rendered
    around: Outside
    passwords: dict[str, str]


async def install(settings: Settings, say: Progress) -> DemoInstallation:
    """Set up what is missing; harmless when done again. Raises AsteriskError, StoreError, PromptFailed."""
    await prepare_store(settings, say)
    async with open_parts(settings) as parts:
        centre = await open_today(parts.store)
        passwords = await _users(parts.store, settings)
    rendered = await render(settings, say)
    around = settings.outside
    recordings = settings.var_dir.resolve() / "outside-recordings"
    folder = settings.var_dir.resolve() / "outside"
    outside = render_outside(settings, (*centre.operators, *centre.supervisors), around, recordings, folder)
    return DemoInstallation(find_asterisk(settings.cache_dir), rendered, outside, around, passwords)


async def open_today(store: Store) -> Centre:
    """The demonstration may be run at night: today is an exceptional opening around the clock."""
    version = await store.centres.current_version()
    if version is None:
        raise RuntimeError("the store was prepared and holds no centre")
    now = utc_now()
    today = now.astimezone(JAPAN).date()
    hours = version.centre.hours
    others = tuple(day for day in hours.special if day.date != today)
    opening = SpecialDay(date=today, periods=AROUND_THE_CLOCK, reason=REASON)
    if opening in hours.special:
        return version.centre
    centre = version.centre.model_copy(update={"hours": hours.model_copy(update={"special": (*others, opening)})})
    await store.centres.save(centre, by="demo", now=now, expected_version=version.version)
    return centre


async def _users(store: Store, settings: Settings) -> dict[str, str]:
    """Each with a random password that is kept in a file of its own, so that the next run tells the same."""
    passwords: dict[str, str] = {}
    for id, name, role in USERS:
        passwords[id] = ensure_secret(settings.secrets / f"demo_password_{id}")
        if await store.users.find(id) is None:
            await store.users.create(id, name, role, passwords[id], utc_now())
    return passwords
