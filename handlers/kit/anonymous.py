"""Anonymous: a text that people wrote, without the people in it, for reports that leave the bot."""

import re

from handlers.kit.city.model import City

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{2,4}\)[ .-]?|\d{2,4}[ .-])?\d{3}[.-]\d{4}(?![\w-])|\+\d[\d ()./-]{7,}\d"
)


def without_contacts(text: str) -> str:
    """The text with e-mail addresses and telephone numbers left out."""
    return _PHONE.sub("[telephone number left out]", _EMAIL.sub("[e-mail address left out]", text))


def anonymous(city: City, text: str) -> str:
    """The text with e-mail addresses and telephone numbers left out, and the city's people by their title.

    Names that are in no file stay: nobody can tell them from other words.
    """
    text = without_contacts(text)
    for person in city.people.values():
        name = re.compile(rf"@?\b{re.escape(person.name)}\b", re.IGNORECASE)
        text = name.sub(person.title or "a colleague", text)
    return text
