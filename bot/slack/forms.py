"""Forms: a form as Slack's modal, and a filled-in modal as answers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.slack.elements import ACCOUNT, LABEL, SECTION, Json, bold, plain_text, portions, rich, section_of
from bot.slack.render import MODAL, render
from bot.slack.words import pictured
from handlers.kit.forms import FormPage, Options, Question
from handlers.kit.messages import Card
from handlers.kit.moments import beside_choices, with_own_times
from handlers.kit.options import meant
from handlers.kit.time.dates import is_written_out

TITLE = 24
TEXT_FIELD = 3000
LABEL_OF_INPUT = 2000
MENU = 100  # options in a menu, and in a group of one
VALUE = "value"
AT = "@at"  # ends the name of the field in which somebody gives a time of their own
OWN_TIME = "Or at this time"
INSTANT = "%Y-%m-%dT%H:%MZ"  # how a time from Slack's picker is handed on
CALLBACK = "form"


@dataclass(frozen=True)
class Origin:
    """Where a form was asked for, so that its answer can be brought there; ``passing`` as in an Inbound."""

    channel: str | None = None
    response_url: str | None = None
    passing: bool = False


@dataclass(frozen=True)
class Filled:
    """A modal that somebody has sent."""

    target: str
    nonce: str
    values: Mapping[str, str]
    origin: Origin


def modal(page: FormPage, handles: Mapping[str, str], origin: Origin) -> Json:
    """The form as a modal. ``handles`` are Slack accounts by what was typed for a person."""
    kept = {"target": page.target, "nonce": page.nonce, **_origin_json(origin)}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": json.dumps(kept),
        "title": plain_text(short(page.title)),
        "submit": plain_text(short(page.submit)),
        "close": plain_text("Cancel"),
        "blocks": [*_top(page), *(block for question in page.questions for block in _inputs(question, page, handles))],
    }


def short(title: str) -> str:
    """A title of at most 24 characters, cut where a word ends."""
    if len(title) <= TITLE:
        return title or "cityops"
    whole_words = title[: TITLE + 1].rpartition(" ")[0].rstrip(" ,;:-")
    return whole_words or title[:TITLE]


def _origin_json(origin: Origin) -> Json:
    passing = {"passing": True} if origin.passing else {}
    return {"channel": origin.channel, "response_url": origin.response_url, **passing}


def _top(page: FormPage) -> list[Json]:
    """What stands above the fields: the title when it was cut, the introduction, what does not fit."""
    said = [page.title] if len(page.title) > TITLE else []
    said += [page.intro] if page.intro else []
    blocks: list[Json] = [{"type": "section", "text": plain_text(sentence)} for sentence in said]
    labels = {question.name: question.label for question in page.questions}
    if page.errors:
        lines = [
            section_of([bold(f"{labels.get(name, name)} "), {"type": "text", "text": sentence}])
            for name, sentence in page.errors.items()
        ]
        blocks.append(rich({"type": "rich_text_list", "style": "bullet", "elements": lines}))
    blocks += _too_long(page)
    return [{**block, "block_id": f"-{number}"} for number, block in enumerate(blocks)]


def _too_long(page: FormPage) -> Iterator[Json]:
    """What was typed and is longer than Slack's fields: shown, so that it can be copied."""
    for question in page.questions:
        if len(text := page.values.get(question.name, "")) > TEXT_FIELD:
            name = section_of([bold(f"{question.label} "), {"type": "text", "text": "You wrote:"}])
            yield rich(name)
            for piece in portions(text, SECTION):
                yield rich({"type": "rich_text_quote", "elements": [{"type": "text", "text": piece}]})


def _inputs(question: Question, page: FormPage, handles: Mapping[str, str]) -> Iterator[Json]:
    """The field of a question; of one for a moment, a menu of the most usual times and a picker for any other."""
    typed = page.values.get(question.name, "")
    picked = _instant(typed) if question.moment else None
    drawn = _input(question, "" if picked else typed, handles)
    yield drawn
    if not question.moment or drawn["element"]["type"] != "static_select":
        return
    initial = {"initial_date_time": picked} if picked else {}
    own = {"type": "datetimepicker", "action_id": VALUE, **initial}
    label = plain_text(OWN_TIME)
    yield {"type": "input", "block_id": f"{question.name}{AT}", "label": label, "element": own, "optional": True}


def _instant(typed: str) -> int | None:
    """The seconds of a time that was chosen in Slack's picker; None for any other words."""
    try:
        return int(datetime.strptime(typed, INSTANT).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None


def _input(question: Question, typed: str, handles: Mapping[str, str]) -> Json:
    element = _element(question, typed, handles)
    is_text = element["type"] == "plain_text_input"
    chooses = not is_text and (question.moment or question.kind == "date")
    hint = beside_choices(question.hint) if chooses else question.hint
    if typed and not is_text and not any(key.startswith("initial") for key in element):
        hint = f'You wrote "{typed}". {hint}'.strip()
    block: Json = {
        "type": "input",
        "block_id": question.name,
        "label": plain_text(question.label, LABEL_OF_INPUT),
        "element": {**element, "action_id": VALUE},
        "optional": not question.required or question.moment,
    }
    return {**block, "hint": plain_text(hint, LABEL_OF_INPUT)} if hint else block


def _element(question: Question, typed: str, handles: Mapping[str, str]) -> Json:
    """The field; where Slack's own could not show what was typed, a text field keeps it."""
    match question.kind:
        case "date" if not typed or is_written_out(typed):
            return {"type": "datepicker", **({"initial_date": typed} if typed else {})}
        case "person" if not typed:
            return {"type": "users_select"}
        case "person" if ACCOUNT.fullmatch(handles.get(typed, "")):
            return {"type": "users_select", "initial_user": handles[typed]}
        case "level" if question.required:
            return {"type": "radio_buttons", **_menu(question.options, typed)}
        case "level" | "choice":
            return {"type": "static_select", **_menu(question.options, typed)}
        case _ if question.suggests and (not typed or meant(question.suggests, typed)):
            return {"type": "static_select", **_menu(question.suggests, typed)}
        case _:
            return _text_field(question, typed)


def _text_field(question: Question, typed: str) -> Json:
    field: Json = {"type": "plain_text_input", "multiline": question.kind == "long_text" or "\n" in typed}
    if len(typed) <= question.max_length:
        field["max_length"] = min(question.max_length, TEXT_FIELD)
    return {**field, "initial_value": typed[:TEXT_FIELD]} if typed else field


def _menu(options: Options, typed: str) -> Json:
    """The choices, in groups when one list would be too long, and the one that was meant."""
    drawn: list[Json] = [{"text": plain_text(label or key, LABEL), "value": key} for key, label in options]
    chosen = meant(options, typed)
    initial = {"initial_option": next(option for option in drawn if option["value"] == chosen)} if chosen else {}
    if len(drawn) <= MENU:
        return {"options": drawn, **initial}
    groups = [drawn[start : start + MENU] for start in range(0, len(drawn), MENU)]
    named = [{"label": plain_text(group[0]["text"]["text"][:40] + " \u2026"), "options": group} for group in groups]
    return {"option_groups": named, **initial}


def filled(view: Mapping[str, Any]) -> Filled:
    """What somebody entered; untouched fields, null or absent, are empty."""
    kept = metadata(view)
    state = (view.get("state") or {}).get("values") or {}
    answers = {name: _answer((inputs or {}).get(VALUE) or {}) for name, inputs in state.items()}
    values = with_own_times(answers, AT)
    return Filled(str(kept.get("target", "")), str(kept.get("nonce", "")), values, origin(view))


def _answer(answer: Mapping[str, Any]) -> str:
    if account := answer.get("selected_user"):
        return f"slack:{account}"
    if seconds := answer.get("selected_date_time"):
        return datetime.fromtimestamp(int(seconds), UTC).strftime(INSTANT)
    option = answer.get("selected_option") or {}
    typed = pictured(str(answer.get("value") or ""))
    return typed or str(option.get("value") or answer.get("selected_date") or "")


def metadata(view: Mapping[str, Any]) -> Json:
    """What we gave a view to keep; nothing when it is not ours."""
    try:
        kept = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def origin(view: Mapping[str, Any]) -> Origin:
    kept = metadata(view)
    return Origin(kept.get("channel"), kept.get("response_url"), bool(kept.get("passing")))


def errors_ack(errors: Mapping[str, str], view: Mapping[str, Any]) -> Json:
    """The sentences beside their fields; one about a field that is not shown stands beside the first."""
    inputs = [block["block_id"] for block in view.get("blocks", ()) if block.get("type") == "input"]
    beside: dict[str, str] = {}
    for name, sentence in errors.items():
        place = name if name in inputs else inputs[0]
        beside[place] = f"{beside[place]} {sentence}" if place in beside else sentence
    return {"response_action": "errors", "errors": beside}


def confirmation(card: Card, handles: Mapping[str, str], origin: Origin) -> Json:
    """A modal without fields that shows a card; its buttons work."""
    blocks = render(card, handles, most=MODAL)["blocks"]
    return {
        "type": "modal",
        "callback_id": "card",
        "private_metadata": json.dumps(_origin_json(origin)),
        "title": plain_text(short(card.title)),
        "close": plain_text("Close"),
        "blocks": blocks or [{"type": "section", "block_id": "b0", "text": plain_text("Done.")}],
    }
