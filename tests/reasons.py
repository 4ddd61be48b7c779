"""Reasons: what a door does differently from the others, or not at all, and the platform's rule that is the cause."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    text: str
    doors: tuple[str, ...]
    rows: tuple[str, ...]


DESKS = ("desk", "desk_postgresql")
REASONS = (
    Reason(
        "A Teams channel has no private answers: a message in it is read by everybody. The answer comes in the asker's "
        "own chat with the bot.",
        ("teams",),
        ("Get an answer in a channel that nobody else reads",),
    ),
    Reason(
        "Teams gives a bot no page that it draws: a tab is a web page of its own, with a sign-in of its own. The same "
        "card comes with `city today`.",
        ("teams",),
        ("Open a home page that is always current",),
    ),
    Reason(
        "The desk and the command line have no home page beside the conversation. The same card comes with "
        "`city today`.",
        (*DESKS, "say"),
        ("Open a home page that is always current",),
    ),
    Reason(
        "A bot cannot upload a file to Teams (that takes Microsoft Graph): a small picture stands in the card, all "
        "else is a signed link that works for 24 hours.",
        ("teams",),
        ("Get a picture or a file",),
    ),
    Reason(
        "At the desk every place is a channel from the beginning; there is nothing to connect.",
        DESKS,
        ("Connect a channel to a place",),
    ),
    Reason(
        "The desk knows only the people of `people.toml`: who is not in it cannot be chosen.",
        DESKS,
        ("Be known from the first word on, though not in people.toml",),
    ),
    Reason(
        "The command line knows only the people of `people.toml`, because nobody vouches for anybody else.",
        ("say",),
        ("Be known from the first word on, though not in people.toml",),
    ),
    Reason(
        "A terminal prints one answer and ends: it has no buttons, no channels and no messages of other people, and "
        "nothing that was printed changes or comes later.",
        ("say",),
        (
            "Accept a risk as it is, until a day that does not pass quietly",
            "Answer a page of a crisis",
            "Be asked the stand-up, and reminded of it once",
            "Be paged again until the answer is there",
            "Change an answer to the stand-up, and see its digest change",
            "Choose which of two crises is meant",
            "Close a blocker from a card",
            "Connect a channel to a place",
            "End a crisis from its card",
            "Have a room for one matter",
            "Have later changes of a kept message noted",
            "Keep a message that is posted in a room",
            "Get an answer in a channel that nobody else reads",
            "Log a risk from the menu of a message",
            "Open a form with a button",
            "Review a risk in a form",
            "See similar risks before a new one is logged",
            "Read at half past seven what came in overnight",
            "See a card change in its place",
            "Send the answer to a resident by e-mail",
            "Take back what was logged by mistake",
            "Turn the pages of a list",
        ),
    ),
    Reason(
        "Each call of the command line is a gesture of its own; nothing delivers it a second time.",
        ("say",),
        ("Have what arrives twice done once",),
    ),
    Reason(
        "Teams tells a bot of a change or deletion only of messages that mention it, or stand in its own chat.",
        ("teams",),
        ("Have later changes of a kept message noted",),
    ),
    Reason(
        "What was said at the desk cannot be changed or deleted.",
        DESKS,
        ("Have later changes of a kept message noted",),
    ),
)
