"""Risk picture: the matrix as a heat map, with the number and references of the risks in each cell."""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from handlers.kit.city.model import City
from handlers.kit.city.risks import SIDE

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

Cells = Mapping[tuple[int, int], Sequence[str]]  # references by (likelihood, impact)
CELL, LEFT, TOP, FOOT, EDGE = 148, 180, 44, 96, 14  # pixels; 934 wide in all, below the 1024 that every door shows
SHOWN = 4  # references in a cell; the others are only counted
INK, PAPER, LINE = "#1d1d1f", "#ffffff", "#ffffff"
# Light enough for black text (contrast 7:1 or more) and distinct in gray too; each cell also names its level.
COLOURS = {"low": "#cfe8d5", "moderate": "#fff0b3", "high": "#ffc48a", "extreme": "#f29a94"}


def matrix_png(city: City, cells: Cells) -> bytes:
    """The heat map as PNG: likelihood upwards, impact to the right."""
    from PIL import Image, ImageDraw  # slow to import, and few people ask for it

    image = Image.new("RGB", (LEFT + SIDE * CELL + EDGE, TOP + SIDE * CELL + FOOT), PAPER)
    draw = ImageDraw.Draw(image)
    for likelihood in range(1, SIDE + 1):
        for impact in range(1, SIDE + 1):
            _cell(draw, city, likelihood, impact, cells.get((likelihood, impact), ()))
    _axes(draw, city)
    file = io.BytesIO()
    image.quantize(64).save(file, "PNG", optimize=True)  # a few colours: small enough to travel inside a card
    return file.getvalue()


def shown_refs(refs: Sequence[str]) -> list[str]:
    """The references that fit into a cell, and how many more there are."""
    if len(refs) <= SHOWN:
        return list(refs)
    return [*refs[: SHOWN - 1], f"+{len(refs) - SHOWN + 1} more"]


def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _corner(likelihood: int, impact: int) -> tuple[int, int]:
    return LEFT + (impact - 1) * CELL, TOP + (SIDE - likelihood) * CELL


def _cell(draw: "ImageDraw", city: City, likelihood: int, impact: int, refs: Sequence[str]) -> None:
    x, y = _corner(likelihood, impact)
    level = city.risks.level_of(likelihood, impact)
    draw.rectangle((x, y, x + CELL - 3, y + CELL - 3), fill=COLOURS[level.id], outline=LINE)
    draw.text((x + 9, y + 7), _fitted(draw, level.name, CELL - 20, 19), fill=INK, font=_font(19))
    if not refs:
        return
    draw.text((x + CELL / 2, y + 60), str(len(refs)), fill=INK, font=_font(44), anchor="mm")
    shown = shown_refs(refs)
    for row in range(0, len(shown), 2):
        line = ", ".join(shown[row : row + 2])
        draw.text((x + CELL / 2, y + 102 + row // 2 * 25), line, fill=INK, font=_font(20), anchor="mm")


def _axes(draw: "ImageDraw", city: City) -> None:
    """Write the city's words beside the rows and under the columns, and the names of the axes."""
    for number, word in enumerate(city.risks.likelihood, 1):
        _, y = _corner(number, 1)
        draw.text((LEFT - 12, y + CELL / 2 - 14), str(number), fill=INK, font=_font(26), anchor="rm")
        text = _fitted(draw, word, LEFT - 22, 20)
        draw.text((LEFT - 12, y + CELL / 2 + 14), text, fill=INK, font=_font(20), anchor="rm")
    for number, word in enumerate(city.risks.impact, 1):
        x, _ = _corner(1, number)
        below = TOP + SIDE * CELL
        draw.text((x + CELL / 2, below + 18), str(number), fill=INK, font=_font(26), anchor="mm")
        draw.text((x + CELL / 2, below + 46), _fitted(draw, word, CELL - 8, 20), fill=INK, font=_font(20), anchor="mm")
    draw.text((LEFT + SIDE * CELL / 2, TOP + SIDE * CELL + 78), "Impact", fill=INK, font=_font(22), anchor="mm")
    draw.text((LEFT - 12, TOP / 2), "Likelihood", fill=INK, font=_font(22), anchor="rm")


def _fitted(draw: "ImageDraw", text: str, width: int, size: int) -> str:
    """The beginning of a text that fits into a width."""
    font = _font(size)
    while text and draw.textlength(text, font=font) > width:
        text = text[:-2].rstrip() + "\u2026" if len(text) > 2 else ""
    return text
