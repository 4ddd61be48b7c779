"""Document: a report as a Word file, to be printed, signed and handed on (docs/decisions/0009)."""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any

from docx import Document as new_document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row, CT_Tc
from docx.shared import Cm, Length, Pt
from docx.table import Table

from handlers.kit.signs import cut

MARGIN, FONT, SIZE, SMALL = Cm(1.8), "Calibri", Pt(11), Pt(9)
BULLET, TITLE, HEADING, GRID = "ListBullet", "Title", "Heading1", "TableGrid"  # ids: a name is looked up each time
NARROW, TINY = Cm(1.2), Pt(8)  # for what has to stand on one page
PROPERTY = 255  # characters of a property of a file
_BREAKS = dict.fromkeys((0x0B, 0x0C), "\n")
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f]+")


class Document:
    """A report as it is written, from the top down; :meth:`data` is the file. ``small`` type is for a single page.

    ``words`` is what becomes of every text that is written into it, such as leaving telephone numbers out.
    """

    def __init__(
        self,
        title: str,
        city: str,
        at: datetime,
        *,
        landscape: bool = False,
        small: bool = False,
        words: Callable[[str], str] = str,
    ) -> None:
        self.word: Word = new_document()
        self.words = words
        title, properties = self._told(_line(title)), self.word.core_properties
        properties.title, properties.author, properties.comments = cut(title, PROPERTY), cut(city, PROPERTY), ""
        properties.created = properties.modified = at.replace(tzinfo=None)  # Word keeps UTC without saying so
        style: Any = self.word.styles["Normal"]
        style.font.name, style.font.size = FONT, SIZE
        page, margin = self.word.sections[0], MARGIN
        self.cells = SMALL
        if small:
            margin, page.footer_distance, self.cells = NARROW, NARROW // 2, TINY
            self._tighten()
        if landscape:
            page.orientation = WD_ORIENT.LANDSCAPE
            page.page_width, page.page_height = page.page_height, page.page_width
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = margin
        self.width = (page.page_width or 0) - 2 * margin
        self._foot(f"{city}: {title}. Page ")
        self.word.add_paragraph(title)._p.style = TITLE

    def _tighten(self) -> None:
        """Set small type without extra space between the lines."""
        for name, size, before in (
            ("Normal", TINY, 0),
            ("List Bullet", TINY, 0),
            ("Heading 1", SIZE, 4),
            ("Title", Pt(16), 0),
        ):
            style: Any = self.word.styles[name]
            style.font.size, spacing = size, style.paragraph_format
            spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(before), Pt(0), 1

    def heading(self, text: str) -> None:
        self.word.add_paragraph(self._told(text))._p.style = HEADING

    def text(self, text: str) -> None:
        self.word.add_paragraph(self._told(text))

    def items(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.word.add_paragraph(self._told(line))._p.style = BULLET

    def picture(self, png: bytes, alt: str, width: float) -> None:
        """A picture ``width`` cm wide, with what it means to somebody who cannot see it."""
        shape = self.word.add_picture(io.BytesIO(png), width=Cm(width))
        shape._inline.docPr.set("descr", self._told(alt))

    def table(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        colours: Mapping[str, str] | None = None,
    ) -> None:
        """A table whose heading stands on each page; ``widths`` are shares of the page. A cell whose text is one of
        ``colours`` (#rrggbb) has that background."""
        table = self.word.add_table(rows=1, cols=len(columns))
        table._tbl.tblStyle_val = GRID
        table.autofit = False
        wide = [int(self.width * share / sum(widths)) for share in widths]
        for column, width in zip(table.columns, wide, strict=True):
            column.width = width  # Word uses the widths of the cells, other programs those of the columns
        empty = self._row(table, wide)
        for texts in (columns, *rows):
            row = deepcopy(empty)
            for cell, text in zip(row.tc_lst, texts, strict=True):
                self._write(cell, text, bold=texts is columns)
                if colour := (colours or {}).get(text):
                    _fill(cell, colour)
            table._tbl.append(row)
        _on_each_page(table)
        self.word.add_paragraph()

    def _row(self, table: Table, widths: Sequence[int]) -> CT_Row:
        """The empty row of a new table, taken out of it, to be copied for each row."""
        row = table.rows[0]
        for cell, wide in zip(row.cells, widths, strict=True):
            cell.width = Length(wide)
            cell.paragraphs[0].add_run().font.size = self.cells
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        table._tbl.remove(row._tr)
        return row._tr

    def so_far(self) -> frozenset[Any]:
        """What is in it now, for :meth:`cut` to take out what is written later."""
        return frozenset(self.word.element.body)

    def cut(self, so_far: frozenset[Any]) -> None:
        """Take out all that was written since :meth:`so_far`."""
        body = self.word.element.body
        for added in [element for element in body if element not in so_far]:
            body.remove(added)

    def data(self) -> bytes:
        file = io.BytesIO()
        self.word.save(file)
        return file.getvalue()

    def _write(self, cell: CT_Tc, text: str, *, bold: bool) -> None:
        (run,) = cell.p_lst[0].r_lst
        run.text = self._told(text)
        if bold:
            run.get_or_add_rPr().get_or_add_b()

    def _told(self, text: str) -> str:
        return _whole(self.words(text))

    def _foot(self, text: str) -> None:
        line = self.word.sections[0].footer.paragraphs[0]
        line.add_run(_whole(text))
        for name, between in (("PAGE", " of "), ("NUMPAGES", "")):
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), name)
            line._p.append(field)
            line.add_run(between)


def _whole(text: str) -> str:
    """The text without characters that XML cannot hold; what breaks a line or a page in Word breaks the line."""
    return "".join(
        char for char in text.translate(_BREAKS) if char in "\t\n" or " " <= char <= "\ufffd" or char > "\uffff"
    )


def _line(text: str) -> str:
    """The text in one line."""
    return _UNSEEN.sub(" ", text).strip()


def _on_each_page(table: Table) -> None:
    heading = OxmlElement("w:tblHeader")
    heading.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().insert(0, heading)


def _fill(cell: CT_Tc, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour.removeprefix("#"))):
        shade.set(qn(f"w:{name}"), value)
    cell.get_or_add_tcPr().append(shade)
