"""The seed's document, and others that differ from it."""

from __future__ import annotations

from pathlib import Path

from ivr.seed_file import load
from kernel.centre import Centre

SEED_FILE = Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml"
CENTRE = load(SEED_FILE)
DOCUMENT = CENTRE.model_dump(mode="json")


def changed(**parts: object) -> dict:
    """The seed's document with other parts, as it is stored."""
    return Centre.model_validate({**DOCUMENT, **parts}).model_dump(mode="json")


def queue(id: str, **fields: object) -> list[dict]:
    return [{**one, **(fields if one["id"] == id else {})} for one in DOCUMENT["queues"]]


def menu(**fields: object) -> dict[str, dict]:
    """The seed's menus with other fields in the first; what tells of languages goes with their keys."""
    main = {**DOCUMENT["menus"]["main"], **fields}
    speaks = any(lead.get("language") for lead in main["keys"].values())
    return {**DOCUMENT["menus"], "main": {**main, "language_prompt": main["language_prompt"] if speaks else None}}
