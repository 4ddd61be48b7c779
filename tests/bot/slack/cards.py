"""Cards: one for each kind of part, and those that are too long for a message."""

from handlers.kit.inline import Link
from handlers.kit.messages import (
    Button,
    Buttons,
    Card,
    Check,
    Checks,
    Facts,
    Fold,
    Items,
    Note,
    Picture,
    Row,
    Table,
    Text,
)
from tests.bot.cards import NOBODY, SAM, SHARED, STATUS, hostile

HOSTILE = "<!channel> <@U999> *bold* _it_ `code` & <https://evil.example|here> :fire: @here"

GOLDEN = {
    **SHARED,
    "text": Card("R-1 Dam gate stuck", Text("Looked after by ", SAM, " and ", NOBODY, ", see ", STATUS)),
    "row_with_a_person": Card("Risks", Row(Text("R-2 ", SAM), Button("Open", "risk.show", "R-2"))),
    "facts": Card("R-1", Facts(("Score", "20"), ("Owner", SAM), ("More", STATUS))),
    "table": Card("Open", Table(columns=("Risk", "Score"), rows=(("R-1 Dam gate", "20"), ("R-2 Rats", "6")))),
    "wide_table": Card("Open", Table(columns=("Risk", "Owner"), rows=(("R-1 " + "Dam " * 15, "Sam"), ("R-2", "")))),
    "buttons": Card(
        "Crisis",
        Buttons(
            Button("Acknowledge", "crisis.ack", "CR-1", style="primary"),
            Button("Stand down", "crisis.standdown", "CR-1", style="danger", confirm="Stand down CR-1?"),
            Button("Acknowledge later", "crisis.ack", "CR-1 later"),
        ),
    ),
    "buttons_of_a_line": Card(
        "The plan",
        Text("Close Mill Road, Tom Okafor, by 10:00"),
        Buttons(Button("Done", "step.done", "1"), Button("Give to", "step.give", "1"), about="Close Mill Road"),
    ),
    "hostile": hostile(HOSTILE),
}

PICTURE = Picture(data=b"png", alt="Eleven open risks, three more than last week")
INSIDE = Card("Risks by week", PICTURE, Fold("Before", PICTURE))

LONG = "Water in the cellar. " * 300
KEEP = Buttons(Button("Keep me", "a"))
TOO_MUCH = {
    "a long title": Card("Dam " * 100),
    "a long text": Card("T", Text(LONG)),
    "one endless word": Card("T", Text("x" * 30_000), Note("x" * 30_000), Row("x" * 9_000, Button("Open", "a"))),
    "many texts": Card("T", *(Text(LONG) for _ in range(9)), KEEP),
    "many rows": Card("T", *(Row("Risk", Button("Open", "a", str(n))) for n in range(80)), KEEP),
    "many buttons": Card("T", Buttons(*(Button("B" * 90, "a", "v" * 3_000, confirm="c" * 900) for _ in range(60)))),
    "many lines of buttons": Card(
        "T", *(Buttons(*(Button("B", "a") for _ in range(20)), about="Dam " * 17) for _ in range(40)), KEEP
    ),
    "many items": Card("T", Items(*("Rats " * 50 for _ in range(200)))),
    "many facts": Card("T", Facts(*(("Label", "Value " * 50) for _ in range(200)))),
    "a long table": Card("T", Table(columns=("A", "B"), rows=(("R-1", "Rats"),) * 900)),
    "many checks": Card(
        "T", Checks(*(Check(label="Call " * 90, button=Button("Done", "a")) for _ in range(70))), KEEP
    ),
    "a long note": Card("T", Note(*(part for _ in range(20) for part in ("by ", SAM, LONG)))),
    "a long link": Card("T", Text(Link("x" * 4_000, "https://example.org/" + "x" * 4_000)), Note(STATUS)),
    "escaped": Card("T", Text("&<>" * 2_000)),
    "nothing": Card("", Text(""), Text(" "), Note(""), Items(""), Buttons(buttons=()), Row("")),
    "empty": Card("", Table(columns=(), rows=())),
}  # fmt: skip
