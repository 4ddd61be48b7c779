"""Stand-up: what somebody finished, what is next and what is in their way; asked, answered early, late or changed."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import create_model

from handlers.kit.city.model import City
from handlers.kit.city.standup import Team
from handlers.kit.context import Context, Request
from handlers.kit.contributions import needed, todo
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.forms import KEPT_FORMS, Form, Options, ask
from handlers.kit.home import refresh_homes
from handlers.kit.living import thanked
from handlers.kit.messages import Button, Card
from handlers.kit.persons import Persons
from handlers.kit.registry import action, command
from handlers.kit.waiting import Task, Waiting
from handlers.standup.cards import asked_until, own_card, show, silent_card
from handlers.standup.digest import answers_card
from handlers.standup.record import day_meant, nudge_ref, prompt_ref, taken, teams_of
from handlers.standup.words import title
from storage.standup.answers import Answer
from storage.standup.records import Standup, standup_ref

LONGEST = 500  # characters of an answer; a team's digest is read on a phone
NOTHING = ("no", "none", "nothing", "nope", "n/a", "-")  # what people write when nothing is in their way


def _asks(city: City) -> type[Form]:
    """The form with the three questions in the city's words."""
    return _form(city.standup.questions, False)


def _asks_anybody(city: City) -> type[Form]:
    """The same form, which also asks for the team where somebody is in several."""
    return _form(city.standup.questions, any(len(teams_of(city, person)) > 1 for person in city.people))


@lru_cache(maxsize=KEPT_FORMS)
def _form(questions: tuple[str, str, str], which_team: bool) -> type[Form]:
    finished, following, way = questions
    fields: dict[str, Any] = {
        "finished": (str, ask(finished, max_length=LONGEST, long=True)),
        "next": (str, ask(following, max_length=LONGEST, long=True)),
        "blocker": (
            str | None,
            ask(way, default=None, max_length=LONGEST, long=True, hint="Leave it empty if nothing new is in your way"),
        ),
    }
    if which_team:
        hint = "Only needed if you are in several teams"
        fields["team"] = (str | None, ask("Which team?", default=None, options=_teams, hint=hint))
    return create_model("StandupAnswer", __base__=Form, **fields)


def _teams(city: City) -> Options:
    return tuple((team.id, team.name) for team in city.teams.values())


def _answered_before(request: Request) -> Mapping[str, str]:
    """The answer that ``standup`` would change; with several teams, that of the first team that still waits for one."""
    mine = _my_teams(request)
    known = {team.id: _known(request, standup_ref(team.id, day_meant(request, team.id))) for team in mine}
    team = next((team_id for team_id in known if not known[team_id]), mine[0].id)
    return known[team] if len(mine) == 1 else {**known[team], "team": team}


def _as_answered(request: Request, value: str) -> Mapping[str, str]:
    """The present answer; raises before the form opens to somebody who is not asked."""
    _asked(request, value)
    return _known(request, value)


def _known(request: Request, ref: str) -> Mapping[str, str]:
    standup = request.store.standup.records.find(ref)
    answer = request.store.standup.answers.of(standup).get(request.person.id) if standup else None
    return {"finished": answer.finished, "next": answer.next, "blocker": answer.what or ""} if answer else {}


@todo("stand-ups", order=15)
def unanswered(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Stand-ups that people were asked for today and can still answer in time."""
    teams = {team.id: team for team in context.city.teams.values() if any(who in persons for who in team.members)}
    coming = context.store.standup.records.opened_of_each(teams, context.today) if teams else {}
    open_now = [coming[team] for team in teams if team in coming and context.now < coming[team].closes_at]
    answered = context.store.standup.answers.persons_of_each(open_now)
    tasks = dict[str, list[Task]]()
    for standup in open_now:
        for person in teams[standup.team].members:
            if person in persons and person not in answered.get(standup.ref, ()):
                tasks.setdefault(person, []).append(_task(context, standup, person))
    return {person: Waiting("", own) for person, own in tasks.items()}


def _task(context: Context, standup: Standup, person: str) -> Task:
    answer = Button("Answer", "standup.answer", standup.ref, style="primary")
    until = asked_until(context, standup)
    return Task(standup.ref, title(context, standup), (answer,), owner=person, status=until)


@needed("standup")
def who_holds_one(request: Request) -> bool:
    """Only members of a team need it."""
    return bool(teams_of(request.city, request.person.id))


@command(
    "standup",
    asks=_asks_anybody,
    prefill=_answered_before,
    needs="standup.answer",
    example="/standup The bridge is swept; next the school crossing; blocker no road paint left",
)
def answer_next(request: Request, form: Form) -> Card:
    """Answer your stand-up."""
    said = form.values()
    team = _chosen(_my_teams(request), said.pop("team", None))
    return _answer(request, taken(request, team.id, day_meant(request, team.id)), **said)


@action("standup.answer", asks=_asks, prefill=_as_answered, needs="standup.answer", sends="Answer")
def answer_this(request: Request, value: str, form: Form) -> Card:
    """Answer the stand-up."""
    asked = _asked(request, value)
    return _answer(request, taken(request, asked.team, asked.day), **form.values())


@action("standup.silent", needs="standup.answer", reads_only=True)
def show_silent(request: Request, value: str) -> Card:
    """Show who has not answered the stand-up."""
    return silent_card(request, _asked(request, value))


@action("standup.answers", needs="standup.answer", reads_only=True)
def show_answers(request: Request, value: str) -> Card:
    """Show what everybody answered in the stand-up."""
    standup = _held(request, value)
    team = request.city.teams[standup.team]
    if request.person.id not in team.members and request.place != team.place:
        raise UserError(f"Only members of {team.name} and readers of the {team.place} channel can see this.")
    return answers_card(request, standup)


def _my_teams(request: Request) -> list[Team]:
    mine = teams_of(request.city, request.person.id)
    if not mine:
        raise UserError(
            "You are not in a team that holds stand-ups. The teams are in city/standup.toml: please ask IT to add you."
        )
    return mine


def _chosen(mine: list[Team], team: str | None) -> Team:
    """Find the team that an answer is for; raises FieldErrors when that is not clear."""
    chosen = [own_team for own_team in mine if team in (None, own_team.id)]
    if len(chosen) != 1:
        raise FieldErrors({"team": f"Choose one of your teams: {', '.join(own_team.name for own_team in mine)}."})
    return chosen[0]


def _held(request: Request, ref: str) -> Standup:
    """Find the stand-up of a button; raises UserError when its team holds none any more."""
    standup = request.store.standup.records.find(ref)
    if standup is None or standup.team not in request.city.teams:
        raise UserError("This team does not hold stand-ups anymore. Nothing was saved.")
    return standup


def _asked(request: Request, ref: str) -> Standup:
    """The same for somebody who is in its team; raises UserError for others."""
    standup = _held(request, ref)
    team = request.city.teams[standup.team]
    if request.person.id not in team.members:
        raise UserError(f"Only members of {team.name} can answer here. To answer your own stand-up: standup")
    return standup


def _answer(request: Request, standup: Standup, *, finished: str, next: str, blocker: str | None) -> Card:
    person = request.person.id
    before = request.store.standup.answers.of(standup).get(person)
    number = _named(request, standup, before, blocker)
    request.store.standup.answers.keep(standup, person, finished=finished, next=next, blocker=number, at=request.now)
    request.audit(f"standup {standup.ref}", late=request.now > standup.closes_at, blocker=number)
    standup = show(request, standup, [person])
    refresh_homes(request, [person])
    refs = (prompt_ref(standup, person), nudge_ref(standup, person))
    headline = "Changed" if before else "Thank you"
    return thanked(request, own_card(request, standup, person), headline, "Your stand-up", refs=refs)


def _named(request: Request, standup: Standup, before: Answer | None, words: str | None) -> int | None:
    """The number of the blocker in an answer: one of the person's own (reworded if they change this answer), or a new
    one. A blocker that is not named again stays open until somebody closes it."""
    if not words or words.rstrip(" .!").lower() in NOTHING:
        return None
    if before and before.what == words:
        return before.blocker
    blockers = request.store.standup.blockers
    mine = [blocker for blocker in blockers.open_in(standup.team) if blocker.person == request.person.id]
    for blocker in mine:
        if blocker.what.lower() == words.lower():
            return blocker.number
    for blocker in mine:
        if before and blocker.number == before.blocker and blocker.day == standup.day:
            return blockers.reword(blocker, words).number
    return blockers.add(standup.team, standup.day, request.person.id, words, request.now).number
