"""Lists: several words as people say them in a sentence."""

from collections.abc import Sequence


def listed(words: Sequence[str], last: str = "and") -> str:
    """Tom Okafor, Hugo Lindqvist and Dana Whitfield; "nobody" for none."""
    *most, end = words or ["nobody"]
    return f"{', '.join(most)} {last} {end}" if most else end
