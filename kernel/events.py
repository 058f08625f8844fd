"""What has happened: the append-only log of call events, and what travels on the bus after the commit.

An event never carries personal data: who needs the caller's number reads the call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Plain = str | int | float | bool | None


class EventKind(StrEnum):
    CALL_ARRIVED = "call_arrived"
    MENU_CHOSEN = "menu_chosen"
    VOICEBOT_HEARD = "voicebot_heard"  # data: question, meaning, choice, name, confidence, took_seconds; no words
    VOICEBOT_LEFT = "voicebot_left"  # data: to, why, key
    VOICEBOT_FAILED = "voicebot_failed"  # nobody could listen; data: why, to (the menu)
    CALL_QUEUED = "call_queued"
    CALL_OVERFLOWED = "call_overflowed"
    QUEUE_LEFT = "queue_left"
    WAIT_EXPLAINED = "wait_explained"
    WAIT_TOLD = "wait_told"
    CALL_MOVED = "call_moved"
    CALL_OFFERED = "call_offered"
    OFFER_NOT_ANSWERED = "offer_not_answered"
    CALL_ANSWERED = "call_answered"
    CALL_ABANDONED = "call_abandoned"  # gave up the first wait
    CALL_FOLLOWED_UP = "call_followed_up"  # one that gave up was settled; data: by
    CALL_LOST = "call_lost"  # was answered, came back to the queue and gave up there
    CALLBACK_ASKED = "callback_asked"
    CALLBACK_RINGS = "callback_rings"
    CALLBACK_NOT_REACHED = "callback_not_reached"
    CALLBACK_GIVEN_UP = "callback_given_up"
    CALL_DIALLED = "call_dialled"  # by an operator, whose phone rings; data: purpose, case, follows
    CITIZEN_RINGS = "citizen_rings"
    NOT_CONNECTED = "not_connected"  # data: reason
    MESSAGE_LEFT = "message_left"
    MESSAGE_HEARD = "message_heard"  # at the console; data: by
    RECORDING_STARTED = "recording_started"
    RECORDING_STOPPED = "recording_stopped"
    TALK_DRAFTED = "talk_drafted"  # a draft of its history is being made, or was; data: state; no words
    HAND_OVER_STARTED = "hand_over_started"
    HAND_OVER_ANSWERED = "hand_over_answered"
    HAND_OVER_FAILED = "hand_over_failed"  # data: extension, reason, to (operator, queue)
    CONSULT_STARTED = "consult_started"  # data: extension, language: of an interpreter
    CONSULT_ANSWERED = "consult_answered"  # data: language
    CONSULT_SWAPPED = "consult_swapped"  # data: to (caller, department), why (asked, limit)
    CONSULT_JOINED = "consult_joined"  # all three
    CONSULT_ENDED = "consult_ended"  # the caller is back with the operator; data: extension, why
    CALL_HELD = "call_held"
    CALL_RESUMED = "call_resumed"
    OPERATOR_LOST = "operator_lost"  # the page was gone from the talk
    OPERATOR_BACK = "operator_back"
    OPERATOR_GIVEN_UP = "operator_given_up"  # the caller waits for another
    MONITOR_STARTED = "monitor_started"
    MONITOR_CHANGED = "monitor_changed"
    MONITOR_ENDED = "monitor_ended"
    CALL_TAKEN_OVER = "call_taken_over"
    CALL_PUT_BACK = "call_put_back"  # by who had taken it over; data: by, to
    TALK_ENDED = "talk_ended"
    WRAP_UP_ENDED = "wrap_up_ended"
    CALL_TURNED_AWAY = "call_turned_away"
    CALL_ENDED = "call_ended"
    CALL_FAILED = "call_failed"
    CALL_ADOPTED = "call_adopted"
    OPERATOR_CHANGED = "operator_changed"
    OPERATOR_EXPLAINED = "operator_explained"
    PAUSE_OVERRUN = "pause_overrun"
    HISTORY_SAVED = "history_saved"  # call: None for one without a call
    CASE_CHANGED = "case_changed"  # closed, or opened again, without a history; data: author
    RECORDING_DELETED = "recording_deleted"
    RECORDING_NOT_DELETED = "recording_not_deleted"
    CENTRE_CHANGED = "centre_changed"
    DIRECTORY_CHANGED = "directory_changed"  # data: by, version
    NUMBER_TOLD = "number_told"  # the caller is given an outside number to ring (T8); data: entry, department, how
    SMS_ASKED = "sms_asked"  # a link by SMS (T13); data: link, how (voicebot, key, operator)
    SMS_SENT = "sms_sent"  # the gateway has it; data: link
    SMS_REFUSED = "sms_refused"  # it is never sent; data: link, why
    SMS_UNCERTAIN = "sms_uncertain"  # it may be sent or not, and is not tried again; data: link, why
    QUEUE_CLOSED = "queue_closed"
    QUEUE_OPENED = "queue_opened"
    COMMAND_DONE = "command_done"
    COMMAND_REFUSED = "command_refused"
    ADMISSION_CHANGED = "admission_changed"
    CONTROLLER_STARTED = "controller_started"
    CONTROLLER_STOPPED = "controller_stopped"
    EXCHANGE_CONNECTED = "exchange_connected"  # the controller drives Asterisk
    EXCHANGE_LOST = "exchange_lost"  # and does no longer; calls go on there


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. ``at`` is aware, UTC. ``data`` holds what only this kind has, never personal data.

    What a supervisor has done to others names that user in ``data["by"]``.
    """

    kind: EventKind
    at: datetime
    call: str | None = None
    operator: str | None = None
    queue: str | None = None
    data: Mapping[str, Plain] = field(default_factory=dict[str, Plain])


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with its place in the log. Ids grow in the order of commits, with gaps."""

    id: int
    event: Event
