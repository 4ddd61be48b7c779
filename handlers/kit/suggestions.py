"""Suggestions: the records that somebody most likely means in a form, so that they choose one and need not type it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Request
from handlers.kit.forms import Question
from handlers.kit.parts import Broken, Part


def suggested(request: Request, questions: Sequence[Question]) -> tuple[Question, ...]:
    """The questions, those for a reference with what features suggest for a field of their name; one that breaks
    suggests nothing."""
    asked = [
        question for question in questions if question.kind == "reference" and question.name in catalogue.suggestions
    ]
    parts = [Part(f"suggestions {each.name}", partial(catalogue.suggestions[each.name], request)) for each in asked]
    found = dict(zip((each.name for each in asked), request.each_apart(parts), strict=True))
    given = {name: tuple(options) for name, options in found.items() if not isinstance(options, Broken)}
    return tuple(replace(question, suggests=given.get(question.name, question.suggests)) for question in questions)
