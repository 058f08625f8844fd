"""What a call is, at any moment of its life."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from kernel.callback import Callback
from kernel.monitor import Monitor
from kernel.offer import CallerGone, Offer
from kernel.phone_number import PhoneNumber
from kernel.stage import Outcome, Stage
from kernel.telling import Told
from kernel.transfer import Step, Transfer

__all__ = ["Call", "CallerGone", "Offer", "Outcome", "Stage"]


@dataclass(frozen=True, slots=True)
class Call:
    """One citizen's call. ``id`` is the caller's channel id in Asterisk and names all else that belongs to the call.

    Times are aware and in UTC. ``caller`` is None when the number is withheld. ``waiting_since`` survives a return to
    the queue (hard case 17). ``assigned`` is the operator for whom a supervisor lets the call wait, or to whom
    it comes back from a ``transfer`` that failed. ``operator`` is the supervisor's id once one has taken the call over.
    ``talk_ended`` is when the operator's part was over. ``ended`` is when the telephone call was over: before the stage
    ``ENDED``, and never before what was known of the call to happen.
    ``held`` is since when the operator has the caller on hold, None for a caller who is not; ``message_since`` when the
    caller was last asked to speak a message. ``lost`` is since when the operator's page is gone from the talk;
    ``operator_leg`` is then None, or the channel by which it is rung again.
    """

    id: str
    arrived: datetime
    dialled: str
    caller: PhoneNumber | None = None
    language: str = "ja"
    stage: Stage = Stage.GREET
    menu: str | None = None
    voicebot: str | None = None
    keys: tuple[str, ...] = ()
    queue: str | None = None
    waiting_since: datetime | None = None
    assigned: str | None = None
    offers: int = 0
    offer: Offer | None = None
    operator: str | None = None
    operator_leg: str | None = None
    answered: datetime | None = None
    held: datetime | None = None
    message_since: datetime | None = None
    lost: datetime | None = None
    monitor: Monitor | None = None
    extension: str | None = None
    transfer: Transfer | None = None
    talk_ended: datetime | None = None
    wrap_up_until: datetime | None = None
    ended: datetime | None = None
    outcome: Outcome | None = None
    callback: Callback | None = None
    told: Told | None = None

    @property
    def number(self) -> PhoneNumber | None:
        """Under which the citizen is reached: the one to be called back, else the caller's."""
        return self.callback.number if self.callback else self.caller

    def speaks(self, language: str | None) -> Call:
        """The caller goes on in ``language``; as before where None is given."""
        return replace(self, language=language or self.language)

    def at_menu(self, menu: str) -> Call:
        """Enter ``menu``."""
        return replace(self, stage=Stage.MENU, menu=menu)

    def at_voicebot(self, voicebot: str) -> Call:
        """Talk with ``voicebot``."""
        return replace(self, stage=Stage.SPEAK, voicebot=voicebot)

    def pressed(self, key: str) -> Call:
        """Remember ``key`` in the path through the menus."""
        return replace(self, keys=(*self.keys, key))

    def waits_in(self, queue: str, now: datetime) -> Call:
        """Enter ``queue``; a call that is put back keeps the time it has waited."""
        return replace(
            self,
            stage=Stage.WAIT,
            queue=queue,
            waiting_since=self.waiting_since or now,
            assigned=None,
            offer=None,
            operator=None,
            operator_leg=None,
            held=None,
            lost=None,
            extension=None,
            transfer=None,
            talk_ended=None,
            wrap_up_until=None,
        )

    def comes_back(self, extension: str, reason: str, operator: str | None, now: datetime) -> Call:
        """The transfer to ``extension`` failed: back into the queue, to ``operator`` first where one is given."""
        transfer = Transfer(extension, "", Step.RETURNED, now, reason)
        return replace(self.waits_in(self.queue or "", now), transfer=transfer, assigned=operator)

    def waits_for(self, operator: str) -> Call:
        """Wait for ``operator``, at the same place."""
        return replace(self, assigned=operator, transfer=None)

    def calls_back(self, number: PhoneNumber, now: datetime) -> Call:
        """The citizen hangs up and is rung at ``number`` when the turn of this place has come.

        The tries of an earlier callback of the same call count on.
        """
        attempts = self.callback.attempts if self.callback else 0
        return replace(self, stage=Stage.CALL_BACK, callback=Callback(number, now, attempts=attempts))

    def rings_citizen(self) -> Call:
        """The operator has answered; the citizen is rung once more."""
        assert self.callback is not None
        return replace(self, callback=self.callback.rings())

    def is_rung_after(self, due: datetime) -> Call:
        """The callback waits, again or at first, and not before ``due``."""
        assert self.callback is not None
        return replace(self, offer=None, callback=self.callback.waits_until(due))

    def takes_message(self, now: datetime) -> Call:
        """The caller speaks a message from ``now`` on."""
        return replace(self, stage=Stage.MESSAGE, message_since=now)

    def offered_to(self, operator: str, leg: str, now: datetime) -> Call:
        """Ring at ``operator``'s phone, still at its place in the queue."""
        return replace(self, offers=self.offers + 1, offer=Offer(operator, leg, now))

    def not_answered(self) -> Call:
        """The phone that rang did not answer; the place in the queue stays."""
        return replace(self, offer=None)

    def talks_with(self, operator: str, leg: str, now: datetime) -> Call:
        """The operator has answered."""
        return replace(
            self,
            stage=Stage.TALK,
            assigned=None,
            offer=None,
            operator=operator,
            operator_leg=leg,
            transfer=None,
            answered=self.answered or now,
            outcome=Outcome.ANSWERED,
            callback=self.callback and self.callback.reached(),
        )

    def is_held(self, now: datetime) -> Call:
        """The operator puts the caller on hold; pressed again it does not begin anew."""
        return replace(self, held=self.held or now)

    def is_taken_back(self) -> Call:
        """The operator and the caller hear each other again."""
        return replace(self, held=None)

    def loses_operator(self, now: datetime) -> Call:
        """The operator's page is gone; the caller waits for it."""
        return replace(self, lost=self.lost or now, operator_leg=None)

    def rings_operator(self, leg: str) -> Call:
        """The operator's page is back and is rung for the talk that goes on."""
        return replace(self, operator_leg=leg)

    def has_operator_again(self) -> Call:
        """It has answered."""
        return replace(self, lost=None)

    def monitored(self, monitor: Monitor | None) -> Call:
        """A supervisor is at the talk; None: no longer."""
        return replace(self, monitor=monitor)

    def taken_over(self) -> Call:
        """The supervisor who is at the talk has it now in the operator's stead."""
        assert self.monitor is not None
        return replace(self, operator=self.monitor.supervisor, operator_leg=self.monitor.leg, held=None, monitor=None)

    def handed_to(self, extension: str, leg: str, now: datetime) -> Call:
        """The operator puts the caller through to the city's ``extension``, which is rung by ``leg``."""
        transfer = Transfer(extension, leg, Step.BLIND, now)
        return replace(self, stage=Stage.HAND_OVER, extension=extension, transfer=transfer, held=None, lost=None)

    def put_through(self, extension: str, leg: str, queue: str, now: datetime) -> Call:
        """As ``handed_to``, by the voicebot: no operator has part in it, and who is not answered waits in ``queue``."""
        return replace(self.handed_to(extension, leg, now), queue=queue)

    def tells(self, told: Told) -> Call:
        """The caller hears a number from the platform; the operator leaves."""
        return replace(self, stage=Stage.TELL, told=told, held=None, lost=None)

    def consults(self, extension: str, leg: str, now: datetime, language: str | None = None) -> Call:
        """The operator asks the city's ``extension`` first, while the caller is on hold; one who was stays so.

        With a ``language`` it is the number of an interpreter.
        """
        transfer = Transfer(extension, leg, Step.RINGING, now, language=language)
        return replace(self, stage=Stage.CONSULT, extension=extension, transfer=transfer, held=self.held or now)

    def transfers(self, step: Step) -> Call:
        """The attended transfer has come to ``step``."""
        assert self.transfer is not None
        return replace(self, transfer=replace(self.transfer, step=step))

    def transfers_alone(self, step: Step) -> Call:
        """The attended transfer goes on without the operator."""
        return replace(self.transfers(step), stage=Stage.HAND_OVER, held=None)

    def consulted(self) -> Call:
        """Nothing came of the transfer; caller and operator go on."""
        return replace(self, stage=Stage.TALK, extension=None, transfer=None, held=None)

    def operator_is_off(self, at: datetime, until: datetime | None) -> Call:
        """The operator's part is over and is written up until ``until`` (None: without limit); the call may go on."""
        ended = self.talk_ended or self._not_before(at)
        return replace(self, talk_ended=ended, held=None, lost=None, wrap_up_until=until)

    def department_answers(self) -> Call:
        """The extension that the caller is put through to has answered."""
        answered = self.transfer and replace(self.transfer, step=Step.COMPLETED)
        return replace(self, outcome=Outcome.HANDED_OVER, transfer=answered)

    def wraps_up(self, at: datetime, until: datetime | None) -> Call:
        """The telephone call was over at ``at``; the operator writes the history until ``until``."""
        over = self.operator_is_off(at, until)
        return replace(over, stage=Stage.WRAP_UP, ended=self.ended or self._not_before(at))

    def is_over(self, at: datetime, outcome: Outcome) -> Call:
        """The telephone call is over: clean up. The first end time and the first outcome stay."""
        return replace(
            self, stage=Stage.ENDING, ended=self.ended or self._not_before(at), outcome=self.outcome or outcome
        )

    def is_closed(self, at: datetime) -> Call:
        """Nothing more is owed."""
        return replace(self, stage=Stage.ENDED, monitor=None, ended=self.ended or self._not_before(at))

    def _not_before(self, at: datetime) -> datetime:
        """``at``, or the last fact where that is later: the exchange's clock is another, and may keep whole seconds."""
        facts = (self.arrived, self.waiting_since, self.answered, self.talk_ended)
        return max(at, *(fact for fact in facts if fact))
