"""Addresses: an address is found whatever stands around it, and what is none is not made into one."""

import pytest

from handlers.kit.addresses import addresses_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ann@example.org", ["ann@example.org"]),
        ("Ann Lee, 212-555-0147, ann.lee@example.org", ["ann.lee@example.org"]),
        ("Ann Lee <ann@example.org>", ["ann@example.org"]),
        ("mailto:ann+city@example.org", ["ann+city@example.org"]),
        ("'ann@example.org'", ["ann@example.org"]),
        ("“ann@example.org”.", ["ann@example.org"]),
        ("ann@example.org\nbob@example.org", ["ann@example.org", "bob@example.org"]),
        ("ann@example.org; ANN@Example.org, bob@example.org", ["ann@example.org", "bob@example.org"]),
        ("bob@example.org ann@example.org Bob@example.org", ["bob@example.org", "ann@example.org"]),
        ("ann@example.org\r\nBcc: all@example.org", ["ann@example.org", "all@example.org"]),
        ("o'neil@example.org", ["o'neil@example.org"]),
        ("212-555-0147", []),
        ("ann@", []),
        ("@ann", []),
        ("ann@localhost", []),
        ("ann@example.org@example.net", []),
        ("jörg@example.org", []),
        ("ann@exämple.org", []),
        ("a..b@example.org", []),
        ("ann@-example.org", []),
        (f"{'a' * 250}@example.org", []),
        ("", []),
    ],
)
def test_the_addresses_in_a_text(text: str, found: list[str]) -> None:
    assert addresses_in(text) == tuple(found)


def test_a_long_text_without_an_address_is_read_at_once() -> None:
    assert addresses_in("a." * 20_000) == ()
    assert addresses_in("a@" + "b-" * 20_000) == ()
