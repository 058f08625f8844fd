"""From what was heard to the figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from bench.voicebot.heard import Hearing
from bench.voicebot.lexicon import plain_match
from ivr.understanding.lexicon import Subject as Entry
from ivr.understanding.meaning import Candidate, Expecting, Filler, Nothing, Subject
from ivr.understanding.understanding import Understanding

SURE = 0.9
"""From this confidence on a caller is put through without being asked."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one utterance: ``place`` of the right department among the candidates, None where it is not."""

    place: int | None
    sure: bool
    baseline: bool


def verdict(hearing: Hearing, understanding: Understanding, among: Sequence[Entry]) -> Verdict:
    """As the dialogue would: a stretch that is a hesitation or nothing waits for the next; the best counts."""
    right = hearing.spoken.way.departments
    best = _candidates(hearing, understanding)
    place = next((at for at, one in enumerate(best) if one.id in right), None)
    text = "".join(one.transcript.text for one in hearing.utterances)
    return Verdict(place, bool(best) and best[0].confidence >= SURE, plain_match(text, among) in right)


def _candidates(hearing: Hearing, understanding: Understanding) -> tuple[Candidate, ...]:
    best: tuple[Candidate, ...] = ()
    for one in hearing.utterances:
        match understanding.of(one.transcript, Expecting.SUBJECT):
            case Subject(candidates) if not best or candidates[0].confidence > best[0].confidence:
                best = candidates
            case Filler() | Nothing():
                continue
            case _:
                continue
    return best


def figures(verdicts: Sequence[Verdict]) -> dict[str, float]:
    """Shares of all utterances.

    ``after_confirmation``: put through rightly without a question, or the right one is among the three that one
    question offers. ``false_transfer``: put through wrongly without a question.
    """
    among_three = [one.place is not None and one.place < 3 for one in verdicts]
    return {
        "top1": _share(one.place == 0 for one in verdicts),
        "top3": _share(among_three),
        "after_confirmation": _share(
            one.place == 0 if one.sure else three for one, three in zip(verdicts, among_three, strict=True)
        ),
        "false_transfer": _share(one.sure and one.place != 0 for one in verdicts),
        "put_through_at_once": _share(one.sure and one.place == 0 for one in verdicts),
        "baseline_top1": _share(one.baseline for one in verdicts),
    }


def _share(of: Iterable[bool]) -> float:
    return round(mean(map(float, of)), 4)
