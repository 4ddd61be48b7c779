"""HTML: what stands on a page of the desk, and must."""

from bs4 import Tag


def the(page: Tag, selector: str) -> Tag:
    """The first element of this kind."""
    found = page.select_one(selector)
    assert found is not None, selector
    return found


def text_of(page: Tag, selector: str) -> str:
    return the(page, selector).get_text()


def value_of(element: Tag, name: str) -> str:
    """An attribute that is there, as it is written."""
    return str(element[name])
