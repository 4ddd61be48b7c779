"""Stand-up words: what the card of a member and the digest of a team say alike: the title, answers and blockers."""

from collections.abc import Sequence

from handlers.kit.city.standup import StandupFacts
from handlers.kit.context import Context
from handlers.kit.messages import Button, Heading, Row, Word
from storage.standup.answers import Answer
from storage.standup.blockers import Blocker
from storage.standup.records import Standup

IN_SHORT = dict(zip(StandupFacts().questions, ("Finished", "Next", "In the way"), strict=True))


def title(context: Context, standup: Standup) -> str:
    """The title that names a stand-up."""
    return f"Stand-up {context.city.teams[standup.team].name}, {context.calendar.spoken_day(standup.day)}"


def answers_of(context: Context, answer: Answer) -> list[tuple[str, str]]:
    """What somebody has answered, each with a word for its question; a city's own question stands as it is."""
    finished, following, way = (IN_SHORT.get(question, question) for question in context.city.standup.questions)
    closed = " (closed)" if answer.state == "closed" else ""
    return [(finished, answer.finished), (following, answer.next), (way, f"{answer.what or 'Nothing new'}{closed}")]


def blocker_rows(
    context: Context, blockers: Sequence[Blocker], title: str, label: str, *, named: bool = False
) -> list[Word]:
    """Open blockers under a heading, each with the button that closes it."""
    if not blockers:
        return []
    rows = [Row(_line(context, blocker, named), Button(label, "blocker.close", blocker.ref)) for blocker in blockers]
    return [Heading(f"{title}: {len(rows)}"), *rows]


def _line(context: Context, blocker: Blocker, named: bool) -> str:
    days = (context.today - context.calendar.today(blocker.created_at)).days
    age = "since today" if days < 1 else f"for {days} {'day' if days == 1 else 'days'}"
    return f"{blocker.ref} {blocker.what} ({context.name(blocker.person) + ', ' if named else ''}{age})"
