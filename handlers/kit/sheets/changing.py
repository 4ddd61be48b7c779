"""Changing: a row that was exported, changed in a spreadsheet and brought back, against the record as it is now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from pydantic import create_model

from handlers.kit.context import Context
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.forms import KEPT_FORMS, Form, Question, questions, read_form
from handlers.kit.sheets.problems import Problem
from handlers.kit.sheets.reading import Line, as_asked, named
from handlers.kit.sheets.versions import COLUMN, plain, was
from handlers.kit.sheets.writing import Sheet

HAPPENED = "This records what happened and cannot be changed in a spreadsheet. Put the old value back."
REFERENCE = "reference"  # the field of a row that names its record


@dataclass(frozen=True)
class Register:
    """A register, and the row that its sheet asks."""

    sheet: Sheet
    context: Context

    @cached_property
    def form(self) -> type[Form]:
        return self.sheet.form(self.context.city)

    @cached_property
    def columns(self) -> tuple[Question, ...]:
        return questions(self.form, self.context.city)

    def headings(self, names: Collection[str]) -> list[str]:
        """The headings of these fields, in the order of the columns."""
        return [column.label for column in self.columns if column.name in names]

    def read(self, values: Mapping[str, str]) -> dict[str, Any]:
        """What these cells say, and no others. Raises FieldErrors."""
        part = _part(self.form, frozenset(values))
        return read_form(part, as_asked(values, self.columns), self.context.reading).values()

    def is_same(self, name: str, text: str, other: str) -> bool:
        """Whether two texts of a cell mean the same."""
        if plain(text) == plain(other):
            return True
        try:
            return self.read({name: text}) == self.read({name: other})
        except FieldErrors:
            return False


def decided_in_chat(command: str) -> str:
    """Why a cell changes nothing that somebody has to decide, with the command for it."""
    return f'This is decided in chat: "{command}". Put the old value back.'


@dataclass(frozen=True)
class Changed:
    """What came of a row: the fields that changed, those that stay as they were changed in the register meanwhile, or
    what does not fit."""

    fields: Collection[str] = ()
    kept: Collection[str] = ()
    problems: Collection[Problem] = ()


def change_row(register: Register, line: Line, now: Mapping[str, str]) -> Changed:
    """Change a record as its row says; ``now`` is the row as it would be exported now, by field.

    A cell that is as it was exported changes nothing, whatever the register says by now.
    """
    sheet, version = register.sheet, line.values.get(COLUMN, "").strip()
    differs = {
        name: text
        for name, text in line.values.items()
        if name not in (REFERENCE, COLUMN, *sheet.counted) and not register.is_same(name, text, now[name])
    }
    kept = {name for name, text in differs.items() if was(version, name, text)}
    wanted = {name: text for name, text in differs.items() if name not in kept}
    wrong = _in_the_way(register, now, version, differs, wanted)
    if wrong or not wanted:
        return Changed((), kept, named(line.number, register.columns, FieldErrors(wrong)))
    try:
        fields = sheet.change(register.context, now[REFERENCE], register.read(wanted)) if sheet.change else ()
    except FieldErrors as problem:
        return Changed((), kept, named(line.number, register.columns, problem))
    except UserError as problem:
        return Changed((), kept, [Problem(line.number, "all of it", str(problem))])
    return Changed(fields, kept)


def _in_the_way(
    register: Register, now: Mapping[str, str], version: str, differs: Mapping[str, str], wanted: Collection[str]
) -> dict[str, str]:
    """Why these cells cannot change the record, by field."""
    ref, sheet = now[REFERENCE], register.sheet
    if not differs.keys().isdisjoint(sheet.fixed):
        heading = " and ".join(register.headings(sheet.fixed))
        return {REFERENCE: f"{ref} is a different record here ({heading} differs). Leave this empty to add a new one."}
    if wanted and (not version or sheet.change is None):
        way = "To change it, export the register and change that file; for a new one leave this empty."
        return {REFERENCE: f"{ref} is in the register already. {way}"}
    later = {name for name in wanted if name not in sheet.added and not was(version, name, now[name])}
    sentence = (
        f"{ref} was changed here after this file was exported. Export the register again, and change the new file."
    )
    return dict.fromkeys(later, sentence)


@lru_cache(maxsize=KEPT_FORMS)  # people choose which columns a file has
def _part(form: type[Form], names: frozenset[str]) -> type[Form]:
    """A form of these fields alone."""
    fields: dict[str, Any] = {
        name: (info.annotation, info) for name, info in form.model_fields.items() if name in names
    }
    return create_model(form.__name__, __base__=Form, **fields)
