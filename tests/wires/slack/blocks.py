"""Block Kit: what Slack refuses in the blocks of a message, a modal or a home tab."""

import json
from collections.abc import Iterator
from typing import Any, Literal

from .elements import ACCESSORY, ACTION, CONTEXT, INPUT, SLACK_FILE, both, picture
from .rich import RICH_TEXT, TABLE
from .shapes import Check, anything, boolean, listed, problem, shape, string, text, typed

Surface = Literal["message", "modal", "home"]

BLOCKS_AT_MOST: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
RENDERED_AT_MOST = 12_000  # Slack answers msg_blocks_too_long near 13,200; the budget is kept here
MARKDOWN_AT_MOST = 12_000
TABLE_AT_MOST = 10_000
VIEW_BYTES_AT_MOST = 250_000
METADATA_BYTES_AT_MOST = 8_000  # Slack names the error (metadata_too_large), not the number

ID: dict[str, Check] = {"block_id": string(255, 1)}


def block(optional: dict[str, Check] | None = None, **required: Check) -> Check:
    """A block: its own keys, `type`, and perhaps a block_id."""
    return shape({"type": anything, **required}, {**ID, **(optional or {})})


def section(value: Any, path: str) -> Iterator[str]:
    """A section says something: text, fields or both."""
    if "text" not in value and "fields" not in value:
        yield problem(path, "missing required field: text or fields")


def apart(value: Any, path: str) -> Iterator[str]:
    """Two elements of one block cannot share an action_id."""
    ids = [element.get("action_id") for element in value.get("elements") or [] if isinstance(element, dict)]
    named = [action_id for action_id in ids if action_id is not None]
    if len(named) != len(set(named)):
        yield problem(path, "action_id already exists for another element of the block")


EVERYWHERE: dict[str, Check] = {
    "section": both(
        block({"text": text(3000), "fields": listed(text(2000), 10), "accessory": ACCESSORY, "expand": boolean}),
        section,
    ),
    "header": block(text=text(150, plain=True)),
    "divider": block(),
    "context": block(elements=listed(CONTEXT, 10)),
    "actions": both(block(elements=listed(ACTION, 25)), apart),
    "image": both(
        block(
            {"title": text(2000, plain=True), "image_url": string(3000, 1), "slack_file": SLACK_FILE},
            alt_text=string(2000, 1),
        ),
        picture,
    ),
    "rich_text": RICH_TEXT,
    "video": block(
        {
            "description": text(200, plain=True),
            "author_name": string(49),
            "title_url": string(3000),
            "provider_name": string(255),
            "provider_icon_url": string(3000),
        },
        title=text(199, plain=True),
        alt_text=string(2000, 1),
        thumbnail_url=string(3000, 1),
        video_url=string(3000, 1),
    ),
}
ASKING: dict[str, Check] = {
    "input": block(
        {"hint": text(2000, plain=True), "optional": boolean, "dispatch_action": boolean},
        label=text(2000, plain=True),
        element=INPUT,
    ),
}
SPEAKING: dict[str, Check] = {"markdown": block(text=string(MARKDOWN_AT_MOST, 1)), "table": TABLE}
BLOCK: dict[Surface, Check] = {
    "message": typed({**EVERYWHERE, **SPEAKING}),
    "modal": typed({**EVERYWHERE, **ASKING}),
    "home": typed({**EVERYWHERE, **ASKING}),
}
TITLE = text(24, plain=True)
COMMON: dict[str, Check] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
VIEW: dict[str, Check] = {
    "modal": shape(
        {"type": anything, "title": TITLE, "blocks": anything},
        {
            **COMMON,
            "submit": TITLE,
            "close": TITLE,
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
    ),
    "home": shape({"type": anything, "blocks": anything}, COMMON),
}


def block_problems(blocks: Any, surface: Surface, path: str = "/blocks") -> list[str]:
    """Every rule that these blocks break, in Slack's words; empty when Slack would take them."""
    least = 0 if surface == "message" else 1
    found = list(listed(BLOCK[surface], BLOCKS_AT_MOST[surface], least)(blocks, path))
    return found or list(together(blocks, path))


def together(blocks: list[dict[str, Any]], path: str) -> Iterator[str]:
    """Rules that no single block breaks."""
    seen: set[str] = set()
    for index, part in enumerate(blocks):
        name = part.get("block_id")
        if isinstance(name, str) and name in seen:
            yield problem(f"{path}/{index}", f"block_id already exists: {name}")
        if isinstance(name, str):
            seen.add(name)
    markdown = sum(len(str(part.get("text", ""))) for part in blocks if part.get("type") == "markdown")
    if markdown > MARKDOWN_AT_MOST:
        yield problem(path, f"markdown blocks exceed {MARKDOWN_AT_MOST} characters in all")
    tables = [part for part in blocks if part.get("type") == "table"]
    if len(tables) > 1:
        yield problem(path, "only_one_table_allowed")
    if rendered(tables) > TABLE_AT_MOST:
        yield problem(path, f"table exceeds {TABLE_AT_MOST} characters")
    focused = json.dumps(blocks).count('"focus_on_load": true')
    if focused > 1:
        yield problem(path, "only one element may have focus_on_load")


def view_problems(view: Any, kind: Surface) -> list[str]:
    """Every rule that a modal or home view breaks."""
    if not isinstance(view, dict) or view.get("type") != kind:
        return [problem("/view/type", f"unsupported type, expected {kind}")]
    found = list(VIEW[kind](view, "/view")) + block_problems(view.get("blocks"), kind, "/view/blocks")
    asks = not found and any(part["type"] == "input" for part in view["blocks"])
    if kind == "modal" and asks and "submit" not in view:
        found.append(problem("/view", "missing required field: submit"))
    return found


def metadata_error(metadata: Any) -> str | None:
    """The error name for metadata that Slack would not take."""
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        return "invalid_metadata_format"
    if not isinstance(metadata["event_type"], str) or not metadata["event_type"]:
        return "invalid_metadata_format"
    if not isinstance(metadata["event_payload"], dict):
        return "invalid_metadata_format"
    return "metadata_too_large" if len(json.dumps(metadata).encode()) > METADATA_BYTES_AT_MOST else None


def words(value: Any) -> Iterator[str]:
    """Every string that a reader of these blocks would see, in order."""
    if isinstance(value, list):
        for item in value:
            yield from words(item)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        if value.get("type") == "channel":
            yield f"<#{value['channel_id']}>"
        for key, item in value.items():
            if key in ("alt_text", "accessibility_label"):
                yield str(item)
            elif key not in ("confirm", "private_metadata"):
                yield from words(item)


def rendered(blocks: Any) -> int:
    """Characters that the blocks put on the screen."""
    return sum(len(shown) for shown in words(blocks))


def completed(blocks: list[dict[str, Any]], fresh: Iterator[str]) -> list[dict[str, Any]]:
    """The blocks as Slack keeps them: a block_id and an action_id wherever the app gave none."""
    kept: list[dict[str, Any]] = json.loads(json.dumps(blocks))
    for part in kept:
        part.setdefault("block_id", next(fresh))
        inner = [part.get("accessory"), part.get("element")]
        if part["type"] == "actions":
            inner += part["elements"]
        for element in inner:
            if isinstance(element, dict) and element["type"] != "image":
                element.setdefault("action_id", next(fresh))
    return kept
