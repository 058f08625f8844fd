"""The colours of the console can be read in both schemes (WCAG 2.2, success criteria 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "agent_console/static"
TOKENS = (STATIC / "tokens.css").read_text()
COLOUR = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
COLOURS = {name: {"light": light, "dark": dark} for name, light, dark in COLOUR.findall(TOKENS)}
SCHEMES = ("light", "dark")
GROUNDS = ("ground", "paper", "sunken")
TEXT = [(ink, ground) for ink in ("ink", "ink-soft", "accent", "good", "busy", "alarm") for ground in GROUNDS]
TEXT += [(ink, f"{kind}-wash") for kind in ("accent", "good", "busy", "alarm") for ink in (kind, "ink", "ink-soft")]
TEXT += [("accent-ink", "accent"), ("alarm-ink", "alarm")]
EDGES = [("edge", ground) for ground in GROUNDS] + [("accent", f"{kind}-wash") for kind in ("good", "busy", "alarm")]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast_is_the_standards():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(scheme: str, ink: str, ground: str):
    assert contrast(COLOURS[ink][scheme], COLOURS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_the_edges_of_fields_and_of_what_has_the_focus_can_be_seen(scheme: str, edge: str, ground: str):
    assert contrast(COLOURS[edge][scheme], COLOURS[ground][scheme]) >= 3


def test_colours_are_set_among_the_tokens_alone():
    others = [sheet for sheet in STATIC.glob("*.css") if sheet.name != "tokens.css"]
    assert others
    assert {
        sheet.name: found for sheet in others if (found := re.findall(r"#[0-9a-f]{3,8}\b(?=[;\s)])", sheet.read_text()))
    } == {}


def test_every_token_that_a_sheet_uses_is_there():
    used = {name for sheet in STATIC.glob("*.css") for name in re.findall(r"var\(--([a-z0-9-]+)", sheet.read_text())}
    assert used <= set(re.findall(r"--([a-z0-9-]+):", TOKENS))
