"""What administrators type about a user, checked. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from kernel.user import Role

LONGEST_NAME = 64
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")

BAD_ID = "利用者IDは、英小文字・数字・ハイフン(1〜32文字)で入力してください。"
BAD_NAME = f"氏名を入力してください({LONGEST_NAME}文字以内)。"
BAD_ROLE = "権限を選んでください。"
BAD_DEPARTMENT = "選ばれた所管課はもうありません。画面を開き直してください。"


@dataclass(frozen=True, slots=True)
class UserForm:
    """``problem`` is "" where all is well; then ``role`` is set."""

    id: str
    name: str
    role: Role | None
    departments: frozenset[str]
    problem: str = ""


def read(id: str, name: str, role: str, departments: Collection[str], known: Collection[str]) -> UserForm:
    """``known`` are the departments that may be chosen."""
    clean = "".join(char for char in name if char >= " ").strip()
    chosen = frozenset(departments)
    form = UserForm(id.strip(), clean, Role(role) if role in set(Role) else None, chosen)
    return UserForm(form.id, clean, form.role, chosen, _problem(form, known))


def _problem(form: UserForm, known: Collection[str]) -> str:
    if not ID.fullmatch(form.id):
        return BAD_ID
    if not 0 < len(form.name) <= LONGEST_NAME:
        return BAD_NAME
    if form.role is None:
        return BAD_ROLE
    return "" if form.departments <= frozenset(known) else BAD_DEPARTMENT
