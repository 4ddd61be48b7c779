"""Words: what a reader of an Adaptive Card sees, in order."""

from collections.abc import Iterator
from typing import Any

SILENT = ("fallback", "fallbackText", "speak", "data", "refresh", "msteams", "$schema", "errorMessage")
SPOKEN = ("text", "title", "label", "value", "altText", "placeholder")


def words(value: Any) -> Iterator[str]:
    """Every string on the screen: texts, facts, labels, values, alternative texts, titles of buttons."""
    if isinstance(value, list):
        for item in value:
            yield from ([item] if isinstance(item, str) else words(item))
    elif isinstance(value, dict):
        if value.get("type") == "RichTextBlock":
            yield "".join(run if isinstance(run, str) else str(run.get("text", "")) for run in value["inlines"])
            return
        for key, item in value.items():
            if key in SPOKEN and isinstance(item, str):
                yield item
            elif key not in SILENT and isinstance(item, dict | list):
                yield from words(item)
