"""An installation of its own for a benchmark: Asterisk, store, prompts, operators, the platform as a process."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

import aiohttp

from asterisk_conf.install import find_asterisk
from asterisk_conf.process import Asterisk, running
from asterisk_conf.rendered import Rendered
from bench.environment import WIDE_OPEN, environment, free_port, own_network
from crm.store import Store
from crm.users import Role
from denwa.parts import open_parts, utc_now
from denwa.prepare import prepare_store, prompts_folder, render
from denwa.tls import console_files
from denwa.world.operator import ConsoleOperator
from denwa.world.operator import at_console as sit_at_console
from kernel.admission import Limits
from kernel.centre import Centre, Hours, OperatorSeat
from kernel.operator import OperatorState, OperatorStatus
from kernel.settings import Ari, Settings, Sip, Trunk, Web

ROOT = Path(__file__).parents[1]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS_OPEN = Hours.model_validate({"week": {day: ["00:00-24:00"] for day in DAYS}})
FIRST_EXTENSION = 7001
PASSWORD = "of no worth outside this run"
START_SECONDS = 180.0
STOP_SECONDS = 20.0
LOOK_SECONDS = 0.02


class NotReady(Exception):
    """The platform did not start; the message says what it said."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the platform's processes stand on: store, prompts, a running Asterisk."""

    settings: Settings
    centre: Centre
    store: Store
    asterisk: Asterisk

    @property
    def phones(self) -> str:
        """The address of the operators' phones."""
        return _neighbour(self.settings, 4)


@dataclass(frozen=True, slots=True)
class Installation(Ground):
    """All that runs. ``store`` is the benchmark's own view; each operator of ``desks`` sits at the console."""

    desks: dict[str, ConsoleOperator]
    platform: subprocess.Popen[bytes]
    log: Path


def settings_in(folder: Path, admission: Limits | None = None) -> Settings:
    """Everything below ``folder`` and in a loopback network of this process; as many calls as the product lets in."""
    net = own_network()
    return Settings(
        _env_file=None,  # pyright: ignore[reportCallIssue]
        var_dir=folder / "var",
        recordings_dir=folder / "recordings_tmp",
        sip=Sip(
            bind=IPv4Address(f"{net}.1"),
            carrier=Trunk(host=IPv4Address(f"{net}.2")),
            city_pbx=Trunk(host=IPv4Address(f"{net}.3")),
        ),
        ari=Ari(host=f"{net}.1"),
        web=Web(host=f"{net}.1"),
        metrics_port=free_port("127.0.0.1"),
        admission=admission or WIDE_OPEN,
    )


def _as_it_is(centre: Centre) -> Centre:
    return centre


def _nothing_more(rendered: Rendered, settings: Settings) -> None:
    """Asterisk as the product configures it."""


@asynccontextmanager
async def prepared(
    settings: Settings,
    operators: int,
    *,
    arrange: Callable[[Centre], Centre] = _as_it_is,
    configure: Callable[[Rendered, Settings], None] = _nothing_more,
    at_console: bool = True,
) -> AsyncGenerator[Ground]:
    """Everything but the platform, with seats for ``operators``.

    ``arrange`` changes the centre's document, ``configure`` adds to Asterisk's configuration. Operators who are not
    ``at_console`` have been ready since before the platform began, and nobody clicks for them.
    """
    _share_prompts(settings)
    await prepare_store(settings, _tell)
    async with AsyncExitStack() as stack:
        store = (await stack.enter_async_context(open_parts(settings))).store
        centre = await _arrange(store, operators, arrange)
        rendered = await render(settings, _tell)
        configure(rendered, settings)
        if not at_console:
            await _all_ready(store, centre)
        asterisk = await stack.enter_async_context(running(rendered, find_asterisk(settings.cache_dir)))
        yield Ground(settings, centre, store, asterisk)


@asynccontextmanager
async def installed(
    folder: Path,
    operators: int,
    command: str = "serve",
    *,
    arrange: Callable[[Centre], Centre] = _as_it_is,
    configure: Callable[[Rendered, Settings], None] = _nothing_more,
    admission: Limits | None = None,
    at_console: bool = True,
) -> AsyncGenerator[Installation]:
    """Bring everything up, with ``operators`` logged in and not ready yet, and down again; as ``prepared``."""
    async with AsyncExitStack() as stack:
        settings = settings_in(folder, admission)
        ground = prepared(settings, operators, arrange=arrange, configure=configure, at_console=at_console)
        at = await stack.enter_async_context(ground)
        log = folder / "platform.log"
        platform = await stack.enter_async_context(_platform(at.settings, command, log))
        seats = at.centre.operators if at_console else ()
        desks = {seat.id: await _sit_down(stack, at.settings, at.store, seat) for seat in seats}
        yield Installation(at.settings, at.centre, at.store, at.asterisk, desks, platform, log)


def _share_prompts(settings: Settings) -> None:
    """Announcements are spoken once for all runs."""
    spoken = settings.cache_dir / "bench-prompts"
    spoken.mkdir(parents=True, exist_ok=True)
    prompts_folder(settings).parent.mkdir(parents=True, exist_ok=True)
    prompts_folder(settings).symlink_to(spoken)


async def _all_ready(store: Store, centre: Centre) -> None:
    now = utc_now()
    store.journal.write(*(OperatorStatus(seat.id, OperatorState.READY, now) for seat in centre.operators))
    await store.journal.flushed()


async def _arrange(store: Store, operators: int, arrange: Callable[[Centre], Centre]) -> Centre:
    """The seed's centre, open around the clock, with as many operators as are wanted, who serve all queues."""
    version = await store.centres.current_version()
    if version is None:
        raise RuntimeError("the store was prepared and holds no centre")
    queues = tuple(queue.id for queue in version.centre.queues)
    seats = tuple(
        OperatorSeat(id=f"operator{place}", name=f"席{place}", extension=str(FIRST_EXTENSION + place), queues=queues)
        for place in range(operators)
    )
    centre = arrange(version.centre.model_copy(update={"hours": ALWAYS_OPEN, "operators": seats}))
    await store.centres.save(centre, by="bench", now=utc_now(), expected_version=version.version)
    return centre


@asynccontextmanager
async def _platform(settings: Settings, command: str, log: Path) -> AsyncGenerator[subprocess.Popen[bytes]]:
    """The platform, driving Asterisk."""
    process = spawn(settings, command, log)
    try:
        await ready(settings, process, log)
        yield process
    finally:
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, STOP_SECONDS)
        finally:
            process.kill()


def spawn(settings: Settings, command: str, log: Path, under: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Start a process of the platform, by the program ``under``, that writes to ``log``."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [*under, sys.executable, "-m", "denwa", command],
            cwd=ROOT,
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


async def ready(settings: Settings, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when it drives, or stands by. Raises NotReady."""
    address = f"http://127.0.0.1:{settings.metrics_port}/readyz"
    try:
        async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as http:
            while not await _says_ready(http, address):
                if process.poll() is not None:
                    raise _not_ready("it ended", log)
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        raise _not_ready(f"waited {START_SECONDS:.0f} s in vain", log) from None


def _not_ready(why: str, log: Path) -> NotReady:
    return NotReady(f"the platform is not ready, {why}:\n{log.read_text(encoding='utf-8')}")


async def _says_ready(http: aiohttp.ClientSession, address: str) -> bool:
    try:
        async with http.get(address) as answer:
            return answer.status == 200
    except aiohttp.ClientConnectionError:
        return False


async def _sit_down(stack: AsyncExitStack, settings: Settings, store: Store, seat: OperatorSeat) -> ConsoleOperator:
    await store.users.create(seat.id, seat.name, Role.OPERATOR, PASSWORD, utc_now())
    url = f"https://{settings.web.host}:{settings.web.port}"
    desk = await stack.enter_async_context(sit_at_console(url, console_files(settings)[0]))
    await desk.log_in(seat.id, PASSWORD)
    return desk


def _neighbour(settings: Settings, place: int) -> str:
    return f"{str(settings.sip.bind).rpartition('.')[0]}.{place}"


def _tell(line: str) -> None:
    """Progress goes to standard error: the last line of standard output is the result."""
    print(line, file=sys.stderr, flush=True)
