"""City files: a TOML file read into facts; what is wrong in one is a line that names file, key and fix."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from handlers.kit.errors import ConfigurationError, WrongFact
from handlers.kit.facts import ID, Fact

SHOWN = 60  # characters of what stands in the file: whoever mends it has the file open
LONGEST = 400  # characters of a reason, which may quote the file too

Model = TypeVar("Model", bound=Fact)


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file; raises ConfigurationError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(str(path), "file", "it is missing; copy it from the example city") from None
    except OSError as problem:
        raise ConfigurationError(str(path), "file", f"it cannot be read ({problem.strerror}); mend that") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigurationError(str(path), "syntax", f"{problem}; mend that line") from None


def read_facts(path: Path, model: type[Model], without: Model | None = None) -> Model:
    """What a file says; ``without`` is what holds when there is no such file. Raises ConfigurationError."""
    if without is not None and not path.exists():
        return without
    return check_facts(path, "", model, read_toml(path))


def check_facts(path: Path, key: str, model: type[Model], table: Any) -> Model:
    """A table of a file, which stands there under ``key``, as facts; raises ConfigurationError."""
    try:
        return model.model_validate(table)
    except ValidationError as problems:
        problem = problems.errors()[0]
        own = problem.get("ctx", {}).get("error")
        way = (key, *_by_ids(table, problem["loc"]), own.key if isinstance(own, WrongFact) else "")
        raise ConfigurationError(str(path), ".".join(filter(None, way)), _fix(problem, own)) from None


def check_unique(path: Path, table: str, facts: tuple[Any, ...]) -> dict[str, Any]:
    """The facts of a table by their ids; raises ConfigurationError when one is used twice."""
    known: dict[str, Any] = {}
    for fact in facts:
        if fact.id in known:
            raise ConfigurationError(str(path), f"{table}.{fact.id}", "this id is used twice; give one another id")
        known[fact.id] = fact
    return known


def _by_ids(table: Any, way: Sequence[str | int]) -> list[str]:
    """Where something stands, with the ids of the tables on the way: window.first-day.step.fallback.role."""
    names: list[str] = []
    for part in way:
        table = _inside(table, part)
        own = table.get("id") if isinstance(part, int) and isinstance(table, dict) else None
        names.append(own if isinstance(own, str) and re.fullmatch(ID, own) else str(part))
    return names


def _inside(table: Any, part: str | int) -> Any:
    match table, part:
        case dict(), str():
            return table.get(part)
        case list(), int() if part < len(table):
            return table[part]
        case _:
            return None


def _fix(problem: Any, own: Exception | None) -> str:
    match problem["type"]:
        case "extra_forbidden":
            return "this key is not known; remove it or mend its spelling"
        case "missing":
            return "it is missing; add it"
        case "value_error":
            return _cut(" ".join(str(own).split()), LONGEST)
        case _:
            return f"{_cut(repr(problem['input']), SHOWN)} does not fit: {problem['msg']}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}\u2026"
