"""Cards: one for each kind of part, and those that are too long for a message."""

from handlers.kit.inline import Link
from handlers.kit.messages import (
    Button,
    Buttons,
    Card,
    Check,
    Checks,
    Facts,
    Items,
    Note,
    Picture,
    Row,
    Table,
    Text,
)
from tests.bot.cards import NOBODY, SAM, SHARED, STATUS, hostile

HOSTILE = (
    "**bold** [here](https://evil.example) <at>Sam</at> # head\n- item `code` {{DATE(2026-01-01)}} https://evil.example"
)

GOLDEN = {
    **SHARED,
    "text": Card("R-1 Dam gate stuck", Text("Looked after by ", SAM, " and ", NOBODY, ",\nsee ", STATUS)),
    "facts": Card("R-1", Facts(("Score", "20"), ("Owner", SAM), ("More", STATUS), ("Story", "one\ntwo"))),
    "table": Card("Open", Table(columns=("Risk", "Score"), rows=(("R-1 Dam gate", "20"), ("R-2 Rats", "")))),
    "buttons": Card(
        "Crisis",
        Buttons(
            Button("Acknowledge", "crisis.ack", "CR-1", style="primary"),
            Button("Stand down", "crisis.standdown", "CR-1", style="danger", confirm="Stand down CR-1?"),
            Button("Change", "form", "CR-1"),
        ),
    ),
    "buttons_of_a_line": Card(
        "The plan",
        Text("Close Mill Road, Tom Okafor, by 10:00"),
        Buttons(
            Button("Done", "step.done", "1"),
            Button("Take back", "step.back", "1", confirm="Really?"),
            about="Close Mill Road",
        ),
    ),
    "seven_buttons": Card("Crisis", Buttons(*(Button(f"B{number}", "a", str(number)) for number in range(7)))),
    "hostile": hostile(HOSTILE),
}

LONG = "Water in the cellar. " * 300
KEEP = Buttons(Button("Keep me", "a"))
TOO_MUCH = {
    "a long title": Card("Dam " * 100),
    "a long text": Card("T", Text(LONG * 9), KEEP),
    "one endless word": Card("T", Text("x" * 30_000), Note("x" * 30_000), Row("x" * 9_000, Button("Open", "a"))),
    "many texts": Card("T", *(Text(LONG) for _ in range(9)), KEEP),
    "many rows": Card("T", *(Row("Risk", Button("Open", "a", str(n))) for n in range(300)), KEEP),
    "many buttons": Card("T", Buttons(*(Button("B" * 90, "a", "v" * 3_000, confirm="c" * 900) for _ in range(60)))),
    "many items": Card("T", Items(*("Rats " * 50 for _ in range(200)))),
    "many facts": Card("T", Facts(*(("Label", "Value " * 50) for _ in range(200)))),
    "a long table": Card("T", Table(columns=("A", "B"), rows=(("R-1", "Rats"),) * 900)),
    "many checks": Card(
        "T", Checks(*(Check(label="Call " * 90, button=Button("Done", "a")) for _ in range(70))), KEEP
    ),
    "a long link": Card("T", Text(Link("x" * 4_000, "https://example.org/" + "x" * 4_000)), Note(STATUS)),
    "flags": Card("T", Text("\U0001f1e9\U0001f1ea" * 9_000)),
    "a large picture": Card("T", Picture(data=b"x" * 200_000, alt="A map")),
    "nothing": Card("", Text(""), Text(" "), Note(""), Items(""), Buttons(buttons=()), Row("")),
    "empty": Card("", Table(columns=(), rows=())),
}  # fmt: skip
