"""Both sides of the contest on one Asterisk: the same phones, and one number for each side and queue.

app_queue is set up as well as its own documentation and source allow for speed; what could slow it down is off:

* ``autofill = yes``: as many callers at once as there are free members; otherwise only the head of the line.
* ``retry = 1``: the shortest pause between two tries that app_queue takes (0 means 5 s). Who waits looks once a second
  whether it is its turn (RECHECK in app_queue.c); no setting shortens that.
* ``ringinuse = no``: busy members are not tried. ``strategy = leastrecent`` is the platform's own default strategy.
* ``wrapuptime = 0``, no announcements, no queue log, no recording; the platform records each talk and stores each step.
* Music on hold is the same file. ``Answer(,i)`` answers at once; ``Answer()`` would wait half a second for audio.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from asterisk_conf.rendered import Rendered
from bench.installation import FIRST_EXTENSION
from kernel.admission import Limits
from kernel.centre import Centre, OperatorSeat, Queue
from kernel.routing import Lead
from kernel.settings import Settings

PHONES_PORT = 5060
ALL = 10_000
NO_LIMITS = Limits(
    calls=ALL,
    calls_per_second=ALL,
    burst=ALL,
    reply_seconds=ALL,
    late_seconds=ALL,
    requests=ALL,
    events=ALL,
    journal=ALL * ALL,
)
"""app_queue turns nobody away either. How much is too much is seen on the wire."""


@dataclass(frozen=True, slots=True)
class Line:
    """A queue with so many members, by the number that leads to it on each side."""

    name: str
    members: int
    ours: str
    theirs: str

    def number(self, side: str) -> str:
        return self.ours if side == OURS else self.theirs


OURS, THEIRS = "denwa", "app_queue"
SIDES = (THEIRS, OURS)
CALM = Line("calm", 12, "0466250001", "0466250011")
BUSY = Line("busy", 5, "0466250002", "0466250012")
WIDE = Line("wide", 160, "0466250003", "0466250013")
LINES = (CALM, BUSY, WIDE)

QUEUES = """\
[general]
persistentmembers = no
autofill = yes
shared_lastcall = no
"""
QUEUE = """
[{name}]
strategy = leastrecent
autofill = yes
ringinuse = no
timeout = 15
retry = 1
wrapuptime = 0
musicclass = default
joinempty = yes
leavewhenempty = no
"""
EXTENSION = """\
exten = {number},1,Answer(,i)
 same = n,Queue({name})
 same = n,Hangup()
"""
PHONE = """
[{extension}](+type=aor)
qualify_frequency = 0
contact = sip:{extension}@{host}:{port}
"""
CARRIER = """
[carrier](+type=aor)
qualify_frequency = 0
"""
"""SIPp answers no OPTIONS."""


def ours(centre: Centre) -> Centre:
    """The centre with the contest's queues, without wrap-up, each with a number that leads straight into it."""
    queues = tuple(Queue(id=line.name, label=line.name, wrap_up_seconds=0, limit=10_000) for line in LINES)
    document = centre.model_dump(mode="json") | {
        "numbers": [*centre.numbers, *(line.ours for line in LINES)],
        "number_leads": {line.ours: Lead(queue=line.name).model_dump() for line in LINES},
        "queues": [queue.model_dump(mode="json") for queue in (*centre.queues, *queues)],
        "operators": [_seat(seat, place).model_dump(mode="json") for place, seat in enumerate(centre.operators)],
    }
    return Centre.model_validate(document)


def _seat(seat: OperatorSeat, place: int) -> OperatorSeat:
    return seat.model_copy(update={"queues": tuple(line.name for line in LINES if place < line.members)})


def theirs(rendered: Rendered, settings: Settings) -> None:
    """Add app_queue, its queues and numbers, and the places of SIPp's phones to Asterisk's configuration."""
    etc = rendered.folders.etc
    members = {line: [f"member = PJSIP/{FIRST_EXTENSION + place}" for place in range(line.members)] for line in LINES}
    queues = [QUEUE.format(name=line.name) + "\n".join(own) + "\n" for line, own in members.items()]
    _write(etc / "queues.conf", QUEUES + "".join(queues))
    _write(etc / "queuerules.conf", "[general]\n")
    extensions = [EXTENSION.format(number=line.theirs, name=line.name) for line in LINES]
    _add(etc / "extensions.conf", "\n[from-carrier](+)\n" + "".join(extensions))
    host = f"{str(settings.sip.bind).rpartition('.')[0]}.4"
    places = [PHONE.format(extension=FIRST_EXTENSION + place, host=host, port=PHONES_PORT) for place in range(MOST)]
    _add(etc / "pjsip.conf", CARRIER + "".join(places))
    _add(etc / "modules.conf", "require = app_queue.so\n")


MOST = max(line.members for line in LINES)


def _add(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as out:
        out.write(text)


def _write(file: Path, text: str) -> None:
    file.touch(0o600)
    file.write_text(text, encoding="utf-8")
