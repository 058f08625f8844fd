"""Writing Asterisk's configuration files from templates, so that no value can become syntax."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from asterisk_conf.errors import ConfError

HERE = Path(__file__).parent
ENDING = ".j2"
_UNWRITABLE = re.compile(r"[^\x20-\x7e\u00a0-\uffff]|[\x80-\x9f\u2028\u2029]|[;\[\]{}$\"\\<>|`]|^\s|\s$")


def _checked(value: object) -> Markup:
    """Every value that a template prints goes through here, whatever the template forgets.

    ``Markup`` marks what has been through it, as a macro's output; values never come as that.
    """
    if isinstance(value, Markup):
        return value
    text = str(value)
    if found := _UNWRITABLE.search(text):
        raise ConfError("a value for Asterisk", f"{found[0]!r} is not allowed in a configuration file")
    return Markup(text)  # noqa: S704 - not HTML: it is checked


@cache
def environment() -> Environment:
    """The templates, in folders; a value with a character that Asterisk takes for syntax raises ConfError."""
    return Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        finalize=_checked,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def write_files(kind: str, into: Path, values: Mapping[str, object]) -> None:
    """Render every template of ``shared`` and of ``kind`` into ``into``, mode 0600; one of ``kind`` wins.

    What an earlier rendering left there is removed. Raises ConfError for a value that would not stay a value.
    """
    templates = {name: f"{folder}/{name}" for folder in ("shared", kind) for name in _names(folder)}
    texts = {name: environment().get_template(path).render(values) for name, path in templates.items()}
    for old in into.iterdir():
        if old.name not in {name.removesuffix(ENDING) for name in texts}:
            old.unlink()
    for name, text in texts.items():
        _replace(into / name.removesuffix(ENDING), text)


def _names(folder: str) -> list[str]:
    return sorted(path.name for path in (HERE / folder).glob(f"*.conf{ENDING}"))


def _replace(file: Path, text: str) -> None:
    """Write a new file and rename it, so that a reload never reads half of one."""
    new = file.with_suffix(".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    new.replace(file)
