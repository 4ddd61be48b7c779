"""Crisis in the morning check: what began, what is open, who has not answered, and how long ago the last drill was."""

from datetime import datetime

from handlers.crisis.calling.pages import page_lines, page_ref
from handlers.crisis.leading import on_duty_each
from handlers.crisis.levels import crisis_status
from handlers.crisis.record import crisis_line
from handlers.kit.city.crisis import COMMANDER
from handlers.kit.context import Context, Sending
from handlers.kit.contributions import morning_section, morning_sentence
from handlers.kit.inline import Status
from handlers.kit.lists import counted
from handlers.kit.messages import Button
from handlers.kit.morning import Decide, Line, Rank, Section, section
from storage.crisis.records import Crisis

DRILL_AFTER = 92  # days, the longest quarter; after that a team is out of practice


@morning_section("new crises", order=10, is_new=True)
def new_crises(context: Sending, since: datetime) -> tuple[Section, ...]:
    """Crises that began since the last morning check."""
    began = [_line(context, crisis) for crisis in context.store.crisis.records.since(since)]
    return section("New crises", began, "crisis status")


@morning_section("open crises", order=10)
def open_crises(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """Open crises, which come before all else that is as bad, and separately open drills."""
    crises = context.store.crisis.records.open()
    real, drills = [known for known in crises if not known.drill], [known for known in crises if known.drill]
    leads = on_duty_each(context, real, COMMANDER) if real else {}
    decided = [_decided(context, crisis, leads[crisis.ref].person) for crisis in real]
    held = [_line(context, crisis) for crisis in drills]
    return (*section("Open crises", decided, "crisis status"), *section("Open drills", held, "crisis status"))


def _decided(context: Context, crisis: Crisis, commander: str | None) -> Line:
    since = context.spoken(crisis.created_at)
    sentence = f"{crisis.ref} {crisis.what}: open since {since}, led by {context.name(commander)}."
    decide = Decide(status=crisis_status(crisis), rank=Rank.CRISIS, sentence=sentence, public=True)
    return _line(context, crisis).model_copy(update={"decide": decide})


def _line(context: Context, crisis: Crisis) -> Line:
    show = Button.say("Show", f"crisis status {crisis.ref}")
    return Line(text=crisis_line(context, crisis), ref=crisis.ref, buttons=(show,))


@morning_section("who was paged and did not answer", order=70)
def silent_pages(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """Who has not answered a page."""
    pages = context.store.crisis.pages.silent()
    silent = [
        Line(text=f"{page.crisis}: {line}", ref=page_ref(page.crisis, page.person))
        for page, line in zip(pages, page_lines(context, pages), strict=True)
    ]
    missing = counted(len(silent), "has not answered", "have not answered")
    return section("Paged and not answered", silent, status=Status("warning", missing))


@morning_sentence("drill")
def last_drill(context: Context) -> str:
    """How long ago the crisis team had its last drill, and whether that is too long ago."""
    last = context.store.crisis.records.last_drill()
    if last is None:
        return "There has been no crisis drill yet. To hold one: crisis activate, and say that it is a drill."
    days = (context.today - context.calendar.today(last.created_at)).days
    ago = f"{counted(days, 'day')} ago" if days else "today"
    return f"Last crisis drill: {ago}{', which is more than a quarter' if days > DRILL_AFTER else ''}."
