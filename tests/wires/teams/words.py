"""Words: what a reader of an Adaptive Card sees, in order."""

from collections.abc import Iterator
from typing import Any

SILENT = ("fallback", "fallbackText", "speak", "data", "refresh", "msteams", "$schema", "errorMessage")
SPOKEN = ("text", "title", "label", "value", "altText", "placeholder")


def words(value: Any) -> Iterator[str]:
    """Every string on the screen: texts, facts, labels, values, alternative texts, titles of buttons."""
    if isinstance(value, list):
        for one in value:
            yield from ([one] if isinstance(one, str) else words(one))
    elif isinstance(value, dict):
        if value.get("type") == "RichTextBlock":
            yield "".join(one if isinstance(one, str) else str(one.get("text", "")) for one in value["inlines"])
            return
        for key, one in value.items():
            if key in SPOKEN and isinstance(one, str):
                yield one
            elif key not in SILENT and isinstance(one, dict | list):
                yield from words(one)
