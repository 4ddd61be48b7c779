"""Slack's page: blocks drawn roughly as Slack draws them, only for people to look at."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

_MARKED = re.compile(r"<(?:[^<>|]*\|)?([^<>|]*)>")  # a link or a person in mrkdwn
STYLE = Path(__file__).with_suffix(".css")


def slack_page(blocks: list[Mapping[str, Any]], title: str = "") -> Markup:
    """A whole page with one message, or with one modal when ``title`` is given."""
    inside = Markup("").join(_block(block) for block in blocks)
    if title:
        inside = Markup('<div class="modal"><h2>{}</h2>{}</div>').format(title, inside)
    return Markup("<!doctype html><meta charset=utf-8><style>{}</style>{}").format(
        Markup(STYLE.read_text(encoding="utf-8")), inside
    )


def _block(block: Mapping[str, Any]) -> Markup:
    match block["type"]:
        case "header":
            return Markup("<h2>{}</h2>").format(block["text"]["text"])
        case "section":
            beside = _element(block["accessory"]) if "accessory" in block else ""
            return Markup('<div class="block row"><div>{}</div><div>{}</div></div>').format(_texts(block), beside)
        case "context":
            said = Markup(" ").join(_plain(_MARKED.sub(r"\1", element["text"])) for element in block["elements"])
            return Markup('<div class="block context">{}</div>').format(said)
        case "actions":
            return Markup('<div class="block">{}</div>').format(Markup("").join(map(_element, block["elements"])))
        case "rich_text":
            return Markup('<div class="block">{}</div>').format(Markup("").join(map(_rich, block["elements"])))
        case "input":
            tag = Markup('<label>{}{}</label><div class="field">{}</div><div class="context">{}</div>')
            optional = " (optional)" if block.get("optional") else ""
            hint = block.get("hint", {}).get("text", "")
            return tag.format(block["label"]["text"], optional, _filled(block["element"]), hint)
        case "divider":
            return Markup("<hr>")
        case "table":
            return Markup('<table class="block">{}</table>').format(_table(block))
        case "image":
            return Markup('<div class="block image">{}</div>').format(block["alt_text"])
        case kind:
            return Markup('<div class="block">[{}]</div>').format(kind)


def _table(table: Mapping[str, Any]) -> Markup:
    rows = [
        Markup("").join(
            Markup('<td class="{}">{}</td>').format(column["align"], _cell(cell))
            for column, cell in zip(table["column_settings"], row, strict=True)
        )
        for row in table["rows"]
    ]
    return Markup("").join(Markup("<tr>{}</tr>").format(row) for row in rows)


def _cell(cell: Mapping[str, Any]) -> Markup:
    return _plain(cell["text"]) if cell["type"] == "raw_text" else Markup("").join(map(_rich, cell["elements"]))


def _texts(block: Mapping[str, Any]) -> Markup:
    texts = [block["text"]] if "text" in block else []
    return Markup("<br>").join(_plain(part["text"]) for part in (*texts, *block.get("fields", ())))


def _plain(text: str) -> Markup:
    return escape(text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")).replace("\n", Markup("<br>"))


def _element(element: Mapping[str, Any]) -> Markup:
    if element["type"] == "button":
        return Markup('<button class="{}">{}</button>').format(element.get("style", ""), element["text"]["text"])
    return Markup("[{}]").format(element["type"])


def _rich(element: Mapping[str, Any]) -> Markup:
    match element["type"]:
        case "rich_text_list":
            return Markup("<ul>{}</ul>").format(
                Markup("").join(Markup("<li>{}</li>").format(_rich(item)) for item in element["elements"])
            )
        case "rich_text_preformatted":
            return Markup("<pre>{}</pre>").format(Markup("").join(_runs(element)))
        case _:
            return Markup("<div>{}</div>").format(Markup("").join(_runs(element)))


def _runs(element: Mapping[str, Any]) -> Iterator[Markup]:
    for run in element["elements"]:
        if run["type"] == "user":
            yield Markup('<span class="user">@{}</span>').format(run["user_id"])
        elif run["type"] == "channel":
            yield Markup('<span class="user">#{}</span>').format(run["channel_id"])
        elif run["type"] == "link":
            yield Markup("<a href>{}</a>").format(run.get("text", run["url"]))
        else:
            text = escape(run["text"]) if element["type"] == "rich_text_preformatted" else _plain(run["text"])
            yield Markup("<b>{}</b>").format(text) if run.get("style", {}).get("bold") else text


def _filled(element: Mapping[str, Any]) -> str:
    for key in ("initial_value", "initial_date", "initial_user"):
        if key in element:
            return str(element[key])
    if "initial_option" in element:
        return str(element["initial_option"]["text"]["text"])
    if element["type"] == "datetimepicker":
        return "Choose a date / Choose a time"
    return " / ".join(option["text"]["text"] for option in element.get("options", ())[:6]) or "\u00a0"
