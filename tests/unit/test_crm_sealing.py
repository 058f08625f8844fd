"""What is sealed opens in its place, with its key, unaltered; and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.keyring import Keyring
from crm.sealing import NONCE_BYTES, VERSION_BYTES, Place, SealBroken, Sealer

HERE = Place("calls", "caller", "centre-1.1")
KEYRING = Keyring.new()
values = st.recursive(
    st.none() | st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(values)
def test_what_is_sealed_opens_as_it_was(value):
    assert Sealer(KEYRING).open(Sealer(KEYRING).seal(value, HERE), HERE) == value


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("cases", "caller", "centre-1.1"),
        Place("calls", "dialled", "centre-1.1"),
        Place("calls", "caller", "centre-1.2"),
    ],
)
def test_what_was_moved_to_another_table_column_or_row_does_not_open(elsewhere):
    sealed = Sealer(KEYRING).seal("09012345678", HERE)
    with pytest.raises(SealBroken, match="altered or moved"):
        Sealer(KEYRING).open(sealed, elsewhere)


@given(st.integers(min_value=0), st.integers(1, 255))
def test_one_altered_byte_anywhere_is_noticed(place, change):
    sealed = bytearray(Sealer(KEYRING).seal("09012345678", HERE))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(SealBroken) as caught:
        Sealer(KEYRING).open(bytes(sealed), HERE)
    assert "0901" not in str(caught.value)


@given(st.integers(0, 40))
def test_a_value_that_was_cut_off_does_not_open(length):
    with pytest.raises(SealBroken):
        Sealer(KEYRING).open(Sealer(KEYRING).seal("09012345678", HERE)[:length], HERE)


def test_a_key_that_is_missing_is_named():
    sealed = Sealer(KEYRING.extended().with_newest_current()).seal("x", HERE)
    with pytest.raises(SealBroken, match="was sealed by key 2, which the key file lacks"):
        Sealer(KEYRING).open(sealed, HERE)


def test_another_key_of_the_same_number_does_not_open_it():
    with pytest.raises(SealBroken, match="another of that number"):
        Sealer(Keyring.new()).open(Sealer(KEYRING).seal("x", HERE), HERE)


def test_a_version_that_was_rewritten_does_not_open_even_where_the_key_is_the_same():
    twins = Keyring(1, {1: KEYRING.keys[1], 2: KEYRING.keys[1]}, KEYRING.index)
    sealed = Sealer(twins).seal("x", HERE)
    with pytest.raises(SealBroken):
        Sealer(twins).open((2).to_bytes(VERSION_BYTES) + sealed[VERSION_BYTES:], HERE)


def test_the_same_value_never_looks_the_same_twice():
    sealed = [Sealer(KEYRING).seal("09012345678", HERE) for _ in range(100)]
    assert len({one[VERSION_BYTES : VERSION_BYTES + NONCE_BYTES] for one in sealed}) == 100
