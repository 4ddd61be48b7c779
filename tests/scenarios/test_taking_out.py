"""What leaves the bot in a file: only for those with the right, and after its row in the audit; at every door."""

import json

from sqlalchemy import select

from storage.audit import audit
from storage.database import Store
from tests.chat.door import Chat

BURST = "/crisis activate Water main burst; where Mill Road; level 2"
LINES = {  # what is typed, and its row: the act, the subject, and the form of the file
    "/risk export csv": ("risk export", "risks", "csv"),
    "/risk report": ("risk report", "risks", "docx"),
    "/feedback export xlsx": ("feedback export", "feedback", "xlsx"),
    "/crisis document": ("crisis document", "CR-2026-01", "docx"),
    "/crisis card": ("crisis card", "contacts", "docx"),
}


def rows(store: Store) -> list[tuple[str, str, str | None, str]]:
    """The rows about what was taken out: who, the act, the subject, the form of the file."""
    every = store.connection.execute(select(audit).order_by(audit.c.number))
    return [(row.person, row.act, row.subject, kind) for row in every if (kind := json.loads(row.facts).get("format"))]


async def test_whatever_is_taken_out_leaves_a_row_and_takes_a_right(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    for line in LINES:
        given = await chat.person("priya").says(line)
        assert await chat.person("priya").files(given), line
        refused = await chat.person("sam").says(line)
        assert refused.title == "You cannot do this yourself", line
    timeline = await chat.person("priya").says("/crisis timeline")
    given = await chat.person("priya").presses("As a spreadsheet", timeline)
    assert await chat.person("priya").files(given)
    sheet = ("crisis.timeline-sheet", "CR-2026-01", "xlsx")
    assert await chat.bot.read(rows) == [("priya", *row) for row in (*LINES.values(), sheet)]
    for line in ("/risk list", "/crisis timeline"):
        shown = await chat.person("sam").says(line)
        assert "As a spreadsheet" not in shown.buttons, line
