"""Templates: what people wrote is escaped, and a value that is missing is a mistake."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from bot.templates import templates_in


def test_a_page_escapes_its_values_and_misses_none(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>{{ words }}</p>")
    page = templates_in(tmp_path).get_template("page.html")
    assert page.render(words="<b>") == "<p>&lt;b&gt;</p>"
    with pytest.raises(UndefinedError):
        page.render()
