"""City files: a TOML file read into facts; what is wrong in one is a line that names file, key and fix."""

import codecs
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError

from handlers.kit.city.fact import ID, Fact
from handlers.kit.city.lines import inside, numbered, spoken_place
from handlers.kit.errors import ConfigurationError, WrongFact

REQUIRED = ("city.toml", "departments.toml", "feedback.toml", "people.toml", "places.toml")
SHOWN = 60  # characters of the file that an error quotes; the person who mends it has the file open
LONGEST = 400  # characters of a reason, which may quote the file too
KEPT = 64  # files as they were read: when one changes, the others need not be read again

Texts = Mapping[str, str | OSError | UnicodeDecodeError]  # what stands in each file, or why it cannot be read


class Named(Protocol):
    """A row that has an id."""

    @property
    def id(self) -> str: ...


Model = TypeVar("Model", bound=Fact)
Row = TypeVar("Row", bound=Named)


@dataclass(frozen=True)
class CityFile:
    """One file: where it stands, and what stands in it, why that cannot be read, or None when there is none.

    Files with the same content are equal.
    """

    path: Path = field(compare=False)
    says: str | OSError | UnicodeDecodeError | None

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True)
class CityFolder:
    """The files of a city, as they are now or as they were at an earlier time."""

    path: Path
    texts: Texts

    def __truediv__(self, name: str) -> CityFile:
        return CityFile(self.path / name, self.texts.get(name))


def read_texts(folder: Path) -> Texts:
    """What stands in each file of a folder, by its name, or why it cannot be read."""
    texts = dict[str, str | OSError | UnicodeDecodeError]()
    for path in sorted(folder.glob("*.toml")):
        try:
            texts[path.name] = _decoded(path.read_bytes())
        except FileNotFoundError as problem:
            if path.is_symlink():  # else it was removed just now
                texts[path.name] = problem
        except (OSError, UnicodeDecodeError) as problem:
            texts[path.name] = problem
    return texts


def _decoded(data: bytes) -> str:
    """A text as editors save it: in UTF-8, or in UTF-16 with its mark; marks are taken out, where files were joined
    too. Raises UnicodeDecodeError."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = data.decode("utf-16" if wide else "utf-8").replace("\ufeff", "")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_toml(file: CityFile) -> dict[str, Any]:
    """The tables of a file; raises ConfigurationError."""
    match file.says:
        case None:
            raise ConfigurationError(str(file), "file", "it is missing; copy it from the example city")
        case OSError() as problem:
            raise ConfigurationError(str(file), "file", f"it cannot be read ({problem.strerror}); fix that")
        case UnicodeDecodeError() as problem:
            raise ConfigurationError(str(file), "syntax", f"{problem}; save the file as UTF-8")
        case str() as text:
            return _tables(file, text)


def _tables(file: CityFile, text: str) -> dict[str, Any]:
    if not text.strip():  # a full disk leaves such a file; a city with nothing to say in one writes a comment
        instead = "" if file.path.name in REQUIRED else ", or remove the file"
        raise ConfigurationError(str(file), "file", f"it is empty; put its text back{instead}")
    try:
        return tomllib.loads(text)
    except ValueError as problem:
        raise ConfigurationError(str(file), "syntax", f"{problem}; fix that line") from None
    except RecursionError:
        raise ConfigurationError(str(file), "syntax", "its lists or tables are nested too deep; fix that") from None


def read_facts(file: CityFile, model: type[Model], without: Model | None = None) -> Model:
    """What a file says; ``without`` is what holds when there is no such file. Raises ConfigurationError."""
    if without is not None and file.says is None:
        return without
    facts: Model = _facts(file, model)
    return facts


@lru_cache(KEPT)  # what makes no sense raises, and is not kept
def _facts(file: CityFile, model: type[Model]) -> Model:
    return check_facts(file, "", model, read_toml(file))


def by_id(facts: Iterable[Row]) -> dict[str, Row]:
    """The rows of a table by their ids."""
    return {fact.id: fact for fact in facts}


def check_facts(file: CityFile, key: str, model: type[Model], table: Any) -> Model:
    """A table of a file, which stands there under ``key``, as facts; raises ConfigurationError."""
    try:
        return model.model_validate(table)
    except ValidationError as problems:
        problem = problems.errors()[0]
        own = problem.get("ctx", {}).get("error")
        own_key = own.key if isinstance(own, WrongFact) else ""
        way = (key, *_by_ids(table, problem["loc"]), own_key)
        place = _place(file, key, table, problem["loc"], own_key)
        raise ConfigurationError(str(file), ".".join(filter(None, way)), f"{_fix(problem, own)}{place}") from None


def _place(file: CityFile, key: str, table: Any, way: Sequence[str | int], own_key: str) -> str:
    """Which entry of which list it is and on which line that begins, where this can be said."""
    if key or not isinstance(file.says, str):
        return ""
    within = reduce(inside, way, table)
    found = spoken_place(file.says, table, (*way, *numbered(within, own_key)))
    return f" ({found})" if found else ""


def _by_ids(table: Any, way: Sequence[str | int]) -> list[str]:
    """Where something stands, with the ids of the tables on the way: window.first-day.step.fallback.role."""
    names: list[str] = []
    for part in way:
        table = inside(table, part)
        own = table.get("id") if isinstance(part, int) and isinstance(table, dict) else None
        names.append(own if isinstance(own, str) and re.fullmatch(ID, own) else str(part))
    return names


def _fix(problem: Any, own: Exception | None) -> str:
    match problem["type"]:
        case "extra_forbidden":
            return "this key is not known; remove it or fix its spelling"
        case "missing":
            return "it is missing; add it"
        case "too_short":
            return f"it has {problem['ctx']['actual_length']} entries and needs {problem['ctx']['min_length']} or more"
        case "string_pattern_mismatch" if problem["ctx"]["pattern"].startswith("^[a-z]"):
            wrong = _cut(repr(problem["input"]), SHOWN)
            return f"{wrong} is not an id: write small letters, digits and hyphens, such as eve"
        case "value_error":
            return _cut(" ".join(str(own).split()), LONGEST)
        case _:
            return f"{_cut(repr(problem['input']), SHOWN)} does not fit: {problem['msg']}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}\u2026"
