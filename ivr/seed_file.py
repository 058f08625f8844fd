"""The seed file: the centre's first data as one readable YAML document, checked with errors that name the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import cast

import yaml
from pydantic import BaseModel, ValidationError

from ivr.yaml_lines import Document, Location, Problem, read
from kernel.casework import Department, Phrase
from kernel.centre import Centre, Hours, Lead, Menu, OperatorSeat, Period, Queue, SpecialDay
from kernel.routing import Need, Overflow, Relaxation

ROUTING: tuple[type[BaseModel], ...] = (Queue, OperatorSeat, Need, Relaxation, Overflow)
CASEWORK: tuple[type[BaseModel], ...] = (Department, Phrase)
MODELS: tuple[type[BaseModel], ...] = (Centre, Hours, Period, SpecialDay, Menu, Lead, *ROUTING, *CASEWORK)
FIELDS = sorted({name for model in MODELS for name in model.model_fields})


class SeedError(Exception):
    """The file can't be used; ``problems`` are all that is wrong with it, in the order of its lines."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        self.path = path
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join(_told(path, problem) for problem in self.problems))


def load(path: Path) -> Centre:
    """The centre that ``path`` describes. Raises SeedError."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        why = f"the seed file can't be read ({error.strerror}): see DENWA_SEED_FILE"
        raise SeedError(path, [Problem(0, "", why)]) from error
    return parse(path, raw)


def parse(path: Path, raw: bytes) -> Centre:
    """The centre that ``raw``, the content of ``path``, describes. Raises SeedError."""
    document = read(_text(path, raw))
    centre = None
    if document.data is not None:
        try:
            centre = Centre.model_validate(document.data)
        except ValidationError as wrong:
            for error in wrong.errors(include_url=False):
                _complain(document, error["type"], error["msg"], error["loc"])
    if document.problems or centre is None:
        raise SeedError(path, document.problems)
    return centre


def written(centre: Centre) -> str:
    """``centre`` as a seed file, without what holds anyhow; ``parse`` brings it back."""
    plain = centre.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120)


def _text(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SeedError(path, [Problem(line, "", "this is not UTF-8: save the file as UTF-8")]) from error


def _complain(document: Document, kind: str, message: str, loc: Location) -> None:
    at = tuple(step for step in loc if step != "[key]")
    if kind == "too_short" and _found(document.data, at):
        return  # each item of the list was refused, and is told of by itself
    document.complain(at, _advice(document, kind, at) or message)


def _advice(document: Document, kind: str, at: Location) -> str | None:
    """What to do, where pydantic's own words say only what was expected."""
    if kind == "missing":
        return "this is missing: add it"
    if kind == "extra_forbidden":
        close = get_close_matches(str(at[-1]), FIELDS, 1)
        return f"unknown key: did you mean {close[0]}?" if close else "unknown key: take it out"
    if kind.startswith("time_"):
        return "a time is written 08:30, from 00:00 to 24:00"
    if kind.startswith("date_"):
        return "a date is written 2026-12-29"
    if at in document.lines and _found(document.data, at) is None:
        return "nothing is written here: fill it in, or write [] for an empty list"
    return None


def _found(data: object, at: Location) -> object:
    for step in at:
        match data:
            case Mapping():
                data = cast("Mapping[str | int, object]", data).get(step)
            case list() if isinstance(step, int):
                data = cast("Sequence[object]", data)[step]
            case _:
                return None
    return data


def _told(path: Path, problem: Problem) -> str:
    place = f"{path}:{problem.line}" if problem.line else str(path)
    return ": ".join(part for part in (place, problem.path, problem.message) if part)
