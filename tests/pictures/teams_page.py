"""Teams' page: Adaptive Cards drawn roughly as Teams draws them, only for people to look at."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

STYLE = Path(__file__).with_suffix(".css")

HOLDERS = {  # the HTML of an element that only holds others, and the key it holds them under
    "ActionSet": ('<div class="el">{}</div>', "actions"),
    "ColumnSet": ('<div class="el columns">{}</div>', "columns"),
    "Column": ('<div class="{look}" style="flex: {width}">{}</div>', "items"),
    "Container": ('<div class="el {look}">{}</div>', "items"),
    "Table": ('<table class="el">{}</table>', "rows"),
    "TableRow": ("<tr>{}</tr>", "cells"),
    "TableCell": ("<td>{}</td>", "items"),
}


def teams_page(card: Mapping[str, Any]) -> Markup:
    """A whole page with one card."""
    inside = Markup("").join(_element(element) for element in (*card["body"], *card.get("actions", ())))
    return Markup('<!doctype html><meta charset=utf-8><style>{}</style><div class="card">{}</div>').format(
        Markup(STYLE.read_text(encoding="utf-8")), inside
    )


def _element(element: Mapping[str, Any]) -> Markup:
    kind = element["type"]
    if kind.startswith("Input."):
        return _input(element)
    if kind.startswith("Action."):
        return Markup('<button class="{}">{}</button>').format(element.get("style", ""), element.get("title", ""))
    if kind == "RichTextBlock":
        close = "small" if element.get("spacing") == "Small" else "el"
        return Markup('<div class="{}">{}</div>').format(close, Markup("").join(map(_run, element["inlines"])))
    if kind == "TextBlock":
        apart = " apart" if element.get("separator") else ""
        close = "small" if element.get("spacing") == "Small" else "el"
        return Markup('<div class="{}{}">{}</div>').format(close, apart, _run(element))
    tag, children = HOLDERS.get(kind, ("<div>[not drawn]{}</div>", ""))
    look = f"{element.get('style', '')}{'' if element.get('isVisible', True) else ' folded'}"
    width = element.get("width") if isinstance(element.get("width"), int) else "1" if "width" in element else "none"
    return Markup(tag).format(_all(element.get(children, [])), look=look, width=width)


def _all(elements: list[Mapping[str, Any]]) -> Markup:
    return Markup("").join(_element(element) for element in elements)


def _run(run: Mapping[str, Any] | str) -> Markup:
    if isinstance(run, str):
        return _lines(run)
    names = " ".join(str(run[key]) for key in ("size", "weight", "color") if key in run)
    subtle = " subtle" if run.get("isSubtle") else ""
    linked = " link" if "selectAction" in run else ""
    said = _sentence(run["text"]) if run["type"] == "TextBlock" else _lines(run["text"])
    return Markup('<span class="{}{}{}">{}</span>').format(names, subtle, linked, said)


def _sentence(text: str) -> Markup:
    """The little Markdown that a sentence with a person in it has."""
    said = str(_lines(text)).replace("&lt;at&gt;", '<span class="link">').replace("&lt;/at&gt;", "</span>")
    return Markup(re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", said))


def _lines(text: str) -> Markup:
    return escape(text).replace("\n", Markup("<br>"))


def _input(element: Mapping[str, Any]) -> Markup:
    chosen = {choice["value"]: choice["title"] for choice in element.get("choices", ())}
    value = chosen.get(element.get("value", ""), element.get("value", ""))
    if element["type"] == "Input.Time":
        value = value or "Choose a time"
    if element.get("style") == "filtered":
        value = value or "Type to find"
    shown = value or " / ".join(list(chosen.values())[:6]) or element.get("placeholder") or "\u00a0"
    needed = " *" if element.get("isRequired") else ""
    return Markup('<label>{}{}</label><div class="input">{}</div>').format(element.get("label", ""), needed, shown)
