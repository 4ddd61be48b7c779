"""Crisis offers: who comes is asked to take the free roles, and who cannot come is asked to pass theirs on."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from handlers.crisis.calling.asked import roles_asked
from handlers.crisis.command.roles import role_line
from handlers.crisis.drawn import drawn_in_crisis
from handlers.crisis.events import ANSWERED, BEGAN, ROLE
from handlers.crisis.record import RoleOf, stamped, tell
from handlers.crisis.rights import may_command
from handlers.crisis.to_many import tell_each
from handlers.kit.city.crisis import COMMANDER, CrisisRole
from handlers.kit.context import Context
from handlers.kit.errors import NotNeeded
from handlers.kit.events import CRISIS_OVER, on
from handlers.kit.messages import Button, Buttons, Card, Items, Note, Text
from handlers.kit.registry import timer
from handlers.kit.speaking import Message
from storage.crisis.pages import Page
from storage.crisis.records import Crisis

FREE = "crisis.roles-free"
Held = Mapping[str, str]  # who has which role, by role


@on(BEGAN)
def look_later(context: Context, crisis: Crisis) -> None:
    """Roles that are free for so long are offered to the whole team."""
    context.schedule(FREE, crisis.ref, crisis.created_at + _patience(context))


@timer(FREE, counts_seconds=True)
def still_free(context: Context, subject: str, _step: int) -> None:
    """Offer the roles that nobody has taken to everybody who comes."""
    crisis = context.store.crisis.records.take(subject)
    if crisis is not None and crisis.is_open:
        _offer_all(context, crisis)
        context.audit(crisis.ref, free=len(_free(context, context.store.crisis.roles.held(crisis.ref))))


@on(ANSWERED)
def offer(context: Context, crisis: Crisis, page: Page) -> None:
    """Ask somebody who comes to take a role; ask somebody who cannot come after all to pass on what they have."""
    _offer_each(context, crisis, [page])
    held = context.store.crisis.roles.held(crisis.ref)
    mine = [role for role in context.city.crisis.role if held.get(role.id) == page.person]
    if page.answer != "cannot" or not mine:
        return
    buttons = [
        button
        for role in mine
        for button in (
            Button.say(f"Hand over {role.name}", f"crisis handover {role.name}; crisis {crisis.ref}", style="primary"),
            Button(f"Give back {role.name}", "crisis.give-back", RoleOf(crisis.ref, role.id)),
        )
    ]
    card = Card(
        f"{crisis.ref}: you are still {' and '.join(role.name for role in mine)}",
        Text("You said that you cannot come. Hand it to somebody, or give it back, so that others are asked."),
        Buttons(*buttons),
    )
    tell(context, crisis, f"dm:{page.person}", card, priority="page")


@on(ROLE)
def changed(context: Context, crisis: Crisis, _role: str, _person: str | None) -> None:
    """What is taken is offered no more; what is free again is."""
    _offer_all(context, crisis)


@on(CRISIS_OVER)
def offer_no_more(context: Context, crisis: Crisis) -> None:
    """Nobody is asked for a role any more."""
    context.cancel(FREE, crisis.ref)
    over = stamped(crisis, Card(f"{crisis.ref} is over: no role is free anymore", Text(crisis.what)))
    pages = context.store.crisis.pages.of(crisis.ref)
    context.refresh_each({_offer_ref(page): over for page in pages})


def _offer_all(context: Context, crisis: Crisis) -> None:
    _offer_each(context, crisis, context.store.crisis.pages.of(crisis.ref))


def _offer_each(context: Context, crisis: Crisis, pages: Sequence[Page]) -> None:
    """Offer people the free roles, each once; after that keep their offers up to date."""
    held = context.store.crisis.roles.held(crisis.ref)
    known = set(context.store.chat.posts.known([_offer_ref(page) for page in pages]))
    offered = [page for page in pages if _offer_ref(page) in known]
    context.refresh_each({
        _offer_ref(page): stamped(crisis, _offer_card(context, crisis, page, held)) for page in offered
    })  # fmt: skip
    told = [
        Message(
            f"dm:{page.person}", _offer_card(context, crisis, page, held), _offer_ref(page), "page",
            draws=f"crisis.offer {crisis.ref} {page.person}",
        )
        for page in pages
        if _offer_ref(page) not in known
        and _offered(context, crisis, page, held)
        and not context.duties.is_gone(page.person)
    ]  # fmt: skip
    tell_each(context, crisis, told)


@drawn_in_crisis("crisis.offer")
def offer_again(context: Context, crisis: Crisis, person: str) -> Card:
    """The offer of the roles that somebody who comes can take, while there are any."""
    page = context.store.crisis.pages.find(crisis.ref, person)
    held = context.store.crisis.roles.held(crisis.ref)
    if page is None or not _offered(context, crisis, page, held):
        raise NotNeeded("there is no role for them to take anymore")
    return _offer_card(context, crisis, page, held)


def _offer_card(context: Context, crisis: Crisis, page: Page, held: Held) -> Card:
    roles = _offered(context, crisis, page, held)
    if not roles:
        lines = [role_line(context, crisis, role, held.get(role.id)) for role in context.city.crisis.role]
        return Card(f"{crisis.ref}: there is no role for you to take now", Items(*lines))
    takes = (
        Button(f"Take {role.name}", "crisis.take", RoleOf(crisis.ref, role.id), style="plain" if place else "primary")
        for place, role in enumerate(roles)
    )
    note = Note("You see right away what to do first. You can hand it over later.")
    return Card(f"{crisis.ref}: will you take a role?", Text(crisis.what), Buttons(*takes), note)


def _offered(context: Context, crisis: Crisis, page: Page, held: Held) -> list[CrisisRole]:
    """The free roles that somebody who comes is offered; after a while all of them, if the person has no role."""
    if page.answer != "coming":
        return []
    free, has_one = _free(context, held), page.person in held.values()
    if not may_command(
        context.city, page.person
    ):  # a stand-in for somebody away helps, and leads only when the role is handed over
        free = [role for role in free if role.id != COMMANDER]
    if context.now >= crisis.created_at + _patience(context) and not has_one:
        return free
    asked = roles_asked(context, page)
    return [role for role in free if role in asked]


def _free(context: Context, held: Held) -> list[CrisisRole]:
    return [role for role in context.city.crisis.role if role.id not in held]


def _patience(context: Context) -> timedelta:
    return timedelta(minutes=context.city.crisis.page_again_minutes)


def _offer_ref(page: Page) -> str:
    return f"{page.crisis} offer {page.person}"
