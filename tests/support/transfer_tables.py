"""The matrix of transfers: what each party hears, and what is stored, by what happens when. Written by hand."""

from __future__ import annotations

from kernel.commands import CommandKind

ATTENDED = """
step      | happens                | caller hears | operator hears | department hears | rec | operator | outcome
ringing   | department answers     | music        | department     | operator         | no  | on_hold  | answered
ringing   | department busy        | operator     | caller         | -                | yes | talking  | answered
ringing   | department declined    | operator     | caller         | -                | yes | talking  | answered
ringing   | department unreachable | operator     | caller         | -                | yes | talking  | answered
ringing   | department no_answer   | operator     | caller         | -                | yes | talking  | answered
ringing   | caller hangs up        | -            | -              | -                | no  | wrap_up  | answered
ringing   | operator hangs up      | music        | -              | ringing          | no  | wrap_up  | answered
ringing   | page is lost           | music        | -              | -                | no  | on_hold  | answered
ringing   | swap                   | music        | nothing        | ringing          | no  | on_hold  | answered
ringing   | three                  | music        | nothing        | ringing          | no  | on_hold  | answered
ringing   | complete               | music        | -              | ringing          | no  | wrap_up  | answered
ringing   | cancel_consult         | operator     | caller         | -                | yes | talking  | answered
talking   | department hangs up    | operator     | caller         | -                | yes | talking  | answered
talking   | caller hangs up        | -            | -              | -                | no  | wrap_up  | answered
talking   | operator hangs up      | department   | -              | caller           | no  | wrap_up  | handed_over
talking   | page is lost           | music        | -              | -                | no  | on_hold  | answered
talking   | swap                   | operator     | caller         | music            | yes | talking  | answered
talking   | three                  | both         | both           | both             | no  | talking  | answered
talking   | complete               | department   | -              | caller           | no  | wrap_up  | handed_over
talking   | cancel_consult         | operator     | caller         | -                | yes | talking  | answered
talking   | hold is too long       | operator     | caller         | music            | yes | talking  | answered
talking   | hold                   | music        | department     | operator         | no  | on_hold  | answered
talking   | hang_up                | music        | department     | operator         | no  | on_hold  | answered
swapped   | department hangs up    | operator     | caller         | -                | yes | talking  | answered
swapped   | caller hangs up        | -            | -              | -                | no  | wrap_up  | answered
swapped   | operator hangs up      | department   | -              | caller           | no  | wrap_up  | handed_over
swapped   | page is lost           | music        | -              | -                | no  | on_hold  | answered
swapped   | swap                   | music        | department     | operator         | no  | on_hold  | answered
swapped   | three                  | both         | both           | both             | no  | talking  | answered
swapped   | complete               | department   | -              | caller           | no  | wrap_up  | handed_over
swapped   | cancel_consult         | operator     | caller         | -                | yes | talking  | answered
swapped   | hold is too long       | operator     | caller         | music            | yes | talking  | answered
three     | department hangs up    | operator     | caller         | -                | yes | talking  | answered
three     | caller hangs up        | -            | -              | -                | no  | wrap_up  | answered
three     | operator hangs up      | department   | -              | caller           | no  | wrap_up  | handed_over
three     | page is lost           | department   | -              | caller           | no  | wrap_up  | handed_over
three     | swap                   | music        | department     | operator         | no  | on_hold  | answered
three     | three                  | both         | both           | both             | no  | talking  | answered
three     | complete               | department   | -              | caller           | no  | wrap_up  | handed_over
three     | cancel_consult         | operator     | caller         | -                | yes | talking  | answered
three     | hold is too long       | both         | both           | both             | no  | talking  | answered
completed | department hangs up    | -            | -              | -                | no  | wrap_up  | handed_over
completed | caller hangs up        | -            | -              | -                | no  | wrap_up  | handed_over
completed | swap                   | department   | -              | caller           | no  | wrap_up  | handed_over
"""
"""What happens at each step of an attended transfer, and how it is afterwards.

"-": the line is over; "both": the two others. "rec": whether the talk is recorded. "operator": the state.
"outcome": the call's, so far.
"""

BLIND = """
happens                | she writes   | she is ready | she has paused | her phone went | she is at another
department answers     | put through  | put through  | put through    | put through    | put through
department busy        | rings at her | rings at her | waits          | waits          | waits
department declined    | rings at her | rings at her | waits          | waits          | waits
department unreachable | rings at her | rings at her | waits          | waits          | waits
department no_answer   | rings at her | rings at her | waits          | waits          | waits
caller hangs up        | over         | over         | over           | over           | over
"""
"""What happens while the department rings for a caller whom an operator, "she", has sent there, and what she does then.

"rings at her": before any other call, with the reason. "waits": for anybody. Either way with the time that was waited.
"""

DEATHS = ("nobody dies", "killed before", "killed meanwhile")


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def attended() -> list[tuple[str, ...]]:
    """Each line, with each telephone that an operator can have, and each death that makes sense.

    Of a page that went while nobody was there nobody knows whether it hung up: it is taken for lost.
    """
    found: list[tuple[str, ...]] = []
    for line in rows(ATTENDED)[1:]:
        by_button = line[1] in set(CommandKind)
        for phone in ("browser",) if line[1] == "page is lost" else ("desk", "browser"):
            unknown = by_button or (phone, line[1]) == ("browser", "operator hangs up")
            found += [(*line, phone, death) for death in DEATHS if not (unknown and death == "killed meanwhile")]
    return found


def blind() -> list[tuple[str, ...]]:
    head, *lines = rows(BLIND)
    cells = [(line[0], she, cell) for line in lines for she, cell in zip(head[1:], line[1:], strict=True)]
    return [(*cell, death) for cell in cells for death in DEATHS]
