"""State: what a person typed and chose in the inputs of a view or message, as payloads carry it."""

from collections.abc import Iterator
from typing import Any

from .elements import choices
from .methods import Slack
from .workspace import Json

Answers = dict[tuple[str, str], Any]

FIELDS = {  # element type: (key of the answer, key of the initial answer)
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) that a person can touch."""
    for block in blocks:
        inner = [block.get("element"), block.get("accessory")]
        if block["type"] == "actions":
            inner += block["elements"]
        for element in inner:
            if element and element["type"] != "image":
                yield block, element


def names(block: Json, element: Json) -> list[str]:
    """What a test may call this input: its label, block_id or action_id."""
    label = block.get("label") or block.get("text") or {}
    return [label.get("text", ""), block["block_id"], element["action_id"]]


def fill(slack: Slack, blocks: list[Json], answers: Answers, values: Json) -> None:
    """Type and choose, by label, block_id or action_id; AssertionError for a name or choice not there."""
    for name, value in values.items():
        found = [
            (block, element)
            for block, element in elements(blocks)
            if element["type"] in FIELDS and name in names(block, element)
        ]
        there = [names(block, element) for block, element in elements(blocks) if element["type"] in FIELDS]
        assert len(found) == 1, f"{len(found)} inputs are called {name!r}; there are {there}"
        block, element = found[0]
        answers[block["block_id"], element["action_id"]] = chosen(slack, element, value)


def chosen(slack: Slack, element: Json, value: Any) -> Any:
    """A value in the element's own shape."""
    key = FIELDS[element["type"]][0]
    many = isinstance(value, (list, tuple, set))
    if value is None or (value == "" and "option" in key):
        return [] if key.endswith("s") else None
    if "option" in key:
        picked = [option_called(element, str(name)) for name in (value if many else [value])]
        return picked if key == "selected_options" else picked[0]
    if "user" in key:
        people = [slack.user(name).id for name in (value if many else [value])]
        return people if key == "selected_users" else people[0]
    if "channel" in key or "conversation" in key:
        places = [slack.channel(name).id for name in (value if many else [value])]
        return places if key.endswith("s") else places[0]
    return value if key in ("selected_date_time", "files", "rich_text_value") else str(value)


def option_called(element: Json, name: str) -> Json:
    """The option with this value, else with this text."""
    offered = choices(element)
    for option in offered:
        if option["value"] == name:
            return selected(option)
    for option in offered:
        if option["text"]["text"] == name:
            return selected(option)
    raise AssertionError(
        f"no option {name!r}; there are {[(option['value'], option['text']['text']) for option in offered]}"
    )


def selected(option: Json) -> Json:
    """An option as payloads repeat it."""
    text = option["text"]
    extra = {"emoji": True} if text["type"] == "plain_text" else {"verbatim": False}
    return {"text": {**text, **extra}, "value": option.get("value")}


def state_of(blocks: list[Json], answers: Answers) -> Json:
    """`state.values`: answers, initial values, null (or an empty list) where nothing was touched."""
    values: Json = {}
    for block, element in elements(blocks):
        if element["type"] not in FIELDS:
            continue
        key, initial = FIELDS[element["type"]]
        where = (block["block_id"], element["action_id"])
        if where in answers:
            value = answers[where]
        else:
            value = element.get(initial, [] if key.endswith("s") else None)
            if "option" in key and value:
                value = [selected(option) for option in value] if isinstance(value, list) else selected(value)
        values.setdefault(where[0], {})[where[1]] = {"type": element["type"], key: value}
    return values


def complaints(blocks: list[Json], values: Json) -> Iterator[str]:
    """Why Slack's own client would not send this form: these submissions can only be forged."""
    for block, element in elements(blocks):
        if block["type"] != "input":
            continue
        name = block["label"]["text"]
        value = values[block["block_id"]][element["action_id"]][FIELDS[element["type"]][0]]
        if value in (None, "", []):
            if not block.get("optional"):
                yield f"{name}: required"
            continue
        longest = element.get("max_length", 3000)
        if element["type"] == "plain_text_input" and not element.get("min_length", 0) <= len(value) <= longest:
            yield f"{name}: wrong length"
        if element["type"] == "number_input":
            yield from (f"{name}: {complaint}" for complaint in number_complaints(element, value))


def number_complaints(element: Json, value: str) -> Iterator[str]:
    """The client's check of a number."""
    try:
        number = float(value)
    except ValueError:
        yield "not a number"
        return
    if not element["is_decimal_allowed"] and not number.is_integer():
        yield "not a whole number"
    if not float(element.get("min_value", "-inf")) <= number <= float(element.get("max_value", "inf")):
        yield "out of bounds"
