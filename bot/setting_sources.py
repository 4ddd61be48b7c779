"""Setting sources: where a setting may stand: the environment, .env, or a file that one of them names."""

import os
from collections.abc import Collection
from pathlib import Path

from dotenv import dotenv_values

from handlers.kit.errors import ConfigurationError


def named(names: Collection[str]) -> dict[str, str]:
    """What stands in .env and in the environment, which wins; an empty value is as good as none."""
    return {
        key.lower(): value
        for place in (dotenv_values(".env"), os.environ)
        for key, value in place.items()
        if value and key.lower() in names
    }


def from_files(names: Collection[str]) -> dict[str, str]:
    """What files hold that are named by a key and ``_FILE``, as container platforms hand secrets over."""
    given = {**dotenv_values(".env"), **os.environ}
    found: dict[str, str] = {}
    for name in names:
        key = f"{name.upper()}_FILE"
        if not (path := given.get(key)):
            continue
        if given.get(name.upper()):
            raise ConfigurationError(source(key), key, f"{name.upper()} is set too; remove one of them")
        try:
            found[name] = Path(path).read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as problem:
            raise ConfigurationError(source(key), key, f"{path} cannot be read: {problem}") from None
    return found


def check_names(names: Collection[str]) -> None:
    """Raise ConfigurationError for a key of .env that is one typing mistake away from one of ours."""
    ours = [key for name in names for key in (name.upper(), f"{name.upper()}_FILE")]
    for key in dotenv_values(".env"):
        near = [known for known in ours if _is_near(key.upper(), known)]
        if key.upper() not in ours and near:
            raise ConfigurationError(".env", key, f"there is no such key; did you mean {near[0]}?")


def _is_near(typed: str, known: str) -> bool:
    """Whether one letter was left out, added, mistaken or put in another place."""
    near = [{word, *(word[:at] + word[at + 1 :] for at in range(len(word)))} for word in (typed, known)]
    return not near[0].isdisjoint(near[1])


def source(key: str) -> str:
    """Where a key comes from: the environment wins over .env."""
    if key in os.environ or key.lower() in os.environ:
        return "environment"
    return ".env" if key in dotenv_values(".env") else "environment"
