"""Templates: pages that are filled in; what people wrote is escaped, and a value that is missing is a mistake."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def templates_in(folder: Path) -> "Environment":
    """The templates of a folder, each read once."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # only where somebody reads a page

    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, auto_reload=False)
