"""Calls, statuses, recordings and events as rows, and back."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, cast

from sqlalchemy import RowMapping

from crm.fingerprint import Fingerprints
from crm.keyring import Keyring
from crm.sealing import Place, SealBroken, Sealer
from crm.sms.rows import SmsRows
from kernel.call import Call, Offer, Outcome, Stage
from kernel.callback import Callback
from kernel.events import Event, EventKind, StoredEvent
from kernel.monitor import Monitor, MonitorMode
from kernel.operator import OperatorState, OperatorStatus
from kernel.phone_number import PhoneNumber
from kernel.recording import Recording
from kernel.telling import Told
from kernel.transfer import Step, Transfer
from kernel.utterance import Speaker, Utterance

Row = dict[str, Any]

AS_THEY_ARE = tuple(
    field.name
    for field in fields(Call)
    if field.name not in {"caller", "stage", "keys", "offer", "monitor", "transfer", "outcome", "callback", "told"}
)
TRANSFER = tuple(field.name for field in fields(Transfer))
TOLD = tuple(field.name for field in fields(Told))


class CallRows:
    """A call as a row of ``calls``; the caller's number, and the one to be called back, are sealed as one value."""

    def __init__(self, keyring: Keyring) -> None:
        self._sealer = Sealer(keyring)
        self._fingerprints = Fingerprints(keyring)
        self.messages = SmsRows(self._sealer, self._fingerprints)

    def row(self, call: Call) -> Row:
        """All columns."""
        offer, monitor, transfer = call.offer, call.monitor, call.transfer
        return {name: getattr(call, name) for name in AS_THEY_ARE} | {
            "stage": call.stage.value,
            "keys": list(call.keys),
            "outcome": call.outcome and call.outcome.value,
            "offer_operator": offer and offer.operator,
            "offer_leg": offer and offer.leg,
            "offer_since": offer and offer.since,
            "monitor_supervisor": monitor and monitor.supervisor,
            "monitor_leg": monitor and monitor.leg,
            "monitor_mode": monitor and monitor.mode.value,
            **{f"transfer_{name}": transfer and getattr(transfer, name) for name in TRANSFER},
            "transfer_step": transfer and transfer.step.value,
            **{f"told_{name}": call.told and getattr(call.told, name) for name in TOLD},
            "callback_asked": call.callback and call.callback.asked,
            "callback_due": call.callback and call.callback.due,
            "callback_attempts": call.callback and call.callback.attempts,
            "callback_ringing": call.callback and call.callback.ringing,
            "callback_purpose": call.callback and call.callback.purpose,
            "caller_sealed": self._sealed(call),
            "caller_index": self._fingerprints.of_number(call.caller),
            "key_version": self._sealer.version,
        }

    def mark(self, number: PhoneNumber) -> bytes:
        """What stands in ``caller_index`` for ``number``."""
        mark = self._fingerprints.of_number(number)
        if mark is None:
            raise ValueError("a number has digits")
        return mark

    def seal_number(self, number: PhoneNumber, command: str) -> str:
        """Bound to the command, so that it opens for no other."""
        return b64encode(self._sealer.seal(number.digits, Place("commands", "number", command))).decode()

    def open_number(self, sealed: str, command: str) -> PhoneNumber:
        """Raises ValueError where it is not of this command."""
        try:
            return PhoneNumber(str(self._sealer.open(b64decode(sealed), Place("commands", "number", command))))
        except (SealBroken, Base64Error):
            raise ValueError("the number is not sealed for this command") from None

    def call(self, row: RowMapping) -> Call:
        """The call of a whole row. Raises SealBroken."""
        caller, number = self._numbers(row["id"], row["caller_sealed"])
        return Call(
            **{name: row[name] for name in AS_THEY_ARE},
            stage=Stage(row["stage"]),
            keys=tuple(row["keys"]),
            outcome=Outcome(row["outcome"]) if row["outcome"] else None,
            offer=Offer(row["offer_operator"], row["offer_leg"], row["offer_since"]) if row["offer_operator"] else None,
            monitor=_monitor(row),
            transfer=_transfer(row),
            told=Told(**{name: row[f"told_{name}"] for name in TOLD}) if row["told_number"] else None,
            caller=caller,
            callback=_callback(row, number) if number else None,
        )

    def utterance_row(self, said: Utterance) -> Row:
        """All columns of ``utterances``."""
        sealed = self._sealer.seal(said.text, Place("utterances", "text", said.id))
        plain = {"id": said.id, "call": said.call, "at": said.at, "speaker": said.speaker.value}
        return plain | {"text_sealed": sealed, "key_version": self._sealer.version}

    def utterance(self, row: RowMapping) -> Utterance:
        """Raises SealBroken."""
        text = str(self._sealer.open(row["text_sealed"], Place("utterances", "text", row["id"])))
        return Utterance(row["call"], row["at"], Speaker(row["speaker"]), text, row["id"])

    def _sealed(self, call: Call) -> bytes | None:
        """The caller's number as a text; a list of two where there is one to be called back."""
        caller = call.caller and call.caller.digits
        value = [caller, call.callback.number.digits] if call.callback else caller
        return self._sealer.seal(value, _place(call.id)) if value else None

    def _numbers(self, id: str, sealed: bytes | None) -> tuple[PhoneNumber | None, PhoneNumber | None]:
        """The caller's number and the one to be called back."""
        value = self._sealer.open(sealed, _place(id)) if sealed else None
        caller, callback = (
            cast("list[str | None]", value) if isinstance(value, list) else (cast("str | None", value), None)
        )
        return PhoneNumber(caller) if caller else None, PhoneNumber(callback) if callback else None


def _callback(row: RowMapping, number: PhoneNumber) -> Callback:
    return Callback(
        number,
        row["callback_asked"],
        row["callback_due"],
        row["callback_attempts"],
        row["callback_ringing"],
        row["callback_purpose"],
    )


def _monitor(row: RowMapping) -> Monitor | None:
    if not row["monitor_supervisor"]:
        return None
    return Monitor(row["monitor_supervisor"], row["monitor_leg"], MonitorMode(row["monitor_mode"]))


def _transfer(row: RowMapping) -> Transfer | None:
    if not row["transfer_step"]:
        return None
    kept: Row = {name: row[f"transfer_{name}"] for name in TRANSFER}
    kept["step"] = Step(kept["step"])
    return Transfer(**kept)


def _place(id: str) -> Place:
    return Place("calls", "caller", id)


def status_row(status: OperatorStatus) -> Row:
    return {
        "operator": status.operator,
        "state": status.state.value,
        "since": status.since,
        "reason": status.reason,
        "call": status.call,
        "then": status.then and status.then.value,
        "until": status.until,
        "extended": status.extended,
        "overrun": status.overrun,
    }


def status(row: RowMapping) -> OperatorStatus:
    then = OperatorState(row["then"]) if row["then"] else None
    return OperatorStatus(
        **{name: row[name] for name in ("operator", "since", "reason", "call", "until", "extended", "overrun")},
        state=OperatorState(row["state"]),
        then=then,
    )


def recording_row(recording: Recording) -> Row:
    return {field.name: getattr(recording, field.name) for field in fields(Recording)} | {"tries": 0}


def recording(row: RowMapping) -> Recording:
    return Recording(**{field.name: row[field.name] for field in fields(Recording)})


def event_row(stored: StoredEvent) -> Row:
    event = stored.event
    return {
        "id": stored.id,
        "kind": event.kind.value,
        "at": event.at,
        "call": event.call,
        "operator": event.operator,
        "queue": event.queue,
        "data": dict(event.data),
    }


def stored_event(row: RowMapping) -> StoredEvent:
    data = cast("Mapping[str, str | int | float | bool | None]", row["data"])
    event = Event(EventKind(row["kind"]), row["at"], row["call"], row["operator"], row["queue"], data)
    return StoredEvent(row["id"], event)
