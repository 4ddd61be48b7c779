"""Timeline: what was written down in a crisis, in its report."""

from typing import TYPE_CHECKING

from handlers.crisis.record import entry_text, entry_words
from handlers.kit.context import Context
from handlers.kit.contributions import crisis_report_section
from storage.crisis.log import Entry
from storage.crisis.records import Crisis

if TYPE_CHECKING:
    from handlers.kit.document import Document


@crisis_report_section("decisions", order=35)
def decisions(context: Context, crisis: Crisis, document: "Document") -> None:
    """What was decided, by whom and when."""
    found = [entry for entry in context.store.crisis.log.of(crisis.ref) if entry.kind == "decided"]
    document.heading("Decisions")
    if found:
        document.table(
            ("When", "Who", "What"),
            [_cells(context, entry, entry_text(context, entry)) for entry in found],
            (2.2, 2.5, 8),
        )
    else:
        document.text("No decision was written down.")


@crisis_report_section("timeline", order=90)
def whole_timeline(context: Context, crisis: Crisis, document: "Document") -> None:
    """The whole timeline, in order."""
    entries = context.store.crisis.log.of(crisis.ref)
    document.heading("The whole timeline")
    document.text(f"Lines: {len(entries)}. Times are those of {context.city.name}.")
    document.table(
        ("When", "Who", "What"),
        [_cells(context, entry, entry_words(context, entry)) for entry in entries],
        (2.2, 2.5, 8),
    )


def _cells(context: Context, entry: Entry, words: str) -> tuple[str, str, str]:
    when = f"{context.calendar.local(entry.at):%Y-%m-%d %H:%M:%S}"
    source = f" ({entry.source})" if entry.source else ""
    return when, context.name(entry.person), f"{words}{source}"
