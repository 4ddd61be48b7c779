"""HTML: read elements that must be on a page of the desk."""

from bs4 import Tag


def the(page: Tag, selector: str) -> Tag:
    """The first element that the selector finds; AssertionError when there is none."""
    found = page.select_one(selector)
    assert found is not None, selector
    return found


def text_of(page: Tag, selector: str) -> str:
    return the(page, selector).get_text()


def value_of(element: Tag, name: str) -> str:
    """An attribute as it is written; KeyError when the element has none."""
    return str(element[name])
