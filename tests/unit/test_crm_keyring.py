"""The key file: what is made, what is refused, and that no error shows a key."""

import base64
import json

import pytest

from crm.keyring import Keyring, KeyringError, add_key, create_keyring, load_keyring, use_newest_key


def test_a_new_key_file_is_its_owners_alone_and_reads_back_as_made(tmp_path):
    made = create_keyring(tmp_path / "secrets" / "keys")
    assert (tmp_path / "secrets" / "keys").stat().st_mode & 0o777 == 0o600
    assert load_keyring(tmp_path / "secrets" / "keys") == made


def test_a_key_file_that_exists_is_never_overwritten(tmp_path):
    made = create_keyring(tmp_path / "keys")
    with pytest.raises(KeyringError, match="is not overwritten"):
        create_keyring(tmp_path / "keys")
    assert load_keyring(tmp_path / "keys") == made


def test_a_missing_key_file_is_named_and_not_made_anew(tmp_path):
    with pytest.raises(KeyringError, match=r"there is no key file .*keys: restore it"):
        load_keyring(tmp_path / "keys")
    assert not (tmp_path / "keys").exists()


def test_a_key_file_that_others_may_read_is_refused_with_the_remedy(tmp_path):
    create_keyring(tmp_path / "keys")
    (tmp_path / "keys").chmod(0o640)
    with pytest.raises(KeyringError, match=r"chmod 600"):
        load_keyring(tmp_path / "keys")


def broken(**change):
    """Always the same text: several workers must collect the same tests."""
    document = json.loads(Keyring.new().to_json())
    zeros = base64.b64encode(bytes(32)).decode()
    document |= {"keys": dict.fromkeys(document["keys"], zeros), "index": zeros} | change
    return json.dumps(document)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no usable keys"),
        ("{", "holds no usable keys"),
        (broken(keys={"1": base64.b64encode(b"short").decode()}), "a key has 32 bytes, not 5"),
        (broken(keys={"1": "no base64!"}), "written in base64"),
        (broken(index=base64.b64encode(b"x" * 31).decode()), "a key has 32 bytes, not 31"),
        (broken(current=7), "lacks key 7"),
        (broken(keys={}), "lacks key 1"),
        (broken(extra=1), "extra"),
    ],
)
def test_a_key_file_that_is_not_whole_says_what_is_wrong(text, says):
    with pytest.raises(KeyringError, match=says):
        Keyring.from_json(text, "the key file")


def test_no_error_and_no_repr_shows_a_key():
    keyring = Keyring.new()
    secret = base64.b64encode(keyring.keys[1]).decode()
    with pytest.raises(KeyringError) as caught:
        Keyring.from_json(broken(keys={"1": secret + "AAAA"}))
    assert secret not in str(caught.value)
    assert repr(keyring) == "Keyring(current=1)"


def test_an_added_key_only_opens_until_it_is_told_to_seal_and_the_old_one_stays(tmp_path):
    before = create_keyring(tmp_path / "keys")
    assert add_key(tmp_path / "keys").current == 1
    after = use_newest_key(tmp_path / "keys")
    assert after.current == 2
    assert after.keys[1] == before.keys[1] != after.keys[2]
    assert after.index == before.index
    assert load_keyring(tmp_path / "keys") == after
    assert [file.name for file in tmp_path.iterdir()] == ["keys"]
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600


def test_an_addition_that_died_half_way_is_no_obstacle(tmp_path):
    create_keyring(tmp_path / "keys")
    (tmp_path / ".keys.new").write_text("half a")
    assert set(add_key(tmp_path / "keys").keys) == {1, 2}
