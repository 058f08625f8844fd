"""How long Asterisk takes to answer, as it stands now: also what has not been answered yet counts."""

from __future__ import annotations

from dialplan.admission.standing import Standing


class Delays:
    """Of one connection. Times are seconds of a clock that does not run backwards."""

    def __init__(self) -> None:
        self._asked: dict[str, float] = {}
        self._standing = Standing()

    def __len__(self) -> int:
        """Requests under way."""
        return len(self._asked)

    def ask(self, id: str, now: float) -> None:
        """A request goes out."""
        self._asked[id] = now

    def settle(self, id: str, now: float) -> float:
        """It is over, answered or not; the seconds that it took."""
        seconds = now - self._asked.pop(id)
        self._standing.note(seconds, now)
        return seconds

    def standing(self, now: float) -> float:
        """What even the quickest answer of the last second took; without one, how long the oldest request waits."""
        least = self._standing.least(now)
        if least is not None:
            return least
        return now - next(iter(self._asked.values()), now)
