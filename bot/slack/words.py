"""Words: what people write in Slack, read as they wrote it: links, names, channels and emoji."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

_MARK = re.compile(r"<([^<>]+)>")
_EMOJI = re.compile(r"(?<![\w:]):(?P<name>[a-z0-9_+'-]+):(?::skin-tone-\d:)?(?![\w:])")
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?|/$")
PRIVATE = "a private channel"  # whose name Slack does not tell
DEEP = 12  # how many blocks deep emoji are looked for


def unescape(text: str) -> str:
    """The words as somebody typed them; a person becomes ``@slack:U123``, which forms understand."""
    plain = _MARK.sub(lambda found: _unmarked(found[1]), text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _unmarked(mark: str) -> str:
    what, _, label = mark.partition("|")
    match what[0]:
        case "@":
            return f"@slack:{what[1:]}"
        case "#":
            return f"#{label}" if label else f"#slack:{what[1:]}"
        case "!":
            return label or f"@{what[1:].partition('^')[0]}"
        case _ if what.startswith(("mailto:", "tel:")):
            return label or what.partition(":")[2]
        case _:
            return _link(what, label)


def _link(address: str, label: str) -> str:
    """A link as people read it: its label, and where it leads unless the label says so."""
    if not label or label == address:
        return address
    return label if _SCHEME.sub("", address) == _SCHEME.sub("", label) else f"{label} ({address})"


def pictured(text: str, blocks: Any = None) -> str:
    """The text with the emoji that people saw in it, as ``blocks`` have them; the workspace's own keep their names."""
    known = dict(_emoji(blocks, DEEP))
    return _EMOJI.sub(lambda found: known.get(found["name"]) or _by_name(found["name"]) or found[0], text)


def _emoji(block: Any, deep: int) -> Iterator[tuple[str, str]]:
    """The emoji in the blocks of a message, each with its characters."""
    if isinstance(block, list) and deep:
        for part in block:
            yield from _emoji(part, deep - 1)
    elif isinstance(block, Mapping) and deep:
        code = str(block.get("unicode") or "")
        if block.get("type") == "emoji" and re.fullmatch(r"[0-9a-f]{2,5}(-[0-9a-f]{2,5})*", code):
            yield str(block.get("name")), "".join(chr(int(part, 16)) for part in code.split("-"))
        yield from _emoji(block.get("elements"), deep - 1)


def _by_name(name: str) -> str:
    """The emoji that Unicode calls so, where nothing else says which it is: in a command or a form."""
    try:
        sign = unicodedata.lookup(name.replace("_", " ").replace("-", " "))
    except KeyError:
        return ""
    return sign if unicodedata.category(sign) == "So" else ""
