"""Tables: a table as Slack's table block, of which a message takes one, and as lines anywhere else."""

from collections.abc import Iterator

from bot.slack.elements import SECTION, Json, bold, bulleted, packed, rich, runs, section_of, signed
from handlers.kit.messages import Cell, Table
from handlers.kit.plain import plain_cell, plain_table
from handlers.kit.signs import cut

ROWS, COLUMNS, CHARACTERS = 100, 20, 10_000  # of a table block
NARROW = 60  # characters a preformatted line has room for, beside a window's other panes
EMPTY = "\u00a0"  # Slack refuses a cell without words


def takes(table: Table) -> bool:
    """Whether Slack takes it as a table."""
    weight = sum(len(plain_cell(cell)) + 2 for row in (table.columns, *table.rows) for cell in row)
    return 0 < len(table.columns) <= COLUMNS and 0 < len(table.rows) < ROWS and weight <= CHARACTERS


def table_block(table: Table) -> Json:
    """The table itself, its first row as the heading, numbers at the right."""
    head = [rich(section_of([bold(column or EMPTY)])) for column in table.columns]
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    settings = [_column(table, place) for place in range(len(table.columns))]
    return {"type": "table", "column_settings": settings, "rows": [head, *rows]}


def _words(cell: Cell) -> str:
    return cell if isinstance(cell, str) else signed(cell)


def _cell(cell: Cell) -> Json:
    words = _words(cell)
    return {"type": "raw_text", "text": cut(words, SECTION) if words.strip() else EMPTY}


def _column(table: Table, place: int) -> Json:
    cells = [plain_cell(row[place]) for row in table.rows]
    numbers = any(cells) and all(cell.replace(",", "").replace(".", "").isdigit() for cell in cells if cell)
    return {"align": "right" if numbers else "left", "is_wrapped": not numbers}


def as_lines(table: Table) -> Iterator[Json]:
    """Columns side by side while they fit the window, else one item for each row."""
    text = plain_table(table)
    if max((len(line) for line in text.splitlines()), default=0) <= NARROW:
        for group in packed(text.splitlines(keepends=True), len, SECTION):
            lines = "".join(group).rstrip("\n")
            if lines.strip():
                run = {"type": "text", "text": lines}
                yield rich({"type": "rich_text_preformatted", "elements": [run]})
        return
    yield from bulleted([_as_item(table.columns, row) for row in table.rows])


def _as_item(columns: tuple[str, ...], cells: tuple[Cell, ...]) -> list[Json]:
    row = list(map(_words, cells))
    rest = "; ".join(f"{name}: {cell}" for name, cell in zip(columns[1:], row[1:], strict=True) if cell)
    first = [bold(row[0])] if row and row[0] else []
    return [*first, *runs((f" ({rest})" if first and rest else rest,), {})]
