"""Elements: what may stand inside a block (buttons, menus, inputs, pictures), and its limits."""

from collections.abc import Iterator, Mapping
from typing import Any

from .shapes import (
    Check,
    anything,
    boolean,
    listed,
    matching,
    one_of,
    problem,
    shape,
    string,
    text,
    typed,
    whole,
)

CONFIRM = shape(
    {
        "title": text(100, plain=True),
        "text": text(300),
        "confirm": text(30, plain=True),
        "deny": text(30, plain=True),
    },
    {"style": one_of("primary", "danger")},
)
DISPATCH = shape({"trigger_actions_on": listed(one_of("on_enter_pressed", "on_character_entered"), 2)})
FILTER = shape(
    {},
    {
        "include": listed(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
SLACK_FILE = shape({}, {"id": string(255, 1), "url": string(3000, 1)})

ID: dict[str, Check] = {"type": anything, "action_id": string(255, 1)}
FOCUS: dict[str, Check] = {**ID, "focus_on_load": boolean}
HINT: dict[str, Check] = {**FOCUS, "placeholder": text(150, plain=True)}
ASK: dict[str, Check] = {**HINT, "confirm": CONFIRM}


def option(*, marked: bool = False, link: bool = False) -> Check:
    """One choice of a menu; only checkboxes and radio buttons may carry mrkdwn, only overflow an address."""
    extra: dict[str, Check] = {"description": text(75, plain=not marked)}
    if link:
        extra["url"] = string(3000)
    return shape({"text": text(75, plain=not marked), "value": string(75, 1)}, extra)


def with_initials(check: Check) -> Check:
    """The initial choice must be, to the letter, one of the offered ones."""

    def checked(value: Any, path: str) -> Iterator[str]:
        found = list(check(value, path))
        if found:
            yield from found
            return
        if bool("options" in value) == bool("option_groups" in value):
            yield problem(path, "exactly one of options and option_groups must be given")
        offered = choices(value)
        if "initial_option" in value and value["initial_option"] not in offered:
            yield problem(f"{path}/initial_option", "is not one of the options")
        for index, choice in enumerate(value.get("initial_options") or []):
            if choice not in offered:
                yield problem(f"{path}/initial_options/{index}", "is not one of the options")

    return checked


def choices(element: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every option of a menu, groups laid flat."""
    groups = element.get("option_groups") or []
    return list(element.get("options") or []) + [choice for group in groups for choice in group.get("options") or []]


def picture(value: Any, path: str) -> Iterator[str]:
    """An image needs exactly one source."""
    if ("image_url" in value) == ("slack_file" in value):
        yield problem(path, "exactly one of image_url and slack_file must be given")


def both(*checks: Check) -> Check:
    """Several checks over one value; those after one that failed are spared."""

    def check(value: Any, path: str) -> Iterator[str]:
        for inner in checks:
            found = list(inner(value, path))
            yield from found
            if found:
                return

    return check


def fields(optional: Mapping[str, Check], **required: Check) -> Check:
    """An element: its required keys by name, `type` always among them."""
    return shape({"type": anything, **required}, optional)


def menus(kind: str, initial: str, initial_check: Check, extra: Mapping[str, Check]) -> dict[str, Check]:
    """A `<kind>` and its `multi_<kind>`, for menus that Slack fills in itself."""
    many = {f"{initial}s": listed(initial_check, 100, 0), "max_selected_items": whole(1, 1000)}
    single = {"response_url_enabled": boolean} if kind in ("conversations_select", "channels_select") else {}
    return {
        kind: fields({**ASK, **extra, **single, initial: initial_check}),
        f"multi_{kind}": fields({**ASK, **extra, **many}),
    }


GROUP = shape({"label": text(75, plain=True), "options": listed(option(), 100)})
LISTS: dict[str, Check] = {"options": listed(option(), 100), "option_groups": listed(GROUP, 100)}
MARKED = option(marked=True)
NAMED = string(255, 1)
LENGTHS: dict[str, Check] = {"min_length": whole(0, 3000), "max_length": whole(1, 3000)}
MIN_QUERY: dict[str, Check] = {"min_query_length": whole(0, 100)}
DEFAULTING: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": FILTER}

BUTTON = fields(
    {
        **ID,
        "url": string(3000),
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
    text=text(75, plain=True),
)
IMAGE = both(fields({"image_url": string(3000, 1), "slack_file": SLACK_FILE}, alt_text=string(2000, 1)), picture)

SELECTS: dict[str, Check] = {
    "static_select": with_initials(fields({**ASK, **LISTS, "initial_option": option()})),
    "multi_static_select": with_initials(
        fields({**ASK, **LISTS, "max_selected_items": whole(1, 100), "initial_options": listed(option(), 100)})
    ),
    **menus("external_select", "initial_option", option(), MIN_QUERY),
    **menus("users_select", "initial_user", NAMED, {}),
    **menus("conversations_select", "initial_conversation", NAMED, DEFAULTING),
    **menus("channels_select", "initial_channel", NAMED, {}),
}
PICKERS: dict[str, Check] = {
    "checkboxes": with_initials(
        fields({**FOCUS, "confirm": CONFIRM, "initial_options": listed(MARKED, 10)}, options=listed(MARKED, 10))
    ),
    "radio_buttons": with_initials(
        fields({**FOCUS, "confirm": CONFIRM, "initial_option": MARKED}, options=listed(MARKED, 10))
    ),
    "datepicker": fields({**ASK, "initial_date": matching(r"\d{4}-\d\d-\d\d")}),
    "timepicker": fields({**ASK, "initial_time": matching(r"\d\d:\d\d"), "timezone": string(255)}),
    "datetimepicker": fields({**FOCUS, "confirm": CONFIRM, "initial_date_time": whole(0, 9_999_999_999)}),
}
OVERFLOW = fields({**ID, "confirm": CONFIRM}, options=listed(option(link=True), 5, 2))
TYPED: dict[str, Check] = {
    "plain_text_input": fields(
        {
            **HINT,
            **LENGTHS,
            "initial_value": string(3000),
            "multiline": boolean,
            "dispatch_action_config": DISPATCH,
        }
    ),
    "number_input": fields(
        {
            **HINT,
            "initial_value": matching(r"-?\d+(\.\d+)?"),
            "dispatch_action_config": DISPATCH,
            "min_value": matching(r"-?\d+(\.\d+)?"),
            "max_value": matching(r"-?\d+(\.\d+)?"),
        },
        is_decimal_allowed=boolean,
    ),
    "email_text_input": fields({**HINT, "initial_value": string(3000), "dispatch_action_config": DISPATCH}),
    "url_text_input": fields({**HINT, "initial_value": string(3000), "dispatch_action_config": DISPATCH}),
    "rich_text_input": fields({**HINT, "initial_value": anything, "dispatch_action_config": DISPATCH}),
    "file_input": fields({**ID, "filetypes": listed(string(20, 1), 100), "max_files": whole(1, 10)}),
}

SINGLE_SELECTS = {kind: check for kind, check in SELECTS.items() if not kind.startswith("multi_")}
ACCESSORY = typed({"button": BUTTON, "image": IMAGE, "overflow": OVERFLOW, **SELECTS, **PICKERS})
ACTION = typed({"button": BUTTON, "overflow": OVERFLOW, **SINGLE_SELECTS, **PICKERS})
INPUT = typed({**TYPED, **SELECTS, **PICKERS})
CONTEXT = typed({"image": IMAGE, **{kind: text(3000) for kind in ("plain_text", "mrkdwn")}})
