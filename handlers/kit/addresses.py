"""Addresses: the e-mail addresses in a text that somebody wrote, of which each can be written to as it stands."""

import re
from email.errors import MessageError
from email.headerregistry import Address

LONGEST = 254  # characters of an address that a mail server takes (RFC 5321, 4.5.3.1.3, without its brackets)
_FIRST, _LATER = r"[A-Za-z0-9_]", r"[A-Za-z0-9_.!#$%&*+/=?^`{|}~'-]"
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
_FOUND = re.compile(rf"(?<![\w.!#$%&*+/=?^`{{|}}~@-]){_FIRST}{_LATER}*@{_DOMAIN}(?![\w@-])")


def addresses_in(text: str) -> tuple[str, ...]:
    """Every e-mail address in a text, each once, in order; not what only resembles one, nor one that has letters with
    which not every mail server can be written to.

    >>> addresses_in("Ann Lee <ann@example.org>, 212-555-0147, at work: a.lee@school.example.org.")
    ('ann@example.org', 'a.lee@school.example.org')
    """
    found = dict[str, str]()
    for address in filter(_can_be_written_to, _FOUND.findall(text)):
        found.setdefault(address.casefold(), address)
    return tuple(found.values())


def _can_be_written_to(address: str) -> bool:
    try:
        return Address(addr_spec=address).addr_spec == address and len(address) <= LONGEST
    except (MessageError, ValueError, IndexError):
        return False
