"""Accounts: those whose address people.toml gives to another person; an admin decides whose they are."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.kit.context import Context, Request
from handlers.kit.contributions import todo
from handlers.kit.home import refresh_homes
from handlers.kit.inline import Status
from handlers.kit.joining import account_ref, dispute_line, give_to
from handlers.kit.messages import Button, Card, Heading, Note, Row, Text, Word
from handlers.kit.persons import Persons
from handlers.kit.registry import action, command
from handlers.kit.tasks import task_words
from handlers.kit.values import Carried
from handlers.kit.waiting import Task, Waiting, for_each
from storage.chat.disputes import Dispute


@dataclass(frozen=True)
class DisputeOf(Carried):
    """An account, the person it belongs to by people.toml, and the person who has it now."""

    platform: str
    account: str
    person: str
    owner: str


@command("city accounts", needs="accounts.decide", reads_only=True)
def list_accounts(request: Request) -> Card:
    """Show accounts whose owner is not clear."""
    disputes = request.store.chat.disputes.all()
    if not disputes:
        return Card(
            "Every account has a clear owner",
            Text("Slack, Teams and people.toml agree."),
            status=Status("good", "clear"),
        )
    tasks = _tasks(request)
    waiting = [word for task in tasks for word in task_words(task, request.today)]
    left = [
        Row(
            f"{dispute_line(request, dispute)} {request.name(dispute.left_by)} left it as it is.",
            _give(request, dispute),
        )
        for dispute in disputes
        if dispute.left_by is not None
    ]
    explained = Note(
        "If people.toml is wrong, fix it there: then the account leaves this list by itself. What somebody did before "
        "stays theirs, no matter who has the account."
    )
    settled: list[Word] = [Heading(f"Left as they are: {len(left)}"), *left] if left else []
    status = Status("warning", f"{len(tasks)} to decide") if tasks else Status("neutral", "all decided")
    return Card("Whose accounts are these?", *waiting, *settled, explained, status=status)


@todo("disputed accounts", order=15)
def to_decide(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """The accounts whose address people.toml gives to somebody else, for IT."""
    if not (admins := persons.with_role("admin")):
        return {}
    return for_each(admins, Waiting("Whose account is it?", _tasks(context), "city accounts"))


def _tasks(context: Context) -> list[Task]:
    first = context.city.with_role("admin")[0].id
    return [
        Task(
            _ref(dispute),
            dispute_line(context, dispute),
            _buttons(context, dispute),
            due=context.calendar.today(dispute.since),
            owner=first,
            status=Status("warning", "to decide"),
            decides=True,
        )
        for dispute in context.store.chat.disputes.waiting()
    ]


@action("account.give", needs="accounts.decide", carries=DisputeOf)
def give_account(request: Request, value: DisputeOf) -> Card:
    """Give an account to the person whose address it has in people.toml."""
    dispute = _found(request, value)
    person = request.city.people.get(dispute.person) if dispute else None
    if dispute is None or person is None:
        return _decided_before()
    give_to(request, dispute, person)
    return _told(request, dispute, f"It is {person.name}'s now, with all that {person.name} may do.")


@action("account.leave", needs="accounts.decide", carries=DisputeOf)
def leave_account(request: Request, value: DisputeOf) -> Card:
    """Leave an account with the person who has it now."""
    dispute = _found(request, value)
    if dispute is None or not request.store.chat.disputes.leave(dispute, request.person.id):
        return _decided_before()
    request.audit(account_ref(dispute.platform, dispute.account), left_to=dispute.owner, claimed_for=dispute.person)
    return _told(request, dispute, f"It stays {request.name(dispute.owner)}'s. To change that later: city accounts")


def _found(request: Request, value: DisputeOf) -> Dispute | None:
    """Take the dispute that a button is about; None when it is settled or has changed."""
    claimed = request.store.chat.disputes.take(value.platform, value.account)
    return next((dispute for dispute in claimed if _value(dispute) == value), None)


def _told(request: Request, dispute: Dispute, sentence: str) -> Card:
    refresh_homes(request, [admin.id for admin in request.city.with_role("admin")])
    who = Note(f"Decided by {request.person.name}.")
    return Card("Decided", Text(dispute_line(request, dispute)), Text(sentence), who)


def _decided_before() -> Card:
    return Card(
        "Already decided", Text("Somebody has decided about this account before you, or people.toml has changed.")
    )


def _ref(dispute: Dispute) -> str:
    """What a line is about; the account alone is not enough where two people have a claim to it."""
    return f"{account_ref(dispute.platform, dispute.account)} {dispute.person}"[:120]


def _value(dispute: Dispute) -> DisputeOf:
    return DisputeOf(dispute.platform, dispute.account, dispute.person, dispute.owner)


def _give(context: Context, dispute: Dispute) -> Button:
    return Button(f"It is {context.name(dispute.person)}'s now", "account.give", _value(dispute))


def _buttons(context: Context, dispute: Dispute) -> tuple[Button, ...]:
    return _give(context, dispute), Button("Leave as it is", "account.leave", _value(dispute))
