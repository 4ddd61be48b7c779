"""Telephone: one number as people write it, and the address that a telephone calls (RFC 3966)."""

import re

FEWEST, MOST = 2, 18  # digits: an emergency number, and the most of any country (E.164: 15) after 011
AT_HOME = 11  # digits of a number that begins neither with + nor with a zero: 1 and ten more
ALONE = 7  # digits: from so many on, what stands before a slash is a number of its own and no area code
_EXTENSION = re.compile(r"[\s,;]*(?:\bext(?:ension|n)?\b\.?|\bx|#)\s*:?\s*(\d{1,7})$", re.IGNORECASE)
_TRUNK = re.compile(r"(?<=\d)\s*\(0\)\s*")  # +49 (0)30: the zero is dialed only inside the country
_WRITTEN = re.compile(r"\+?[0-9 ()./-]+")


def dialed(written: str) -> str:
    """The address of a number; ValueError with the fix where it is not one number."""
    number, extension = _parts(written.strip(" "))
    digits = re.sub("[^0-9]", "", number)
    most = MOST if number.startswith(("+", "0")) else AT_HOME
    if not _WRITTEN.fullmatch(number) or not FEWEST <= len(digits) <= most:
        raise ValueError(
            "write one telephone number, such as (555) 555-0111, 555-0115 ext. 12 or +1 555 555 0111; "
            "a second number is a contact of its own"
        )
    return f"tel:{'+' if number.startswith('+') else ''}{digits}{f';ext={extension}' if extension else ''}"


def _parts(written: str) -> tuple[str, str]:
    """The number and its extension, or an empty text for a part that is not there or not one number."""
    found = _EXTENSION.search(written)
    number = written[: found.start()] if found else written
    if number.startswith("+"):
        number = _TRUNK.sub(" ", number)
    before, slash, _ = number.partition("/")
    two = slash and len(re.sub("[^0-9]", "", before)) >= ALONE
    return ("" if two else number), (found[1] if found else "")


def one_number(written: str) -> str:
    """A number of the city's files as it was written; ValueError with the fix where it is not one number."""
    dialed(written)
    return written
