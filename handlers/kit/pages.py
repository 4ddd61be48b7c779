"""Pages: a long list in pages of ten, with buttons that turn them."""

from collections.abc import Callable, Sequence

from handlers.kit.messages import Button, Buttons, Card, Note, Row

SIZE = 10  # rows on a page


def page_of(
    title: str, count: int, wanted: str, rows: Callable[[int, int], Sequence[Row]], action: str, about: str = ""
) -> Card:
    """The page that a button's value asks for, or the nearest there is.

    ``rows`` takes an offset and a limit; ``action`` is the name of the ``@action`` that turns the pages, ``about`` what
    its value has after the page's number.
    """
    last = max(0, (count - 1) // SIZE)
    number = min(int(wanted), last) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else 0
    turns = [Button("Previous", action, f"{number - 1} {about}".strip())] if number else []
    turns += [Button("Next", action, f"{number + 1} {about}".strip())] if number < last else []
    foot = (Buttons(*turns), Note(f"Page {number + 1} of {last + 1}")) if turns else ()
    return Card(title, *rows(number * SIZE, SIZE), *foot)
