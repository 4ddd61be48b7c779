"""Risks: what could go wrong, how bad, who looks after it."""

from collections.abc import Mapping
from datetime import timedelta

from handlers.kit.calendar import spoken_date
from handlers.kit.checkin_digest import link_to_checkin
from handlers.kit.context import Context, Request
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.facts import Person
from handlers.kit.forms import Date, Form, Level, PersonId, Reference, ask
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Row, Text
from handlers.kit.morning import dealt_with
from handlers.kit.pages import page_of
from handlers.kit.policy import may
from handlers.kit.registry import action, command, reference, waits
from handlers.kit.waiting import Task, Waiting
from storage.risks import Risk

WITHDRAW_WITHIN = timedelta(minutes=10)  # long enough to see a mistake, short enough that nobody has acted on it
LIKELIHOOD = (("1", "1 rare"), ("2", "2 unlikely"), ("3", "3 possible"), ("4", "4 likely"), ("5", "5 almost certain"))
IMPACT = (("1", "1 minor"), ("2", "2 moderate"), ("3", "3 serious"), ("4", "4 major"), ("5", "5 severe"))


class NewRisk(Form):
    title: str = ask("What could happen?", max_length=120)
    likelihood: Level = ask("How likely? (1 rare - 5 almost certain)", scale=LIKELIHOOD)
    impact: Level = ask("How bad? (1 minor - 5 severe)", scale=IMPACT)
    owner: PersonId | None = ask("Who looks after it?", default=None)
    review_on: Date | None = ask("Look at it again on", default=None, hint="friday, tomorrow or 2026-12-01")


class OneRisk(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint="Its reference, such as R-1")


class CloseRisk(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint="Its reference, such as R-1")
    reason: str = ask("Why can it be closed?", max_length=500, long=True)


@command(
    "risk add",
    asks=NewRisk,
    needs="risk.add",
    from_message="Log as risk",
    example="/risk add Server room floods; likelihood 4; impact 5; owner @sam; review friday",
)
def add_risk(request: Request, form: NewRisk) -> Card:
    """Log a risk."""
    _not_past(request, form)
    risk = request.store.risks.add(**form.values(), by=request.person.id, at=request.now, source=request.source)
    request.note(risk.ref, score=risk.score, owner=risk.owner)
    link_to_checkin(request, risk.ref)
    refresh_homes(request, [risk.owner])
    if risk.score >= request.city.risks.announce_from:
        request.post("risks", risk_card(request, risk), about=risk.ref)
    return _mendable(request, risk, f"Logged {risk.ref}")


@command("risk list", needs="risk.read", reads_only=True)
def list_risks(request: Request) -> Card:
    """List the open risks, worst first."""
    return _page(request, "0")


@action("risk.page", needs="risk.read", reads_only=True, replaces=True)
def turn_page(request: Request, value: str) -> Card:
    """Turn a page of the list of risks."""
    return _page(request, value)


@command("risk show", asks=OneRisk, needs="risk.read", reads_only=True, example="/risk show R-1")
def show_risk(request: Request, form: OneRisk) -> Card:
    """Show one risk."""
    return _with_buttons(request, _found(request.store.risks.find(form.risk), form.risk))


@command("risk close", asks=CloseRisk, needs="risk.close", example="/risk close R-1; reason The gate was repaired")
def close_risk(request: Request, form: CloseRisk) -> Card:
    """Close a risk."""
    risk = _found(request.store.risks.take(form.risk), form.risk)
    _still_open(request, risk)
    closed = {"state": "closed", "reason": form.reason, "closed_by": request.person.id, "closed_at": request.now}
    risk = request.store.risks.change(risk, **closed)
    request.note(risk.ref, state=risk.state)
    request.refresh(risk.ref, risk_card(request, risk))
    refresh_homes(request, [risk.owner])
    dealt_with(request, risk.ref, f"closed by {request.person.name}")
    return risk_card(request, risk, headline=f"Closed {risk.ref}")


def _as_typed(request: Request, value: str) -> Mapping[str, str]:
    """The form of a risk as it stands; refused before it opens to somebody who may not change it."""
    risk = _changeable(request, value)
    return {
        "title": risk.title,
        "likelihood": str(risk.likelihood),
        "impact": str(risk.impact),
        "owner": f"@{risk.owner}" if risk.owner else "",
        "review_on": risk.review_on.isoformat() if risk.review_on else "",
    }


@action("risk.change", asks=NewRisk, prefill=_as_typed, needs="risk.add")
def change_risk(request: Request, value: str, form: NewRisk) -> Card:
    """Change this risk."""
    before = _changeable(request, value)
    _not_past(request, form, before)
    risk = request.store.risks.change(before, **form.values())
    request.note(risk.ref, score=risk.score, owner=risk.owner)
    high = request.city.risks.announce_from
    if before.score < high <= risk.score and not request.store.posts.about(risk.ref):
        request.post("risks", risk_card(request, risk), about=risk.ref)
    else:
        request.refresh(risk.ref, risk_card(request, risk))
    refresh_homes(request, [before.owner, risk.owner])
    return _mendable(request, risk, f"Changed {risk.ref}")


@action("risk.withdraw", needs="risk.add")
def withdraw_risk(request: Request, value: str) -> Card:
    """Withdraw a risk that was logged by mistake."""
    risk = _found(request.store.risks.take(value), value)
    if risk.state == "withdrawn":
        return risk_card(request, risk, headline=f"{risk.ref} is withdrawn already")
    _still_open(request, risk)
    if risk.created_by != request.person.id:
        raise UserError(f"Only {request.name(risk.created_by)}, who logged {risk.ref}, can withdraw it.")
    if request.now - risk.created_at > WITHDRAW_WITHIN:
        raise UserError(
            f"{risk.ref} is more than 10 minutes old. Change it, or ask somebody to close it with a reason."
        )
    risk = request.store.risks.change(risk, state="withdrawn", closed_by=request.person.id, closed_at=request.now)
    request.note(risk.ref, state=risk.state)
    request.refresh(risk.ref, risk_card(request, risk))
    refresh_homes(request, [risk.owner])
    dealt_with(request, risk.ref, "withdrawn")
    return risk_card(request, risk, headline=f"Withdrew {risk.ref}")


@waits("own risks", order=20)
def own_risks(context: Context, person: Person) -> Waiting:
    """Somebody's open risks, by their next review."""
    tasks = [
        Task(
            risk.ref,
            _review_line(context, risk),
            (Button.say("Show", f"risk show {risk.ref}"),),
            due=risk.review_on,
            owner=risk.owner,
        )
        for risk in context.store.risks.owned_by(person.id)
    ]
    return Waiting(f"Your open risks: {len(tasks)}, the nearest review first", tasks, "risk list")


@reference("R-", show="risk show")
def seen_risk(context: Context, _person: Person, ref: str) -> str | None:
    """A risk by its reference; everybody may see all."""
    risk = context.store.risks.find(ref)
    return risk_line(context, risk) if risk else None


def risk_card(context: Context, risk: Risk, headline: str = "") -> Card:
    """A risk as everybody sees it; with a headline, its title stands among the facts."""
    title = (("What", risk.title),) if headline else ()
    return Card(
        headline or f"{risk.ref} {risk.title}",
        Facts(
            *title,
            ("Score", f"{risk.score} of 25"),
            ("Likelihood", LIKELIHOOD[risk.likelihood - 1][1]),
            ("Impact", IMPACT[risk.impact - 1][1]),
            ("Owner", context.mention(risk.owner)),
            ("Next look", spoken_date(risk.review_on) if risk.review_on else "no date"),
            ("State", _state(context, risk)),
        ),
        *((Text(f"Closed because: {risk.reason}"),) if risk.reason else ()),
        *((Text("Made from: ", context.made_of(risk.source)),) if risk.source else ()),
        Note(
            f"{risk.ref}, logged by {context.name(risk.created_by)} on {context.city.calendar.spoken(risk.created_at)}"
        ),
    )


def risk_line(context: Context, risk: Risk) -> str:
    """A risk in one line of a list; one that is no longer open says so."""
    state = "" if risk.state == "open" else f", {risk.state}"
    return f"{risk.ref} {risk.title} (score {risk.score}, owner {context.name(risk.owner)}{state})"


def _review_line(context: Context, risk: Risk) -> str:
    when = "no date"
    if risk.review_on:
        late = risk.review_on < context.today
        when = f"{'review was due' if late else 'review'} {spoken_date(risk.review_on)}"
    return f"{risk.ref} {risk.title} (score {risk.score}, {when})"


def _mendable(request: Request, risk: Risk, headline: str) -> Card:
    """The answer to a change: the risk, and how to mend it while it is fresh."""
    ask_first = f"Withdraw {risk.ref}? It stays in the register, marked."
    withdraw = Button("Withdraw", "risk.withdraw", risk.ref, confirm=ask_first)
    fresh = risk.created_by == request.person.id and request.now - risk.created_at <= WITHDRAW_WITHIN
    return risk_card(request, risk, headline=headline).with_words(
        Buttons(Button("Change", "risk.change", risk.ref), *((withdraw,) if fresh else ())),
        *((Note("You can withdraw it for 10 minutes after it was logged."),) if fresh else ()),
    )


def _state(context: Context, risk: Risk) -> str:
    if risk.state == "open" or risk.closed_at is None:
        return risk.state
    return f"{risk.state} by {context.name(risk.closed_by)} on {context.city.calendar.spoken(risk.closed_at)}"


def _page(request: Request, number: str) -> Card:
    count = request.store.risks.open_count()
    if count == 0:
        return Card("No open risks", Text('Nobody has logged one, or all are closed. Log one with "risk add".'))

    def rows(offset: int, limit: int) -> list[Row]:
        found = request.store.risks.worst_first(offset, limit)
        return [Row(risk_line(request, one), Button.say("Show", f"risk show {one.ref}")) for one in found]

    return page_of(f"Open risks: {count}, worst first", count, number, rows, "risk.page")


def _with_buttons(request: Request, risk: Risk) -> Card:
    card = risk_card(request, risk)
    if risk.state != "open":
        return card
    buttons = [Button("Change", "risk.change", risk.ref)] if _may_change(request, risk) else []
    buttons += [Button.say("Close", f"risk close {risk.ref}")] if may(request.person.all_roles, "risk.close") else []
    return card.with_words(Buttons(*buttons)) if buttons else card


def _may_change(request: Request, risk: Risk) -> bool:
    return request.person.id in (risk.created_by, risk.owner) or may(request.person.all_roles, "risk.close")


def _changeable(request: Request, ref: str) -> Risk:
    """The risk, taken for a change; raises UserError when it is closed or not this person's to change."""
    risk = _found(request.store.risks.take(ref), ref)
    _still_open(request, risk)
    if not _may_change(request, risk):
        holders = " or ".join(dict.fromkeys(request.name(one) for one in (risk.created_by, risk.owner) if one))
        raise UserError(f"You cannot change {risk.ref} yourself. Please ask {holders}, or a department head.")
    return risk


def _found(risk: Risk | None, ref: str) -> Risk:
    if risk is None:
        raise UserError(f'There is no risk "{ref}". Write "risk list" to see the open ones.')
    return risk


def _still_open(request: Request, risk: Risk) -> None:
    if risk.state != "open":
        raise UserError(f"{risk.ref} is {_state(request, risk)}. Nothing was changed.")


def _not_past(request: Request, form: NewRisk, before: Risk | None = None) -> None:
    unchanged = before is not None and form.review_on == before.review_on
    if form.review_on and form.review_on < request.today and not unchanged:
        raise FieldErrors({"review_on": f"{spoken_date(form.review_on)} is past. Choose a day from today on."})
