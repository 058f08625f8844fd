"""Cases and histories as rows, and back; who rang and what was said are sealed."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import Any, cast

from sqlalchemy import RowMapping

from crm import spelling
from crm.fingerprint import Fingerprints
from crm.keyring import Keyring
from crm.sealing import Place, Sealer
from kernel.case import Case, CaseStatus, Citizen, FollowUp, History
from kernel.phone_number import PhoneNumber

Row = dict[str, Any]


class CaseRows:
    """Both tables' rows, with one keyring."""

    def __init__(self, keyring: Keyring) -> None:
        self._sealer = Sealer(keyring)
        self.fingerprints = Fingerprints(keyring)

    def case_row(self, case: Case) -> Row:
        """All columns but ``changed`` and ``changed_by``."""
        plain = asdict(replace(case.citizen, phone=None)) | {"phone": case.citizen.phone and case.citizen.phone.digits}
        return self.marks(case.citizen) | {
            "id": case.id,
            "number": case.number,
            "opened": case.opened,
            "status": case.status.value,
            "citizen_sealed": self._sealer.seal(plain, _citizen(case.id)),
            "key_version": self._sealer.version,
            "version": case.version,
            "department": case.department,
            "category": case.category,
            "follow_up_by": case.follow_up and case.follow_up.who,
            "follow_up_due": case.follow_up and case.follow_up.due,
        }

    def marks(self, citizen: Citizen) -> Row:
        """The columns by which a case is found, and by which rules they were made."""
        found_by = self.fingerprints.of_citizen(citizen)
        return {f"{field}_index": mark for field, mark in found_by.items()} | {"marks_version": spelling.VERSION}

    def case(self, row: RowMapping) -> Case:
        """Raises SealBroken."""
        due = row["follow_up_due"]
        return Case(
            row["id"],
            row["number"],
            row["opened"],
            CaseStatus(row["status"]),
            self.citizen(row),
            row["version"],
            row["department"],
            row["category"],
            FollowUp(row["follow_up_by"] or "", due) if due else None,
        )

    def citizen(self, row: RowMapping) -> Citizen:
        """Of ``id`` and ``citizen_sealed`` alone. Raises SealBroken."""
        plain = cast("dict[str, str]", self._sealer.open(row["citizen_sealed"], _citizen(row["id"])))
        phone = plain.pop("phone")
        return Citizen(**plain, phone=PhoneNumber(phone) if phone else None)

    def history_row(self, history: History) -> Row:
        """All columns."""
        wording = [history.subject, history.text]
        kept = {field.name: getattr(history, field.name) for field in fields(history)}
        del kept["subject"], kept["text"]
        return kept | {
            "wording_sealed": self._sealer.seal(wording, _wording(history.id)),
            "key_version": self._sealer.version,
        }

    def history(self, row: RowMapping) -> History:
        """Raises SealBroken."""
        subject, text = cast("list[str]", self._sealer.open(row["wording_sealed"], _wording(row["id"])))
        return History(
            row["id"],
            row["case"],
            row["call"],
            row["author"],
            row["written"],
            subject,
            text,
            row["outcome"],
            row["version"],
        )


def _citizen(id: str) -> Place:
    return Place("cases", "citizen", id)


def _wording(id: str) -> Place:
    return Place("histories", "wording", id)
