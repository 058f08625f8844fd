"""Which user may close which case, and who is the last to administer."""

import pytest

from kernel.user import Role, User, is_last_administrator, may_close

OWN = frozenset({"kankyo", "shimin"})


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
def test_the_centre_closes_any_case(role):
    assert may_close(User("a", "", role), None)
    assert may_close(User("a", "", role), "kankyo")


def test_city_staff_close_those_of_their_own_departments():
    staff = User("a", "", Role.STAFF, departments=OWN)
    assert [may_close(staff, department) for department in ("kankyo", "shimin", "zei", None)] == [
        True,
        True,
        False,
        False,
    ]
    assert not may_close(User("a", "", Role.STAFF), "kankyo")


def test_an_administrator_and_a_disabled_user_close_none():
    assert not may_close(User("a", "", Role.ADMINISTRATOR, departments=OWN), "kankyo")
    assert not may_close(User("a", "", Role.OPERATOR, disabled=True), None)


def test_the_last_administrator_is_the_only_active_one():
    first, second = User("a", "", Role.ADMINISTRATOR), User("b", "", Role.ADMINISTRATOR)
    assert is_last_administrator("a", [first, User("c", "", Role.STAFF)])
    assert not is_last_administrator("a", [first, second])
    assert is_last_administrator("a", [first, User("b", "", Role.ADMINISTRATOR, disabled=True)])
    assert not is_last_administrator("c", [first, User("c", "", Role.STAFF)])
