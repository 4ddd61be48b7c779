"""Cards: one for each kind of part, and those that are too long for a message."""

from handlers.kit.figures import Figure, Figures, Progress
from handlers.kit.inline import Channel, Link, Mention, Status
from handlers.kit.messages import (
    Button,
    Buttons,
    Card,
    Check,
    Checks,
    Facts,
    File,
    Fold,
    Heading,
    Items,
    Note,
    Picture,
    Row,
    Table,
    Text,
)

HOSTILE = "<!channel> <@U999> *bold* _it_ `code` & <https://evil.example|here> :fire: @here"
SAM = Mention("sam", "Sam Rivers")
NOBODY = Mention("rosa", "Rosa Delgado")
STATUS = Link("status page", "https://status.example.org/?a=1&b=2")

PLACE = Channel("streets", "#streets", url="https://chat.example.org/streets")

GOLDEN = {
    "text": Card("R-1 Dam gate stuck", Text("Looked after by ", SAM, " and ", NOBODY, ", see ", STATUS)),
    "note": Card("R-1", Note("Logged by ", SAM, " at 07:30, see ", STATUS)),
    "row": Card("Risks", Row("R-1 Dam gate stuck", Button("Open", "risk.show", "R-1")), Row(Text("R-2 ", SAM))),
    "row_with_a_person": Card("Risks", Row(Text("R-2 ", SAM), Button("Open", "risk.show", "R-2"))),
    "facts": Card("R-1", Facts(("Score", "20"), ("Owner", SAM), ("More", STATUS))),
    "items": Card("Late", Items("Fire", Text("Water, ", SAM))),
    "table": Card("Open", Table(columns=("Risk", "Score"), rows=(("R-1 Dam gate", "20"), ("R-2 Rats", "6")))),
    "wide_table": Card("Open", Table(columns=("Risk", "Owner"), rows=(("R-1 " + "Dam " * 15, "Sam"), ("R-2", "")))),
    "checks": Card("First hour", Checks(Check(label="Call the mayor", done=True), Check(label="Open the hall"))),
    "checks_with_buttons": Card(
        "First hour",
        Checks(
            Check(label="Call the mayor", done=True),
            Check(label="Open the hall", button=Button("Done", "crisis.tick", "2")),
        ),
    ),
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
    "picture": Card("Risks by week", Picture(data=b"png", alt="Eleven open risks, three more than last week")),
    "file": Card("Export", File(name="risks.csv", data=b"a,b")),
    "status": Card(
        "R-1 Dam gate stuck",
        Text(Status("warning", "Late"), " R-2 Rats"),
        Row(Text(Status("critical", "Extreme"), " R-3 Levee"), Button("Open", "risk.show", "R-3")),
        Facts(("Level", Status("info", "Medium"))),
        Table(columns=("Risk", "Level"), rows=(("R-1 Dam gate", Status("critical", "Extreme")), ("R-2", ""))),
        status=Status("critical", "Extreme"),
    ),
    "status_alone": Card("", Text("Over"), status=Status("good", "Stood down")),
    "headings": Card("Morning", Heading("Waiting for you"), Text("R-1"), Heading("*Not* ours"), Text("R-2")),
    "figures": Card(
        "This week",
        Figures(
            Figure(label="open risks", value="11"),
            Figure(label="late", value="3", status=Status("warning", "Late")),
            Figure(label="feedback", value="1,204"),
            Figure(label="answered in time", value="91 %", status=Status("good", "on target")),
            Figure(label="days without a crisis", value="40"),
        ),
    ),
    "progress": Card("The plan", Progress("Steps done", 5, 8), Progress("Calls", 0, 3), Progress("Checks", 4, 4)),
    "fold": Card(
        "CR-1",
        Fold("Who is coming: 12", Items("Sam Rivers", "Rosa Delgado"), button=Button("Who is coming: 12", "a", "CR-1")),
        Fold("The log: 3 lines", Heading("Today"), Text("Sam: pumps on")),
    ),
    "place": Card("F-1", Text("Told in ", Channel("parks", "#parks"), " and ", PLACE)),
    "hostile": Card(
        HOSTILE,
        Heading(HOSTILE),
        Figures(Figure(label=HOSTILE, value=HOSTILE, status=Status("critical", HOSTILE))),
        Progress(HOSTILE, 1, 2),
        Fold(HOSTILE, Text(HOSTILE)),
        Text(Channel(HOSTILE, HOSTILE), Status("info", HOSTILE)),
        Text(HOSTILE),
        Note(HOSTILE),
        Row(HOSTILE, Button(HOSTILE, "a", HOSTILE, confirm=HOSTILE)),
        Facts((HOSTILE, HOSTILE)),
        Items(HOSTILE),
        Table(columns=(HOSTILE,), rows=((HOSTILE,),)),
        Checks(Check(label=HOSTILE)),
        status=Status("neutral", HOSTILE),
    ),
}

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
