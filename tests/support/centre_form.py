"""A form of the centre's configuration as a browser would send it."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

from agent_console.centre.parts import BY_ID, Part, data_of, shape_of
from agent_console.centre.shape import Entries, Items, Record, Scalar, Several, Shape
from agent_console.centre.typed import items, mapping, opened, way
from crm.centres import CentreVersion
from kernel.centre import Centre
from tests.support.console import Desk
from tests.support.console_client import Browser

QUEUE = "/admin/centre/queues/exchange"
Pairs = list[tuple[str, str]]


def sent(shape: Shape, typed: object, name: str = "") -> Iterator[tuple[str, str]]:
    """The names and texts of all fields."""
    match shape:
        case Record():
            for one in shape.members:
                yield from sent(one.shape, mapping(typed)[one.name], way(name, one.name))
        case Items() | Entries():
            one = shape.item if isinstance(shape, Items) else shape.pair
            for number, item in enumerate(items(typed)):
                yield name, str(number)
                yield from sent(one, item, way(name, number))
        case Several():
            yield from ((name, str(one)) for one in items(typed))
        case _:
            yield name, str(typed)


def form_of(part: Part, centre: Centre, id: str | None = None) -> Pairs:
    """The form of a part, or of one thing of it, as it is opened."""
    shape = shape_of(part)
    return list(sent(shape, opened(shape, data_of(part, centre.model_dump(mode="json"), id))))


def filled(form: Pairs, **texts: str) -> Pairs:
    """``form`` with other texts in it; ``__`` stands for the dot in a name."""
    wanted = {name.replace("__", "."): text for name, text in texts.items()}
    kept = [(name, wanted.pop(name, text)) for name, text in form]
    return [*kept, *wanted.items()]


async def version(desk: Desk) -> CentreVersion:
    """The newest, read now."""
    await desk.store.centres.refresh()
    newest = await desk.store.centres.current_version()
    assert newest is not None
    return newest


async def press(browser: Browser, path: str, form: Pairs, do: str, seen: int = 1) -> tuple[int, str, str | None]:
    """Send a form as its page does; returns the status, the text, and where it leads."""
    answer = await browser.post(path, [*form, ("do", do), ("version", str(seen))])
    return answer.status, unescape(await answer.text()), answer.headers.get("Location")


async def queue_form(desk: Desk, **texts: str) -> Pairs:
    """The form of the queue QUEUE with other texts in it."""
    return filled(form_of(BY_ID["queues"], (await version(desk)).centre, "exchange"), **texts)


def scalars(shape: Shape) -> Iterator[Scalar]:
    """All single values in ``shape``."""
    match shape:
        case Scalar():
            yield shape
        case Record():
            for one in shape.members:
                yield from scalars(one.shape)
        case Items():
            yield from scalars(shape.item)
        case Entries():
            yield from scalars(shape.pair)
        case _:
            return
