"""Signs: what stands in a text and is not seen: it fills no field, and what it turns around ends with its line."""

import re
import unicodedata

_OPENS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)  # what begins another direction, and what ends it (Unicode Bidirectional Algorithm, 2.1 to 2.5)
_CLOSES = frozenset(_OPENS.values())
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINES = re.compile(r"([\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029])")  # an effect ends with its line in any case
_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and a sign that are drawn as nothing
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"))  # general categories


def storable(value: str) -> str:
    """Databases refuse U+0000 and lone surrogates; they are taken out on the way in."""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def is_blank(text: str) -> bool:
    """Whether nobody would see anything of a text, though it may have characters."""
    return all(sign in _EMPTY or unicodedata.category(sign) in _UNSEEN for sign in text)


def bare(text: str) -> str:
    """A number, a date or a name without the unseen signs that copying from a page brings along."""
    if text.isascii():
        return text
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf").strip()


def closed(text: str, most: int | None = None) -> str:
    """A text in which every change of direction ends with its line, so that nothing after it is turned around.

    Where the ends would make it longer than ``most`` characters, the changes are left out.
    """
    if not _DIRECTION.search(text):
        return text
    whole = "".join(part if _LINES.fullmatch(part) else _closed_line(part) for part in _LINES.split(text))
    return whole if most is None or len(whole) <= most else _DIRECTION.sub("", text)


def cut(text: str, most: int, *, at_a_word: bool = False) -> str:
    """A text, ending in an ellipsis when it is longer than ``most`` characters."""
    if len(text) <= most:
        return text
    begun = text[:most].rpartition(" ")[0] if at_a_word else ""
    return closed((begun or text[: most - 1]).rstrip() + "\u2026", most)


def _closed_line(line: str) -> str:
    """One line; an end of nothing is left out, for it might end what somebody else has begun."""
    kept, open_ends = [], list[str]()
    for sign in line:
        if sign in _CLOSES:
            if sign not in open_ends:
                continue
            while (ended := open_ends.pop()) != sign:
                kept.append(ended)
        open_ends.extend(_OPENS.get(sign, ""))
        kept.append(sign)
    return "".join([*kept, *reversed(open_ends)])
