"""A tree as boxes and lines, which the server draws as SVG: from left to right, one row for each end of a way. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import east_asian_width

from agent_console.centre.tree import Node

WIDTH, HEIGHT = 216, 40
BETWEEN, ROW = 104, 52
MARGIN = 8
FITS = 26
"""Half-width letters in a box."""
FITS_ON_LINE = 14


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    kind: str
    text: str
    whole: str


@dataclass(frozen=True, slots=True)
class Way:
    """A line from one box to the next, with what leads along it."""

    path: str
    x: int
    y: int
    text: str
    whole: str


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]
    box_width: int = WIDTH
    box_height: int = HEIGHT


def picture(root: Node) -> Picture:
    """Draw ``root`` and all below it."""
    drawing = _Drawing()
    drawing.draw(root, 0)
    deepest = max(box.x for box in drawing.boxes)
    size = (deepest + WIDTH + MARGIN, drawing.rows * ROW - (ROW - HEIGHT) + 2 * MARGIN)
    return Picture(*size, tuple(drawing.boxes), tuple(drawing.ways))


class _Drawing:
    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.ways: list[Way] = []
        self.rows = 0

    def draw(self, node: Node, depth: int) -> int:
        """Returns the height of the box's middle: that of its first child, so that main ways run straight."""
        below = [(child, self.draw(child, depth + 1)) for child in node.children]
        if below:
            middle = below[0][1]
        else:
            middle = MARGIN + self.rows * ROW + HEIGHT // 2
            self.rows += 1
        x = MARGIN + depth * (WIDTH + BETWEEN)
        self.boxes.append(Box(x, middle - HEIGHT // 2, node.kind, fitted(node.label, FITS), node.label))
        self.ways += [_way(x + WIDTH, middle, child, at) for child, at in below]
        return middle


def _way(x: int, y: int, child: Node, to: int) -> Way:
    """Down close to the box it comes from, then across, so that what is written on it stands free."""
    turn = x + 12
    text = fitted(child.by, FITS_ON_LINE)
    return Way(f"M{x} {y}H{turn}V{to}H{x + BETWEEN}", turn + 6, to - 5, text, child.by)


def fitted(text: str, most: int) -> str:
    """``text`` cut to ``most`` half-width letters; a Japanese letter takes two."""
    room = most
    for place, letter in enumerate(text):
        room -= 2 if east_asian_width(letter) in "FWA" else 1
        if room < 0:
            return text[: place - 1] + "…"
    return text
