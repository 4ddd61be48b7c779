"""Document: what a Word file says of itself is cleaned as its text is, and takes every title."""

import io
from datetime import UTC, datetime

from docx import Document as read_document

from handlers.kit.anonymous import without_contacts
from handlers.kit.document import Document

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def titles(title: str) -> tuple[str, str, str]:
    """A title as the properties, the first line and the foot of a file have it."""
    word = read_document(io.BytesIO(Document(title, "Riverton", AT, words=without_contacts).data()))
    return word.core_properties.title, word.paragraphs[0].text, word.sections[0].footer.paragraphs[0].text


def test_a_title_of_any_length_is_written_and_the_properties_take_its_beginning() -> None:
    long = "DRAFT: CR-2026-01 " + "water " * 60
    kept, first, _ = titles(long)
    assert first.split() == long.split()
    assert len(kept) <= 255
    assert kept.startswith("DRAFT: CR-2026-01 water water")


def test_no_part_of_a_file_has_a_number_or_an_address_that_its_text_leaves_out() -> None:
    for said in titles("Burst, call 555-0142 or owner@example.org"):
        assert "555-0142" not in said
        assert "owner@example.org" not in said
        assert "Burst, call [telephone number left out]" in said


def test_a_title_with_control_characters_is_written_in_one_line() -> None:
    for said in titles("Burst\x0bMill Road\x1f\nnow"):
        assert "Burst Mill Road now" in said


def test_what_breaks_a_line_in_word_parts_no_words() -> None:
    paper = Document("Crisis", "Riverton", AT)
    paper.text("Burst\x0bMill Road")
    assert read_document(io.BytesIO(paper.data())).paragraphs[1].text.split() == ["Burst", "Mill", "Road"]
