"""Vault: what is sealed opens only with its key and for its reference."""

from base64 import b64encode, urlsafe_b64encode

import pytest

from handlers.kit.vault import CannotOpen, Vault, key_id, read_keys

OLD, NEW = bytes(range(32)), bytes(range(200, 232))


def test_what_was_sealed_opens_and_the_same_text_is_never_sealed_alike() -> None:
    vault = Vault((NEW,))
    first, second = vault.seal("Ann, 212-555-0147 漢字", "F-1"), vault.seal("Ann, 212-555-0147 漢字", "F-1")
    assert first.data != second.data
    assert b"Ann" not in first.data
    assert vault.open(first.key, first.data, "F-1") == "Ann, 212-555-0147 漢字"


def test_the_newer_of_two_keys_seals_and_both_open() -> None:
    before = Vault((OLD,)).seal("Ann", "F-1")
    vault = Vault((NEW, OLD))
    assert vault.open(before.key, before.data, "F-1") == "Ann"
    assert vault.seal("Ann", "F-1").key == key_id(NEW)
    with pytest.raises(CannotOpen):
        Vault((NEW,)).open(before.key, before.data, "F-1")


def test_a_record_opens_for_its_own_reference_alone_and_not_when_it_was_changed() -> None:
    vault = Vault((NEW,))
    sealed = vault.seal("Ann", "F-1")
    with pytest.raises(CannotOpen):
        vault.open(sealed.key, sealed.data, "F-2")
    with pytest.raises(CannotOpen):
        vault.open(sealed.key, sealed.data[:-1] + bytes([sealed.data[-1] ^ 1]), "F-1")


def test_without_a_key_nothing_is_sealed_and_a_vault_does_not_show_its_keys() -> None:
    with pytest.raises(LookupError):
        Vault(()).seal("Ann", "F-1")
    assert str(NEW) not in repr(Vault((NEW,)))


def test_keys_are_read_in_both_spellings_of_base64() -> None:
    assert read_keys(f"{b64encode(NEW).decode()}, {urlsafe_b64encode(OLD).decode()}") == (NEW, OLD)


@pytest.mark.parametrize("text", ["x", "c2hvcnQ=", b64encode(bytes(31)).decode(), f"{b64encode(NEW).decode()},x"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="openssl rand"):
        read_keys(text)
