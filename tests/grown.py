"""Grown: a city several times as large: copies of everybody, of departments, contacts, teams and steps of the plan."""

import re
from pathlib import Path

COPIED = {
    "people.toml": "person", "departments.toml": "department", "standup.toml": "team", "checklists.toml": "item",
    "contacts.toml": "contact", "crisis.toml": "window.step",
}  # fmt: skip
NAMES = ("id", "name", "email", "head", "deputy", "department", "person", "members", "owner")  # what differs in a copy
WORDS = ("Abel", "Bart", "Cole", "Dirk", "Egon", "Finn", "Gale", "Hans", "Ivor")  # after the name of each copy


def grow(folder: Path, times: int) -> None:
    """Make a folder of city files so many times as large, at most ten."""
    for name, table in COPIED.items():
        file = folder / name
        first, *blocks = re.split(rf"^(?=\[\[{re.escape(table)}\]\])", file.read_text(encoding="utf-8"), flags=re.M)
        each = [_copies(block, times) for block in blocks]
        file.write_text("".join([first, *each]), encoding="utf-8")
    file = folder / "crisis.toml"
    grown = re.sub(r"^people = \[(.*)\]", lambda found: _people(found[1], times), file.read_text(), flags=re.M)
    file.write_text(grown, encoding="utf-8")


def _copies(block: str, times: int) -> str:
    """A block of a file with its copies, before what follows it."""
    own, gap, rest = block.partition("\n\n")
    copies = ["\n".join(_line(line, word) for line in own.splitlines()) for word in WORDS[: times - 1]]
    return "\n\n".join([own, *copies]) + (gap or "\n") + rest


def _line(line: str, word: str) -> str:
    key, _, value = line.partition(" = ")
    if key == "name":
        return f'{key} = "{value.strip(chr(34))} {word}"'
    if key not in NAMES:
        return line
    if key == "owner":  # a role, or a department
        return re.sub(r'"department:([\w-]+)"', rf'"department:\1-{word.lower()}"', line)
    return re.sub(r'"([\w-]+)(@[^"]*)?"', rf'"\1-{word.lower()}\2"', line)


def _people(named: str, times: int) -> str:
    """The people of a role, with their copies."""
    copies = [re.sub(r'"([\w-]+)"', rf'"\1-{word.lower()}"', named) for word in WORDS[: times - 1]]
    return f"people = [{', '.join([named, *copies])}]"
