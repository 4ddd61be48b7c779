"""Records: one of each kind that commands and buttons are about, all held by one person, and how each is made."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.inbound import Pressed, Typed
from handlers.checkin.record import digest_ref
from handlers.checklist.owed import current, seats_held
from handlers.kit.context import Context
from handlers.kit.policy import may
from storage.chat.outbox import NewRow, outbox
from storage.crisis.records import Crisis
from storage.database import Store
from storage.time.clocks import KnownClock
from tests.access.town import ACTORS, DEPARTMENT, AccessTown, buttons_of, filled
from tests.duties.town import MONDAY, PLATFORM

Things = dict[str, str]  # what {risk} and the like in the cases stand for, by name
HELPED = "transit"  # the department that needs help in a crisis, and of which nobody here is
BESIDES = "hugo"  # decides where the holder could not: from another department, in no scene
SECOND = "dana"
WINDOW, STEP = "first-day", "assess-impact"
MADE: list[Callable[[AccessTown, Things], None]] = []


def made(function: Callable[[AccessTown, Things], None]) -> Callable[[AccessTown, Things], None]:
    """Declare how records of a kind are made; the function says under which names."""
    MADE.append(function)
    return function


def make_all(town: AccessTown, holder: str) -> Things:
    """Let somebody hold one of everything; ``town`` has just begun."""
    person = town.runtime.city().people[holder]
    things = {"holder": holder, "department": person.department or ""}
    for make in MADE:
        make(town, things)
    return things


@made
def risks(town: AccessTown, things: Things) -> None:
    """Risks that somebody has logged: unchanged, with somebody asked to accept it, treated, and closed."""
    holder = things["holder"]
    titles = {
        "risk": "Bridge sinks",
        "asked_risk": "Payroll stops",
        "treated_risk": "Dam leaks",
        "draft": "Siren fails",
    }
    for number, (name, title) in enumerate(titles.items(), 1):
        town.done(holder, Typed(f"/risk add {title}; likelihood 2; impact 3; owner @{holder}"))
        things[name] = f"R-{number}"
    town.done(holder, Typed(f"/risk action {things['risk']}; what Measure it; owner @{holder}; due friday"))
    town.done(holder, Typed(f"/risk action {things['risk']}; what Weigh it; owner @{holder}; due friday"))
    town.done(holder, Typed("/action done A-2"))
    asked = town.done(holder, Typed(f"/risk accept {things['asked_risk']}; until in 9 days; why It is watched"))
    assert asked.title
    treat = f"/risk treat {things['treated_risk']}; treatment transfer; residual likelihood 1; residual impact 2"
    town.done(holder, Typed(treat))
    again = {"title": titles["draft"], "likelihood": "2", "impact": "3"}
    similar = town.done(holder, filled("risk add", again, "logged twice"))
    [log_it] = [button for button in buttons_of(similar) if button.action == "risk.add-anyway"]
    town.done("olga", Typed(f"/risk close {things['draft']}; reason It is mended"))
    things |= {"action": "A-1", "closed_action": "A-2", "closed_risk": things["draft"], "draft": log_it.value}
    things["seen"] = str(town.read(lambda store: store.risk.history.of(store.risk.records.find("R-2"))[-1].id))  # type: ignore[arg-type]


@made
def feedback(town: AccessTown, things: Things) -> None:
    """Feedback that somebody logged and took, with a contact: open, waiting, answered, and the contact asked for."""
    holder = things["holder"]
    category = {DEPARTMENT: "streets", "parks": "parks"}.get(things["department"], "other")
    texts = ("Pothole", "Lamp is dark", "Bin is full", "Sign is gone", "Pothole too")
    for number, text in enumerate(texts, 1):
        values = {"what": text, "kind": "complaint", "category": category, "via": "phone", "contact": "ann@example.org"}
        town.done(holder, filled("feedback add", values, f"logged {number}"))
        town.done(holder, Typed(f"/feedback give F-{number}; to @{holder}"))
    town.done(holder, Typed("/feedback wait F-2; whom weather; reason It freezes"))
    town.done(holder, Typed("/feedback close F-3; reason done; answer It is emptied"))
    [send] = [each for each in buttons_of(town.done(holder, Typed("/feedback mail F-3"))) if each.action != "say"]
    things |= {"feedback": "F-1", "waiting_feedback": "F-2", "closed_feedback": "F-3", "asked_feedback": "F-4"}
    things |= {"request": "1", "copy": "F-5", "letter": send.value}
    town.runtime.database.write(lambda store: _about_it(store, town))
    things["proposal"] = "1"


def _about_it(store: Store, town: AccessTown) -> None:
    """Somebody asks for a contact, and a risk is proposed."""
    asked = store.feedback.records.find("F-1")
    assert asked is not None
    store.feedback.contact_requests.add(4, "grace", "We must reach her", town.clock.now())
    store.feedback.proposals.add(asked.category, "mill district", [1, 5], town.clock.now())


@made
def crises(town: AccessTown, things: Things) -> None:
    """Crises that somebody leads: an alarm, one they may soon begin alone, one begun alone, an active one, one that
    they ask to end, and one that is over. What they have no right to do, somebody else has done."""
    names = ("alarm", "lone", "alone", "crisis", "ending", "closed_crisis")
    for number, name in enumerate(names, 1):
        town.runtime.database.write(lambda store: _begun(town, store, things["holder"]))
        things[name] = f"CR-2026-{number:02}"
    for name in names[2:]:
        town.done(BESIDES, Typed(f"/crisis confirm {things[name]}"))
        town.done(SECOND, Typed(f"/crisis confirm {things[name]}"))
    town.done(BESIDES, Typed(f"/crisis standdown It is over; crisis {things['closed_crisis']}"))
    town.done(SECOND, Pressed("crisis.standdown-agree", f"{things['closed_crisis']} 1"))
    town.runtime.database.write(lambda store: _in_their_hands(town, store, things))


def _begun(town: AccessTown, store: Store, holder: str) -> None:
    began = town.clock.now() - timedelta(hours=25)  # so long ago that a new alarm is taken for another one
    store.crisis.records.add(what="Water main burst", where=None, level=2, by=holder, at=began, year=2026)


def _in_their_hands(town: AccessTown, store: Store, things: Things) -> None:
    """Let the holder lead the crises, and have one of each part of them."""
    holder, now = things["holder"], town.clock.now()
    roles = town.runtime.city().people[holder].all_roles
    declared = holder if may(roles, "crisis.activate") else BESIDES
    _change(store, things["lone"], declared_by=declared, declared_at=now - timedelta(hours=1))
    _change(store, things["alone"], declared_by=declared, confirmed_by=declared)
    ending = holder if may(roles, "crisis.standdown") else BESIDES
    _change(store, things["ending"], ending_by=ending, ending_at=now, reason="It is over")
    for name in ("crisis", "ending", "closed_crisis"):
        store.crisis.roles.take(things[name], "commander", holder, now)
        page = store.crisis.pages.find(things[name], holder) or store.crisis.pages.add(things[name], holder, now)
        store.crisis.pages.change(page, answer="coming", answered_at=now, first_answered_at=now)
    running = things["crisis"]
    page = store.crisis.pages.find(running, "felix") or store.crisis.pages.add(running, "felix", now)
    store.crisis.pages.change(page, phoned="asked")
    for step in (STEP, "activate-team"):
        task = store.crisis.tasks.take(running, step)
        assert task is not None
        done = None if step == STEP else now
        store.crisis.tasks.change(task, owner=holder, by_hand=True, done_by=done and holder, done_at=done)
    asked = store.crisis.rollcalls.take(running, things["department"])
    assert asked is not None
    if town.runtime.city().departments[things["department"]].head == holder:
        store.crisis.rollcalls.change(asked, asked=holder)
    store.crisis.rollcalls.change(asked, answer="ok", answered_by=asked.asked, answered_at=now)
    helped = store.crisis.rollcalls.take(running, HELPED)
    assert helped is not None
    store.crisis.rollcalls.change(helped, answer="help", line="Two pumps", answered_by=helped.asked, answered_at=now)
    things["helped"] = f"{running} {HELPED}"
    parts = {"what": "A main burst", "who": "Mill Road", "since": "08:40", "do": "Boil water"}
    for name, state in (("statement", "draft"), ("promise", "approved"), ("closed_statement", "sent back")):
        due = now + timedelta(hours=2)
        report = store.crisis.reports.add(running, "statement", state, parts, next_update_at=due, by=holder, at=now)
        if state != "draft":
            store.crisis.reports.change(report, decided_by=SECOND, decided_at=now)
        things[name] = str(report.id)
    told = store.crisis.reports.add(
        running, "working", "told", {"text": "Pumps run"}, next_update_at=None, by=holder, at=now
    )
    line = store.crisis.log.add(running, holder, "Pumps run", now)
    things |= {"told": f"{running} {told.id}", "log_line": f"{running} {line.id}"}
    for name in ("follow_up", "closed_follow_up"):
        follow_up = store.actions.records.add(
            what="Check valves", about=things["closed_crisis"], owner=holder, due_on=MONDAY, by=BESIDES, at=now
        )
        things[name] = follow_up.ref
    finished = store.actions.records.take(things["closed_follow_up"])
    assert finished is not None
    store.actions.records.change(finished, "done", holder, now, state="done", settled_by=holder, settled_at=now)
    alarm = {"what": "Smoke", "where": None, "level": 1, "scenario": None}
    things["held_alarm"] = str(store.crisis.held_alarms.add(**alarm, by=holder, at=now).id)  # type: ignore[arg-type]
    typed = {"what": "Bin is gone", "kind": "complaint", "category": "waste", "via": "phone"}
    things["feedback_draft"] = store.chat.drafts.keep(holder, "feedback add", typed, now)
    things["alarm_draft"] = store.chat.drafts.keep(holder, "crisis activate", {"what": "Smoke", "level": "1"}, now)
    reopened = {"why": "It burst again", "crisis": things["closed_crisis"]}
    things["reopen_draft"] = store.chat.drafts.keep(holder, "crisis reopen", reopened, now)
    things |= {"window": WINDOW, "step": f"{running} {STEP}", "done_step": f"{running} activate-team"}
    things["step_over"] = f"{running} {holder} {STEP}"


def _change(store: Store, ref: str, **values: Any) -> Crisis:
    crisis = store.crisis.records.take(ref)
    assert crisis is not None
    return store.crisis.records.change(crisis, **values)


@made
def routines(town: AccessTown, things: Things) -> None:
    """What departments and teams are asked for, and the blockers that somebody has."""
    town.runtime.database.write(lambda store: _asked(town, store, things))


def _asked(town: AccessTown, store: Store, things: Things) -> None:
    holder, now, city = things["holder"], town.clock.now(), town.runtime.city()
    head, closes = city.departments[things["department"]].head, now + timedelta(days=1)
    store.checkin.records.begin(things["department"], MONDAY, asked=head, at=now, closes_at=closes)
    other = store.checkin.records.begin("library", MONDAY, asked="noah", at=now, closes_at=closes)
    store.chat.posts.add(digest_ref(MONDAY), "desk", "dm:maria")
    store.checkin.records.answer(other, health=3, risk="The roof", help="A pump", readings={}, by="noah", at=now)
    team = next((team for team in city.teams.values() if holder in team.members), next(iter(city.teams.values())))
    store.standup.records.open(store.standup.records.add(team.id, MONDAY, closes), closes, now)
    things["standup"] = f"{team.id} {MONDAY}" if holder in team.members else ""
    for name in ("blocker", "closed_blocker"):
        things[name] = store.standup.blockers.add(team.id, MONDAY, holder, f"No road paint, {name}", now).ref
    closed = store.standup.blockers.take(things["closed_blocker"])
    assert closed is not None
    store.standup.blockers.close(closed, by=holder, at=now)
    things["checkin"] = f"{things['department']} {MONDAY}"
    _checklists(town.context(store), things)


def _checklists(context: Context, things: Things) -> None:
    """A checklist item of theirs; for somebody who has none, one of their department or of another."""
    holder, owed = things["holder"], current(context, context.today)
    if mine := set(seats_held(context, holder)):
        owed = [entry for entry in owed if entry.item.owner in mine and entry.item.seen is None]
    elif holder in ACTORS.values():
        owed = []
    else:
        ours = things["department"] == DEPARTMENT
        owed = [entry for entry in owed if (entry.item.owner == f"department:{DEPARTMENT}") == ours]
    things["item"] = owed[0].item.name if owed else ""
    things["owed"] = owed[0].ref if owed else ""


@made
def city(town: AccessTown, things: Things) -> None:
    """What the city's IT decides about, and the contact whose numbers are to be confirmed."""
    town.runtime.database.write(lambda store: _of_the_city(town, store, things))


def _of_the_city(town: AccessTown, store: Store, things: Things) -> None:
    now = town.clock.now()
    store.chat.disputes.keep(PLATFORM, "Usam", "sam", ["yuki"], now)
    things["dispute"] = f"{PLATFORM} Usam yuki sam"
    store.faults.note("routine standup", "it broke", now)
    store.time.clocks.keep(KnownClock("boot", "riverton", now, 0.0, asked_at=now, ahead=7200.0), now)
    lost = store.chat.outbox.add(
        NewRow(
            platform=PLATFORM,
            place="dm:sam",
            kind="post",
            priority="prompt",
            repeat=False,
            at=now,
            card='{"title": "Lost"}',
            person="sam",
        )
    )
    store.connection.execute(outbox.update().where(outbox.c.id == lost).values(state="needs_human", incident=lost))
    things |= {"lost": str(lost), "fault": "routine standup", "clock": "boot 7200"}
    mine = [contact.id for contact in town.runtime.city().contacts.contact if contact.person == things["holder"]]
    leave = (MONDAY + timedelta(days=40), MONDAY + timedelta(days=41))
    things["absence"] = str(store.time.absences.add(things["holder"], *leave, None, by=things["holder"], at=now).id)
    left = {"owner": None, "given_to": None, "left": things["holder"]}
    given = store.undos.add("feedback.given", [things["feedback"]], things["holder"], now, left)
    store.undos.audited(given, 1_000_000, [], [])
    things["undo"] = str(given)
    for person in ACTORS.values():
        store.time.absences.add(
            person, MONDAY + timedelta(days=30), MONDAY + timedelta(days=31), None, by=person, at=now
        )
    nobodys = "technical-support" if things["holder"] not in ACTORS.values() else ""
    things["contact"] = mine[0] if mine else nobodys
