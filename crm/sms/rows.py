"""Messages as rows of ``sms``, and back."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import RowMapping

from crm.fingerprint import Fingerprints
from crm.sealing import Place, Sealer
from kernel.phone_number import PhoneNumber
from kernel.sms import Sms, SmsRecord, SmsState


class SmsRows:
    """Number and text are sealed as one value; equal numbers are found by their fingerprint."""

    def __init__(self, sealer: Sealer, fingerprints: Fingerprints) -> None:
        self._sealer = sealer
        self._fingerprints = fingerprints

    def mark(self, number: PhoneNumber) -> bytes | None:
        """What stands in ``number_index``."""
        return self._fingerprints.of_number(number)

    def row(self, sms: Sms) -> dict[str, Any]:
        """All columns of one that is to be sent."""
        content = self._sealer.seal([sms.number.digits, sms.text], _place(sms.id))
        plain = {"id": sms.id, "call": sms.call, "link": sms.link, "at": sms.at, "by": sms.by, "due": sms.at}
        sealed = {"content_sealed": content, "key_version": self._sealer.version}
        state = {"state": SmsState.TO_SEND.value, "why": None, "tries": 0, "tried": None}
        return plain | sealed | state | {"number_index": self.mark(sms.number)}

    def sms(self, row: RowMapping) -> Sms:
        """The message of a row whose content is still kept. Raises SealBroken."""
        number, text = cast("list[str]", self._sealer.open(row["content_sealed"], _place(row["id"])))
        return Sms(row["call"], row["link"], row["at"], PhoneNumber(number), text, row["by"])


def record(row: RowMapping) -> SmsRecord:
    """What is shown of it."""
    plain = {name: row[name] for name in ("id", "call", "link", "at", "by", "why")}
    return SmsRecord(**plain, state=SmsState(row["state"]))


def _place(id: str) -> Place:
    return Place("sms", "content", id)
