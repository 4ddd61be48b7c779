"""The same: a new record that seems to be open already is asked about before anything is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from handlers.kit.messages import Button, Buttons, Card, Note, Row, Text
from handlers.kit.values import Carried


@dataclass(frozen=True)
class AddTo(Carried):
    """What somebody wrote, kept as a draft, and the record that it is to be added to."""

    draft: str
    ref: str


def is_it_the_same(register: str, wrote: str, found: Sequence[tuple[str, str]], draft: str, why: str) -> Card:
    """Ask whether a new record is one of those ``found``: their references and lines. ``why`` says what comes of
    adding to one of them. The register has the actions ``<register>.add-to`` and ``<register>.add-anyway``."""
    rows = [Row(line, _add_button(register, draft, ref, first=not number)) for number, (ref, line) in enumerate(found)]
    return Card(
        "Is it the same? Nothing is saved yet",
        Text(f"You wrote: {wrote}"),
        Text("This is open already:"),
        *rows,
        Buttons(Button("No, log it as new", f"{register}.add-anyway", draft), one_of=True),
        Note(why),
    )


def _add_button(register: str, draft: str, ref: str, *, first: bool) -> Button:
    style: Literal["primary", "plain"] = "primary" if first else "plain"
    return Button(f"Add to {ref}", f"{register}.add-to", AddTo(draft, ref), style=style)
