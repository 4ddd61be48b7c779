"""Elements: the grammar of Adaptive Cards 1.5, as far as Teams draws it."""

from collections.abc import Iterator
from typing import Any

from tests.wires.slack.shapes import Check, anything, boolean, listed, matching, one_of, problem, shape, string, typed

VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5")
SIZE = one_of("Small", "Default", "Medium", "Large", "ExtraLarge")
SPACING = one_of("None", "Small", "Default", "Medium", "Large", "ExtraLarge", "Padding")
ALIGNED = one_of("Left", "Center", "Right")
UPRIGHT = one_of("Top", "Center", "Bottom")
ITEMS_AT_MOST = 1000
PRIMARY_AT_MOST = 6  # more buttons than that vanish unless their mode is secondary
PICTURE = matching(r"https://.+|data:image/(png|jpeg|gif);base64,[\w+/=]+")


def element(value: Any, path: str) -> Iterator[str]:
    """Any element."""
    yield from typed(ELEMENTS)(value, path)


def action(value: Any, path: str) -> Iterator[str]:
    """Any action."""
    yield from typed(ACTIONS)(value, path)


def card(value: Any, path: str) -> Iterator[str]:
    """A card, outer or inner."""
    yield from CARD_SHAPE(value, path)


def fallback(value: Any, path: str) -> Iterator[str]:
    """Something simpler, or nothing."""
    if value != "drop":
        yield from typed({**ELEMENTS, **ACTIONS})(value, path)


def number(value: Any, path: str) -> Iterator[str]:
    """A number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield problem(path, "must provide a number")


def mapping(value: Any, path: str) -> Iterator[str]:
    """An object of any kind."""
    if not isinstance(value, dict):
        yield problem(path, "must provide an object")


def either(*checks: Check) -> Check:
    """One of several forms."""

    def check(value: Any, path: str) -> Iterator[str]:
        found = [list(form(value, path)) for form in checks]
        if all(found):
            yield from min(found, key=len)

    return check


def inline(value: Any, path: str) -> Iterator[str]:
    """A run of text, or a plain string."""
    if not isinstance(value, str):
        yield from typed({"TextRun": RUN})(value, path)


def some(check: Check, least: int = 1) -> Check:
    """A list of these."""
    return listed(check, ITEMS_AT_MOST, least)


def primary(value: Any, path: str) -> Iterator[str]:
    """Actions, of which no more are primary than Teams shows."""
    yield from some(action)(value, path)
    shown = [button for button in value or [] if isinstance(button, dict) and button.get("mode") != "secondary"]
    if len(shown) > PRIMARY_AT_MOST:
        yield problem(path, f"{len(shown)} primary actions: only {PRIMARY_AT_MOST} are shown")


ANY = string(100_000)
TEXT = string(100_000, 1)
COMMON: dict[str, Check] = {
    "id": TEXT,
    "isVisible": boolean,
    "separator": boolean,
    "spacing": SPACING,
    "height": one_of("auto", "stretch"),
    "requires": mapping,
    "fallback": fallback,
}
LOOK: dict[str, Check] = {
    "color": one_of("Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention"),
    "fontType": one_of("Default", "Monospace"),
    "isSubtle": boolean,
    "size": SIZE,
    "weight": one_of("Lighter", "Default", "Bolder"),
}
BOX: dict[str, Check] = {
    "style": one_of("default", "emphasis", "good", "attention", "warning", "accent"),
    "bleed": boolean,
    "minHeight": TEXT,
    "selectAction": action,
    "verticalContentAlignment": UPRIGHT,
    "rtl": boolean,
    "backgroundImage": anything,
}


def made(optional: dict[str, Check] | None = None, **required: Check) -> Check:
    """An element: its own keys, and those that every element may have."""
    return shape({"type": anything, **required}, {**COMMON, **(optional or {})})


def asked(**own: Check) -> Check:
    """An input."""
    common = {"label": TEXT, "isRequired": boolean, "errorMessage": TEXT}
    return made({**common, **own}, id=TEXT)


def done(optional: dict[str, Check] | None = None, **required: Check) -> Check:
    """An action."""
    common: dict[str, Check] = {
        "title": TEXT,
        "id": TEXT,
        "iconUrl": PICTURE,
        "style": one_of("default", "positive", "destructive"),
        "mode": one_of("primary", "secondary"),
        "tooltip": TEXT,
        "isEnabled": boolean,
        "requires": mapping,
        "fallback": fallback,
    }
    return shape({"type": anything, **required}, {**common, **(optional or {})})


RUN = shape(
    {"type": anything, "text": ANY},
    {**LOOK, "highlight": boolean, "italic": boolean, "strikethrough": boolean, "underline": boolean}
    | {"selectAction": action},
)
COLUMN_SHAPE = shape({"items": some(element, 0)}, {"type": one_of("Column"), "width": anything, **BOX, **COMMON})
CELL = shape({"type": one_of("TableCell"), "items": some(element, 0)}, BOX)
ROW = shape(
    {"type": one_of("TableRow"), "cells": some(CELL)},
    {"style": BOX["style"], "horizontalCellContentAlignment": ALIGNED, "verticalCellContentAlignment": UPRIGHT},
)
TABLE_COLUMN = shape(
    {},
    {
        "type": one_of("TableColumnDefinition"),
        "width": either(number, TEXT),
        "horizontalCellContentAlignment": ALIGNED,
        "verticalCellContentAlignment": UPRIGHT,
    },
)
FACT = shape({"title": ANY, "value": ANY})
CHOICE = shape({"title": TEXT, "value": TEXT})
DATE = matching(r"\d{4}-\d\d-\d\d|")
TIME = matching(r"\d\d:\d\d|")

ELEMENTS: dict[str, Check] = {
    "TextBlock": made(
        {**LOOK, "wrap": boolean, "maxLines": number, "horizontalAlignment": ALIGNED}
        | {"style": one_of("default", "heading")},
        text=ANY,
    ),
    "RichTextBlock": made({"horizontalAlignment": ALIGNED}, inlines=some(inline)),
    "Image": made(
        {
            "altText": TEXT,
            "size": one_of("Auto", "Stretch", "Small", "Medium", "Large"),
            "style": one_of("default", "person"),
            "width": TEXT,
            "height": TEXT,
            "horizontalAlignment": ALIGNED,
            "backgroundColor": TEXT,
            "selectAction": action,
            "msteams": mapping,
        },
        url=PICTURE,
    ),
    "ImageSet": made({"imageSize": SIZE}, images=some(element)),
    "Container": made(BOX, items=some(element, 0)),
    "ColumnSet": made({**BOX, "horizontalAlignment": ALIGNED}, columns=some(COLUMN_SHAPE)),
    "FactSet": made(facts=some(FACT)),
    "ActionSet": made({"horizontalAlignment": ALIGNED}, actions=primary),
    "Table": made(
        {
            "firstRowAsHeader": boolean,
            "showGridLines": boolean,
            "gridStyle": BOX["style"],
            "horizontalCellContentAlignment": ALIGNED,
            "verticalCellContentAlignment": UPRIGHT,
        },
        columns=some(TABLE_COLUMN),
        rows=some(ROW),
    ),
    "Input.Text": asked(
        isMultiline=boolean,
        maxLength=number,
        placeholder=ANY,
        regex=TEXT,
        value=ANY,
        inlineAction=action,
        style=one_of("text", "tel", "url", "email", "password"),
    ),
    "Input.Number": asked(max=number, min=number, placeholder=ANY, value=number),
    "Input.Date": asked(max=DATE, min=DATE, placeholder=ANY, value=DATE),
    "Input.Time": asked(max=TIME, min=TIME, placeholder=ANY, value=TIME),
    "Input.Toggle": shape(
        {"type": anything, "id": TEXT, "title": TEXT},
        {**COMMON, "label": TEXT, "isRequired": boolean, "errorMessage": TEXT, "wrap": boolean}
        | {"value": ANY, "valueOn": TEXT, "valueOff": TEXT},
    ),
    "Input.ChoiceSet": asked(
        choices=some(CHOICE, 0),
        isMultiSelect=boolean,
        style=one_of("compact", "expanded", "filtered"),
        value=ANY,
        placeholder=ANY,
        wrap=boolean,
        **{"choices.data": mapping},
    ),
}
SENT: dict[str, Check] = {"data": mapping, "associatedInputs": one_of("auto", "none")}
ACTIONS: dict[str, Check] = {
    "Action.OpenUrl": done(url=matching(r"(https?|mailto|tel|msteams):.+")),
    "Action.Submit": done(SENT),
    "Action.Execute": done(SENT, verb=TEXT),
    "Action.ShowCard": done(card=card),
    "Action.ToggleVisibility": done(targetElements=some(anything)),
}
REFRESH = shape({"action": typed({"Action.Execute": ACTIONS["Action.Execute"]})}, {"userIds": listed(TEXT, 60, 0)})
REFRESH_FIELDS: dict[str, Check] = {"refresh": REFRESH, "authentication": mapping, "metadata": mapping}
CARD_SHAPE = shape(
    {"type": one_of("AdaptiveCard")},
    {
        "$schema": TEXT,
        "version": one_of(*VERSIONS),
        "body": some(element, 0),
        "actions": primary,
        "fallbackText": ANY,
        "speak": ANY,
        "lang": TEXT,
        "minHeight": TEXT,
        "msteams": shape({}, {"width": one_of("Full"), "entities": some(mapping, 0)}),
        "selectAction": action,
        "backgroundImage": anything,
        "rtl": boolean,
        "verticalContentAlignment": UPRIGHT,
        **REFRESH_FIELDS,
    },
)
