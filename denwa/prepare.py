"""What an installation needs before its first start: secrets, the store, the centre's document, prompts, Asterisk's
configuration. Each step is harmless when it is done already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

from jpholiday import is_holiday

from asterisk_conf.centre import Rendered, render_centre
from asterisk_conf.secrets import ensure_folder
from crm.centres import NoCentre
from crm.directory.importing import told
from crm.key_check import has_keys
from crm.keyring import create_keyring
from crm.migrate import migrate
from crm.store import Store
from denwa.directory import load as load_directory
from denwa.parts import KEYS, open_parts, utc_now
from ivr.hours import periods_on
from ivr.prompts import SpokenPrompts, prepare
from ivr.seed_file import load
from kernel.centre import JAPAN, Centre, Hours, Period
from kernel.settings import Settings

FALLBACK = {"please_hold": "please-hold", "closed": "closed", "congested": "congested", "apology": "apology"}
"""What Asterisk says on its own, by the announcement that it is spoken from."""

HOLIDAYS_AHEAD_DAYS = 400
TELL_EVERY = 9
Progress = Callable[[str], None]


async def prepare_store(settings: Settings, say: Progress) -> None:
    """Tables, key file and, in an empty store, the centre's document from the seed file.

    A store that was used with keys gets no new ones: they are restored, or nothing in it is legible.
    """
    ensure_folder(settings.secrets)
    await migrate(settings.database)
    if not (settings.secrets / KEYS).exists() and not await has_keys(settings.database):
        create_keyring(settings.secrets / KEYS)
        say(f"made the keys of personal data, {settings.secrets / KEYS}: back them up, nothing is legible without")
    async with open_parts(settings) as parts:
        try:
            await parts.store.centres.current()
        except NoCentre:
            await seed(parts.store, settings.seed_file, 0)
            say(f"loaded the centre from {settings.seed_file}")
            await seed_directory(parts.store, settings.directory_file, say)


async def seed(store: Store, file: Path, expected_version: int) -> None:
    """Make ``file`` the centre's document; raises SeedError, Changed."""
    await store.centres.save(load(file), by="seed", now=utc_now(), expected_version=expected_version)


async def seed_directory(store: Store, file: Path, say: Progress) -> None:
    """Fill a directory that nobody ever filled from ``file``, if there is one and it suits the centre's departments.

    Raises BadDirectory for one that can't be read.
    """
    if await store.directory.changes(1):
        return
    try:
        imported = await load_directory(store, file, by="seed")
    except FileNotFoundError:
        say(f"there is no {file}: `denwa directory import` loads a directory")
        return
    if imported.replaced:
        say(f"loaded the directory from {file}: {imported.replaced.added} entries")
    else:
        say(f"{file} does not suit this centre, {told(imported.problems[0])}: `denwa directory import` loads another")


async def prepare_prompts(settings: Settings, centre: Centre, say: Progress) -> Mapping[str, Path]:
    """Speak all announcements; returns the files that Asterisk's own dialplan plays, without ending."""
    async with SpokenPrompts(prompts_folder(settings)) as prompts:
        await prepare(prompts, centre, progress=lambda done, total: _tell(done, total, say))
        return {name: Path(await prompts.media(centre.announcements[id])) for name, id in FALLBACK.items()}


def _tell(done: int, total: int, say: Progress) -> None:
    """Now and then, and at the end."""
    if done % TELL_EVERY == 0 or done == total:
        say(f"spoken announcements: {done} of {total}")


def prompts_folder(settings: Settings) -> Path:
    """Where prompts live: with the installation, since Asterisk reads them there."""
    return settings.var_dir.resolve() / "prompts"


async def render(settings: Settings, say: Progress) -> Rendered:
    """Write Asterisk's configuration from settings and store; raises ConfError."""
    async with open_parts(settings) as parts:
        centre = await parts.store.centres.current()
    prompts = await prepare_prompts(settings, centre, say)
    folder = settings.var_dir.resolve() / "asterisk"
    holidays = _holidays(centre.hours, utc_now().astimezone(JAPAN).date())
    return render_centre(
        settings,
        centre.operators,
        centre.hours,
        prompts,
        folder,
        numbers=centre.numbers,
        supervisors=centre.supervisors,
        holidays=holidays,
    )


def _holidays(hours: Hours, today: date) -> dict[date, tuple[Period, ...]]:
    """What Asterisk, which knows no Japanese calendar, must be told: the public holidays from ``today`` on."""
    days = (today + timedelta(days=ahead) for ahead in range(HOLIDAYS_AHEAD_DAYS))
    return {day: periods_on(hours, day) for day in days if is_holiday(day)}
