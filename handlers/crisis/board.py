"""Crisis board: one card that is kept up to date: how bad it is, who leads, what is next, and how everything stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from handlers.crisis.choice import which_crisis
from handlers.crisis.levels import crisis_status
from handlers.crisis.record import DRILL_LINE, SHORT, crisis_facts, log_line, stamped, when
from handlers.crisis.shown import for_reader
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_board_section
from handlers.kit.declared import Board
from handlers.kit.errors import UserError
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Facts, Fold, Heading, Items, Plain, Text, Word, capitalized
from handlers.kit.parts import Broken, Part, missing
from handlers.kit.records import record_buttons, record_words
from handlers.kit.registry import action
from handlers.kit.signs import cut
from handlers.kit.values import Carried, Rest
from storage.crisis.records import Crisis

LATEST, EARLIER = 3, 6  # lines of the log in sight, and folded; the timeline has all of it
ABOUT = "about it"
LESSONS, REPORT = "Cause and lessons", "Draft the after-action report"


@dataclass(frozen=True)
class PartOf(Carried):
    """A part of the board of a crisis, by the name of its section."""

    crisis: str
    part: Rest


def summary(context: Context, crisis: Crisis) -> Card:
    """The board as everybody in the room of the crisis has it."""
    return _board(context, crisis, *((crisis_buttons(context, crisis),) if crisis.is_open else ()))


def whole(context: Context, crisis: Crisis, takes: Button | None = None) -> Card:
    """The board for somebody who asks for it, with the linked records and what is to be done after the end; ``takes``
    is the button of the role that they are asked for, in the place of that of the commander."""
    ways = crisis_buttons(context, crisis) if crisis.is_open else after_buttons(crisis)
    card = _board(context, crisis, *record_words(context, crisis.ref), ways)
    if takes is None:
        return card
    others = card.with_buttons(lambda button: button.action != takes.action)
    facts = next((place for place, word in enumerate(others.body) if isinstance(word, Facts)), 0)
    first = others.body[: facts + 1]
    return others.model_copy(update={"body": (*first, Buttons(takes), *others.body[facts + 1 :])})


def _board(context: Context, crisis: Crisis, *foot: Word) -> Card:
    where = f"{crisis.where}, since" if crisis.where else "Since"
    waits = (Text(Status("warning", "Stand-down requested"), f" {_asked(context, crisis)}"),) if _waits(crisis) else ()
    return stamped(
        crisis,
        Card(
            f"{crisis.ref} {crisis.what}",
            *((DRILL_LINE,) if crisis.drill else ()),
            Text(f"{where} {context.calendar.spoken(crisis.created_at)}"),
            *waits,
            *on_board(context, crisis),
            *foot,
            status=crisis_status(crisis),
        ),
    )


def _waits(crisis: Crisis) -> bool:
    """Whether somebody has asked to stand the crisis down, and nobody has agreed yet."""
    return crisis.is_open and crisis.ending_by is not None


def _asked(context: Context, crisis: Crisis) -> str:
    return f"by {context.name(crisis.ending_by)}, and a second person must agree: {crisis.reason}"


def on_board(context: Context, crisis: Crisis) -> Sequence[Word]:
    """What each feature says about the crisis, in order; the facts with which it begins stand together."""
    boards = sorted(catalogue.crisis_board_sections.values(), key=lambda section: (section.order, section.name))
    return _together(words_of_boards(context, crisis, boards))


def _together(words: Iterable[Word]) -> list[Word]:
    """The words, with facts that follow each other in one list."""
    found = list[Word]()
    for word in words:
        if isinstance(word, Facts) and found and isinstance(before := found[-1], Facts):
            found[-1] = Facts(*before.pairs, *word.pairs)
        else:
            found.append(word)
    return found


def words_of_boards(context: Context, crisis: Crisis, boards: Sequence[Board]) -> list[Word]:
    """What these features say about the crisis; a feature that fails is named as not read."""
    words: list[Word] = []
    parts = [Part(f"board {board.name}", partial(board.function, context, crisis), crisis.ref) for board in boards]
    for board, found in zip(boards, context.each_apart(parts), strict=True):
        words += [missing(board.name)] if isinstance(found, Broken) else found
    return words


def folded(crisis: Crisis, part: str, title: str, *body: Plain) -> Fold:
    """What only some need of a part of the board; where a message cannot fold, it is read again from the record."""
    return Fold(title, *body, button=Button(title, "crisis.board-part", PartOf(crisis.ref, part)))


@action("crisis.board-part", needs="crisis.read", reads_only=True, carries=PartOf)
def show_part(request: Request, value: PartOf) -> Card:
    """Show what is folded on the board of a crisis."""
    crisis = which_crisis(request, value.crisis, taken=False)
    board = catalogue.crisis_board_sections.get(value.part)
    if board is None:
        raise UserError(f"The board of {crisis.ref} has no such part anymore. See it with: crisis status {crisis.ref}")
    words = words_of_boards(request, crisis, [board])
    shown = [inner for word in words for inner in (word.body if isinstance(word, Fold) else (word,))]
    card = Card(f"{crisis.ref}: {capitalized(board.name)}", *shown, status=crisis_status(crisis))
    return for_reader(request, crisis, stamped(crisis, card))


@crisis_board_section("log", order=40)
def newest_lines(context: Context, crisis: Crisis) -> list[Word]:
    """The newest lines of the log, and those before them folded."""
    entries = context.store.crisis.log.newest(crisis.ref, LATEST + EARLIER)
    if not entries:
        return []
    lines = [_short(log_line(context, entry, when(context, entry.at))) for entry in entries]
    earlier, latest = lines[:-LATEST], lines[-LATEST:]
    timeline = Button.say("Whole timeline", f"crisis timeline {crisis.ref}")
    fold = Fold("Earlier", Items(*earlier), Buttons(timeline), button=timeline)
    return [Heading("Timeline"), Items(*latest), *((fold,) if earlier else ())]


@crisis_board_section(ABOUT, order=90)
def about_it(context: Context, crisis: Crisis) -> list[Word]:
    """What the crisis is, and who raised, confirmed and ended it."""
    return [details(context, crisis)]


def details(context: Context, crisis: Crisis) -> Fold:
    """The facts of the crisis, folded, on the cards that are about one thing of it."""
    return folded(crisis, ABOUT, "About this crisis", crisis_facts(context, crisis))


def _short(line: str) -> str:
    """The beginning of a log line, without line breaks; the timeline has all of it."""
    line = " ".join(line.split())
    return cut(line, SHORT, at_a_word=True)


def crisis_buttons(context: Context, crisis: Crisis) -> Buttons:
    """The buttons for everybody on the card of a crisis."""
    return Buttons(
        Button.say("Add to timeline", f"crisis log ; crisis {crisis.ref}"),
        Button("Change it", "crisis.change", crisis.ref),
        *record_buttons(context, crisis.ref),
        Button.say("Stand down", f"crisis standdown ; crisis {crisis.ref}", style="danger"),
    )


def after_buttons(crisis: Crisis, *, but: str = "") -> Buttons:
    """The buttons for what is to be done when a crisis is over, without the one that the card has already (``but``)."""
    every = (
        Button.say("Add a follow-up", f"crisis follow-up ; crisis {crisis.ref}"),
        Button(LESSONS, "crisis.lessons", crisis.ref),
        Button.say(REPORT, f"crisis document {crisis.ref}"),
        Button.say("Reopen it", f"crisis reopen ; crisis {crisis.ref}"),
    )
    return Buttons(*(button for button in every if button.label != but))
