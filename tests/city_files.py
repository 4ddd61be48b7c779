"""City files: the files of Riverton without people who left, and with what changed about those who stayed."""

import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path


def people_changed(folder: Path, *, left: Collection[str] = (), changed: Mapping[str, Mapping[str, str]] = {}) -> None:
    """Rewrite a folder of city files: people who left are in none of them, and some keys of others are different
    (TOML by person and key)."""
    for file in folder.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        if file.name == "people.toml":
            first, *blocks = text.split("[[person]]")
            kept = [_changed(block, changed.get(_id(block), {})) for block in blocks if _id(block) not in left]
            text = "[[person]]".join([first, *kept])
        for person in left:
            text = re.sub(rf'((?:people|members) = \[.*?)"{person}"(?:, )?', r"\1", text).replace(", ]", "]")
            text = re.sub(rf'^person = "{person}"$', 'name = "Duty desk"', text, flags=re.M)
            text = re.sub(rf'^deputy = "{person}"$\n', "", text, flags=re.M)
        file.write_text(text, encoding="utf-8")


def _id(block: str) -> str:
    return str(tomllib.loads(block)["id"])


def _changed(block: str, keys: Mapping[str, str]) -> str:
    for key, value in keys.items():
        block = re.sub(rf"^{key} = .*$\n", "", block, flags=re.M).rstrip("\n") + f"\n{key} = {value}\n\n"
    return block
