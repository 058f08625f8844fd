"""Cases and histories as rows, and back; who rang and what was said are sealed."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import Any, cast

from sqlalchemy import RowMapping

from crm.fingerprint import Fingerprints
from crm.keyring import Keyring
from crm.sealing import Place, Sealer
from kernel.case import Case, CaseStatus, Citizen, History
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
        found_by = self.fingerprints.of_citizen(case.citizen)
        return {f"{field}_index": fingerprint for field, fingerprint in found_by.items()} | {
            "id": case.id,
            "number": case.number,
            "opened": case.opened,
            "status": case.status.value,
            "citizen_sealed": self._sealer.seal(plain, _citizen(case.id)),
            "key_version": self._sealer.version,
            "version": case.version,
        }

    def case(self, row: RowMapping) -> Case:
        """Raises SealBroken."""
        plain = cast("dict[str, str]", self._sealer.open(row["citizen_sealed"], _citizen(row["id"])))
        phone = plain.pop("phone")
        citizen = Citizen(**plain, phone=PhoneNumber(phone) if phone else None)
        return Case(row["id"], row["number"], row["opened"], CaseStatus(row["status"]), citizen, row["version"])

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
