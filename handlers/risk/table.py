"""Risk table: the matrix in words and numbers, for those who cannot see its picture."""

from handlers.kit.city.model import City
from handlers.kit.city.risks import SIDE
from handlers.kit.messages import Table
from handlers.risk.picture import shown_refs
from storage.risk.records import Risk

Cells = dict[tuple[int, int], list[str]]


def in_cells(risks: list[Risk], *, before: bool = False) -> Cells:
    """The references of risks by (likelihood, impact), by their present scores or those before treatment."""
    cells: Cells = {}
    for risk in risks:
        cells.setdefault(risk.inherent if before else risk.standing, []).append(risk.ref)
    return cells


def in_words(city: City, cells: Cells) -> str:
    """The picture in words, for those who cannot see it, the worst first."""
    said = []
    for likelihood, impact in sorted(cells, key=lambda pair: (-pair[0] * pair[1], -pair[0])):
        refs, level = cells[likelihood, impact], city.risks.level_of(likelihood, impact).name
        words = f"{likelihood} {city.risks.likelihood[likelihood - 1]}, {impact} {city.risks.impact[impact - 1]}"
        said.append(f"{level} ({words}): {len(refs)}, {', '.join(shown_refs(refs))}")
    return f"Risk matrix, likelihood and impact from 1 to 5. {'; '.join(said)}. All other cells are empty."


def table_of(city: City, cells: Cells) -> Table:
    """The matrix as a table of numbers, the likeliest row first."""
    columns = ("Likelihood", "Impact 1", "2", "3", "4", "5")  # the words for 1 to 5 are in the picture
    rows = []
    for likelihood in range(SIDE, 0, -1):
        counts = (len(cells.get((likelihood, impact), ())) for impact in range(1, SIDE + 1))
        rows.append((f"{likelihood} {city.risks.likelihood[likelihood - 1]}", *(str(count or "-") for count in counts)))
    return Table(columns=columns, rows=tuple(rows))
