"""Former: a row of a sheet may name what the city's files do not any more, where its record is older than they are."""

from typing import TYPE_CHECKING

from handlers.kit.errors import FieldErrors
from handlers.kit.forms import Form, questions
from handlers.kit.options import no_option

if TYPE_CHECKING:
    from handlers.kit.city.model import City


def check_former(row: Form, city: "City") -> None:
    """Raise FieldErrors for a new row that names what the city's files do not; one with a reference may be older than
    they are."""
    if getattr(row, "reference", None):
        return
    for question in questions(type(row), city):
        value = getattr(row, question.name)
        if question.former and value and value not in dict(question.options):
            raise FieldErrors({question.name: no_option(question.options, value)})
