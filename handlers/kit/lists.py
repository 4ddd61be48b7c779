"""Lists: several words as people say them in a sentence."""

from collections.abc import Iterable, Sequence

from handlers.kit.inline import Inline


def listed(words: Sequence[str], last: str = "and") -> str:
    """Tom Okafor, Hugo Lindqvist and Dana Whitfield; "nobody" for none."""
    *most, end = words or ["nobody"]
    return f"{', '.join(most)} {last} {end}" if most else end


def agreeing(words: Sequence[str], verb: str, several: str) -> str:
    """The same with the verb that goes with it: "Tom is", "Tom and Olga are"."""
    return f"{listed(words)} {several if len(words) > 1 else verb}"


def counted(count: int, what: str, several: str = "") -> str:
    """How many there are, and of what: "1 step", "2 steps"; where an s is not enough, with what is said of several:
    ``counted(count, "person is", "people are")``."""
    return f"{count:,} {what if count == 1 else several or f'{what}s'}"


def all_of(count: int, what: str, several: str = "") -> str:
    """The same of all there are, as a beginning: "All 12 departments", and "The department" where there is one."""
    return f"The {what}" if count == 1 else f"All {counted(count, what, several)}"


def ended(text: str) -> str:
    """What somebody wrote as a sentence among others, with a period unless it ends with a mark of its own."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def with_commas(parts: Iterable[Inline]) -> list[Inline]:
    """Parts of a line, some of which may catch the eye, with commas between them."""
    return [inline for part in parts for inline in (part, ", ")][:-1]
