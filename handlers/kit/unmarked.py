"""Unmarked: a typed line without what stands around a command: bold, backticks, quotes, the bullet of a list."""

import re

_MARKS = r"\*{1,3}|_{1,3}|~{1,2}|`{1,3}"
_OPENS, _CLOSES = "[\"'\u201c\u201d\u201e\u2018\u2019\u00ab]", "[\"'\u201c\u201d\u2018\u2019\u00bb]"
_ENDS = r"(?=[\s;:,.!?]|$)"
_AROUND = (
    re.compile(rf"/?({_MARKS})\s*(?P<what>\S.*?)\s*\1{_ENDS}", re.DOTALL),
    re.compile(rf"/?{_OPENS}\s*(?P<what>\S.*?)\s*{_CLOSES}{_ENDS}", re.DOTALL),
)
_BEFORE = re.compile(rf"(?:{_MARKS}|{_OPENS}|[>\u2022\u00b7\u2013\u2014/-])\s*")


def unmarked(line: str) -> str:
    """The line as it would be typed plainly: the mark it begins with and the one that closes it are taken away.

    Marks further on belong to what somebody says, and stay.
    """
    line = line.strip()
    while line and (plain := _without_first_mark(line)) != line:
        line = plain
    return line


def _without_first_mark(line: str) -> str:
    for around in _AROUND:
        if found := around.match(line):
            return f"{found['what']}{line[found.end() :]}".strip()
    return _BEFORE.sub("", line, count=1) if _BEFORE.match(line) else line
