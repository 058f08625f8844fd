"""YAML read as plain data that remembers its lines. Every scalar stays text: ``0466251111`` is no octal number here."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Location = tuple[str | int, ...]
NULL = "tag:yaml.org,2002:null"
STANDARD = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at ``line`` (from 1; 0 is the file as a whole) and at ``path``, as ``menus.main.keys.1``."""

    line: int
    path: str
    message: str


@dataclass(slots=True)
class Document:
    """The data of a file, the line at which each part of it begins, and what was wrong on the way."""

    data: object = None
    lines: dict[Location, int] = field(default_factory=dict[Location, int])
    problems: list[Problem] = field(default_factory=list[Problem])

    def complain(self, at: Location, message: str) -> None:
        """Add a problem at ``at``, or at the part that encloses it where that is not written."""
        self.problems.append(Problem(self.line(at), spelled(at), message))

    def line(self, at: Location) -> int:
        """The line of ``at``, or of what encloses it."""
        while at not in self.lines and at:
            at = at[:-1]
        return self.lines.get(at, 0)


def spelled(at: Location) -> str:
    """A location as people write it: ``operators[2].queues[0]``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in at).removeprefix(".")


def read(text: str) -> Document:
    """The data in ``text``; where the text is no YAML at all, one problem and no data."""
    document = Document()
    try:
        root = cast("Node | None", yaml.compose(text, Loader=yaml.SafeLoader))  # pyright: ignore[reportUnknownMemberType]
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        document.problems.append(Problem(line, "", f"a control character ({error.character!r}): delete it"))
    except yaml.MarkedYAMLError as error:
        document.problems.append(_syntax(error))
    else:
        document.data = _Walk(document).value(root, ()) if root else None
        if document.data is None:
            document.complain((), "the file is empty")
    return document


def _syntax(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    what = error.problem or error.context or "this is no YAML"
    if "'\\t'" in what:
        what = "a tab character: indent with spaces"
    return Problem(mark.line + 1 if mark else 0, "", what)


class _Walk:
    """One pass over the nodes of a document, filling its lines and problems."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._seen: set[int] = set()

    def value(self, node: Node, at: Location) -> object:
        self._document.lines.setdefault(at, node.start_mark.line + 1)
        if id(node) in self._seen:
            self._document.complain(at, "references (&, *) are not read here: write it out")
            return None
        self._seen.add(id(node))
        if not node.tag.startswith(STANDARD):
            self._document.complain(at, f"tags ({node.tag}) are not read here: take it out")
        match node:
            case MappingNode():
                return self._mapping(node, at)
            case SequenceNode():
                return [self.value(item, (*at, number)) for number, item in enumerate(node.value)]
            case ScalarNode():
                return None if node.tag == NULL else node.value
            case _:
                raise TypeError(f"YAML has no {type(node).__name__}")

    def _mapping(self, node: MappingNode, at: Location) -> dict[Hashable, object]:
        found: dict[Hashable, object] = {}
        for key, value in node.value:
            here = (*at, str(key.value))
            if not isinstance(key, ScalarNode):
                self._document.complain(at, "a key is a word, not a list or a mapping")
            elif key.value in found:
                line = key.start_mark.line + 1
                first = self._document.line(here)
                why = f"this key stands already in line {first}: keep one of them"
                self._document.problems.append(Problem(line, spelled(here), why))
            else:
                self._document.lines[here] = key.start_mark.line + 1
                found[key.value] = self.value(value, here)
        return found
