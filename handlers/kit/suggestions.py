"""Suggestions: the records that somebody most likely means in a form, so that they choose one and need not type it."""

from dataclasses import replace
from functools import partial

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Request
from handlers.kit.forms import Question
from handlers.kit.parts import Broken, Part


def suggested(request: Request, questions: tuple[Question, ...]) -> tuple[Question, ...]:
    """The questions, those for a reference with what features suggest for a field of their name; one that breaks
    suggests nothing."""
    asked = [each.name for each in questions if each.kind == "reference" and each.name in catalogue.suggestions]
    if not asked:
        return questions
    parts = [Part(f"suggestions {name}", partial(catalogue.suggestions[name], request)) for name in asked]
    found = dict(zip(asked, request.each_apart(parts), strict=True))
    given = {name: tuple(options) for name, options in found.items() if not isinstance(options, Broken)}
    return tuple(replace(each, suggests=given[each.name]) if each.name in given else each for each in questions)
