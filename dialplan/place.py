"""A call's place in its queue, as its stage sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from dialplan.acd.floor import Waiting
from dialplan.acd.policy import Decision
from kernel.call import Call, Stage


@dataclass(frozen=True, slots=True)
class Moved:
    """A supervisor, ``by``, lets the call wait elsewhere: in ``queue``, for ``operator`` where one is named."""

    queue: str
    operator: str | None
    by: str


def waiting_of(call: Call, last: str | None) -> Waiting:
    """The place of ``call`` in its queue; ``last`` is who last spoke with the caller."""
    if call.queue is None or call.waiting_since is None:
        raise ValueError(f"call {call.id} waits in no queue")
    return Waiting(
        call.waiting_since,
        call.id,
        call.queue,
        last=last,
        assigned=call.assigned,
        stays=call.stage is Stage.CALL_BACK,
        returned=call.transfer is not None and call.assigned is not None,
    )


class Place:
    """``operators``, of so many ``on_duty``, are rung for the call now; ``because`` says in words why they are."""

    def __init__(
        self, waiting: Waiting, enter: Callable[[Place, Waiting], None], position: Callable[[str], int | None]
    ) -> None:
        self._waiting = waiting
        self._enter = enter
        self._position = position
        self.operators: tuple[str, ...] = ()
        self.because = ""
        self.on_duty = 0
        self.turn: asyncio.Future[Decision | Moved] = asyncio.get_running_loop().create_future()
        self.answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def let_answer(self, operator: str) -> bool:
        """Let ``operator``'s phone answer by itself; False where it does not ring, or another's is told to."""
        if operator not in self.operators or self.answer.done():
            return False
        self.answer.set_result(operator)
        return True

    def told(self) -> str:
        """Whose phone is to answer by itself, once that was asked for; from then on the next may be asked for."""
        operator, self.answer = self.answer.result(), asyncio.get_running_loop().create_future()
        return operator

    async def decided(self) -> Decision | Moved:
        """Return what is to be done with this call: ring operators, let it overflow, or let it wait elsewhere."""
        return await asyncio.shield(self.turn)

    def now(self) -> Decision | Moved | None:
        """What is decided already, for a phone that is to ring without delay."""
        return self.turn.result() if self.turn.done() else None

    @property
    def queue(self) -> str:
        """The queue in which the call waits."""
        return self._waiting.queue

    def move(self, moved: Moved) -> None:
        """To another queue, or for a certain operator, with the time that it has waited."""
        self._waiting = replace(self._waiting, queue=moved.queue, assigned=moved.operator, returned=False)
        self.again()

    def again(self) -> None:
        """Nobody answered: back to the same place."""
        self.operators = ()
        self.answer = asyncio.get_running_loop().create_future()
        self.turn = asyncio.get_running_loop().create_future()
        self._enter(self, self._waiting)

    @property
    def position(self) -> int | None:
        """The place in the queue from 1; None while an operator is rung."""
        return self._position(self._waiting.call)
