"""Cards: one for each kind of word, as every platform draws them; each door has some more of its own."""

from typing import get_args

from handlers.kit.figures import Figure, Figures, Progress
from handlers.kit.inline import Channel, Link, Mention, Phone, Status
from handlers.kit.messages import (
    Button,
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
    Plain,
    Row,
    Table,
    Text,
)

WORDS = {kind.model_fields["word"].default for kind in (*get_args(get_args(Plain)[0]), Fold)}  # of a card, by name

SAM = Mention("sam", "Sam Rivers")
NOBODY = Mention("rosa", "Rosa Delgado")
STATUS = Link("status page", "https://status.example.org/?a=1&b=2")
PLACE = Channel("streets", "#streets", url="https://chat.example.org/streets")

SHARED = {
    "note": Card("R-1", Note("Logged by ", SAM, " at 07:30, see ", STATUS)),
    "row": Card("Risks", Row("R-1 Dam gate stuck", Button("Open", "risk.show", "R-1")), Row(Text("R-2 ", SAM))),
    "items": Card("Late", Items("Fire", Text("Water, ", SAM))),
    "checks": Card("First hour", Checks(Check(label="Call the mayor", done=True), Check(label="Open the hall"))),
    "checks_with_buttons": Card(
        "First hour",
        Checks(
            Check(label="Call the mayor", done=True),
            Check(label="Open the hall", button=Button("Done", "crisis.tick", "2")),
        ),
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
    "phone": Card(
        "Call", Text("Tom Okafor: ", Phone("555 0134-222")), Note(Phone("+1 (555) 0134")), Facts(("Tom", Phone("911")))
    ),
    "place": Card(
        "F-1",
        Text("Told in ", Channel("parks", "#parks"), " and ", PLACE),
        Note("Also in ", Channel("parks", "#parks")),
    ),
}


def hostile(text: str) -> Card:
    """A card in which everything people can write is this text."""
    return Card(
        text,
        Heading(text),
        Figures(Figure(label=text, value=text, status=Status("critical", text))),
        Progress(text, 1, 2),
        Fold(text, Text(text)),
        Text(Channel(text, text), Status("info", text)),
        Text(text),
        Note(text),
        Row(text, Button(text, "a", text, confirm=text)),
        Facts((text, text)),
        Items(text),
        Table(columns=(text,), rows=((text,),)),
        Checks(Check(label=text)),
        status=Status("neutral", text),
    )
