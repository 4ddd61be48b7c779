"""Execution: what happens to one request inside its transaction: who asks, what is meant, the call, the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial

from bot.answering import answered, form_or_button, nothing_meant, with_undone
from bot.attachments import with_word_of_files
from bot.calling import Call
from bot.inbound import Answered, Asking, Inbound, Outcome, Submitted, Typed, not_understood
from bot.limits import NO_PACE, Pace, check_pace
from bot.log_context import found
from bot.replies import not_allowed
from bot.speaker import person_speaking, with_ids_of_today
from bot.stale_buttons import asks_again
from bot.typed_labels import pressed_by_name
from bot.understanding import Meaning, Target, meaning_of
from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.context import Request, hint_key
from handlers.kit.declared import Command
from handlers.kit.errors import Entrance
from handlers.kit.events import ACTED, Act, emit
from handlers.kit.forms import FormPage
from handlers.kit.messages import Card
from handlers.kit.policy import may
from handlers.kit.reworded import reworded
from handlers.kit.vault import NO_VAULT, Vault
from handlers.kit.words import NotKnown
from storage.chat.hearing import Heard
from storage.database import Store


@dataclass(frozen=True)
class Execution:
    """One request and what it is read with."""

    inbound: Inbound
    city: City
    catalogue: Catalogue
    platforms: tuple[str, ...]
    now: datetime
    strangers: frozenset[str] = frozenset()
    vault: Vault = NO_VAULT
    gateways: tuple[str, ...] = ()
    pace: Pace = NO_PACE
    asked: frozenset[str] = frozenset()
    entered: Mapping[str, Entrance] = field(default_factory=dict)

    @cached_property
    def meant(self) -> Meaning:
        """What the gesture means."""
        return meaning_of(self.inbound.what, self.catalogue)

    @property
    def named(self) -> str:
        """The name of the command or action, for the audit; of a button whose label was typed, that it was."""
        return self.meant.target.name if self.meant.target else "typed label"

    def only_reads(self) -> bool:
        """Whether this needs no writer: nothing is changed, and the answer needs no outbox."""
        target = self.meant.target
        if isinstance(self.meant.instead, NotKnown):  # it may be the label of a button
            return False
        return self.inbound.inline and not self.inbound.message and (target is None or target.reads_only)

    def run(self, store: Store) -> Outcome:
        """Do what is asked. Raises UserError, AskAgain, UnknownAccount and any other error: then nothing is kept."""
        once = None if self.only_reads() else self.inbound.once
        heard = self.heard(store, once)
        if heard.handled:
            again = heard.answer if self.inbound.inline else None  # else the first delivery's answer is in the outbox
            return answered(store, self.inbound.platform, Card.model_validate_json(again) if again else None)
        request = self.seen(store, heard)
        outcome = with_undone(request, self.outcome(request))
        if once and isinstance(outcome, Answered):
            store.chat.inbox.keep(once, outcome.card.model_dump_json() if outcome.card else None, self.now)
        return outcome

    def heard(self, store: Store, once: str | None = None) -> Heard:
        """What has to be known first: who speaks, and whether this was handled before."""
        heard = store.chat.hearing.of(self.inbound.platform, self.inbound.account, once)
        if not heard.set_aside:
            store.faults.none()
        return heard

    def seen(self, store: Store, heard: Heard) -> Request:
        """Give the request, after noting that its person has read the message whose button they pressed."""
        request = self.request(store, heard)
        about = request.see(self.inbound.message) if self.inbound.message else None
        if about and (follows := self.catalogue.on_seen.get(about.partition(" ")[0])):
            request.apart(f"seen {about.partition(' ')[0]}", partial(follows, request, about), about=about)
        return request

    def outcome(self, request: Request) -> Outcome:
        """What comes of a request, once it is known to be new; it says what became of what was sent along."""
        target = self.meant.target
        if target is not None:
            outcome = self._acted(request, target)
        elif (pressed := self._by_label(request)) is not None:
            outcome = pressed
        elif again := self._reworded():
            request.source, request.message_key = again.meant.made_of.source, again.meant.made_of.key
            return again.outcome(request)
        else:
            outcome = self._nothing_meant(request)
        return with_word_of_files(self.inbound, target, outcome)

    def _acted(self, request: Request, target: Target) -> Outcome:
        """What comes of a command or an action, if the person may."""
        if not may(request.person.all_roles, target.needs):
            return answered(request.store, request.platform, not_allowed(target.needs, target.help, request), ok=False)
        if not target.needs.startswith("crisis."):  # in a crisis nobody is held up
            check_pace(request, "commands", self.pace.commands)
        if older := asks_again(request, self.inbound, self.meant):
            return answered(request.store, request.platform, older, ok=False)
        outcome = self._in_passing(target, self._called(request, target))
        if isinstance(outcome, Asking):
            if request.noted:  # what a form shows may be worth a trace of its own
                request.write_audit(request.person.id, target.name)
            return self._form_or_button(request, outcome.page)
        if not target.reads_only:
            subjects = tuple(subject for subject, _ in request.noted if subject)
            emit(ACTED, request, Act(target.name, subjects))
            if request.wrote:  # what found everything as it should be has changed nothing
                request.write_audit(request.person.id, target.name)
        return outcome

    def _in_passing(self, target: Target, outcome: Outcome) -> Outcome:
        """The answer to a button that has acted takes the place of a card that could not be changed otherwise; so does
        any answer to a button of a card that only asked which one to press."""
        takes = self.inbound.spends or (self.inbound.passing and not target.reads_only)
        if not takes or not isinstance(outcome, Answered) or not outcome.ok:
            return outcome
        card = outcome.card or Card("Done.")
        return replace(outcome, card=card, replaces=card.audience == "asker")

    def ask_again(self, page: FormPage, store: Store, hint: str | None = None) -> Outcome:
        """Show a form with the sentences of its errors; in a transaction of its own."""
        request = self.request(store, self.heard(store))
        if hint and not request.hinted(hint):
            store.chat.inbox.keep(hint_key(request.person.id, hint), None, self.now)
        return self._form_or_button(request, page)

    def request(self, store: Store, heard: Heard) -> Request:
        """The request as features are given it; raises UnknownAccount and UserError for somebody who may not speak."""
        inbound, made_of = self.inbound, self.meant.made_of
        person = person_speaking(inbound, heard.speaker, self.city, self.now, self.asked)
        found(person=person.id)
        request = Request(
            store=store, city=self.city, now=self.now, platforms=self.platforms, person=person,
            platform=inbound.platform, channel=inbound.channel, thread=inbound.thread, private=inbound.private,
            strangers=self.strangers, source=made_of.source, message_key=made_of.key, vault=self.vault,
            gateways=self.gateways, filled=isinstance(inbound.what, Submitted), entered=self.entered,
        )  # fmt: skip
        request.announces = lambda: check_pace(request, "announcements", self.pace.announced())
        return request

    def _by_label(self, request: Request) -> Outcome | None:
        """What comes of a typed label of a button in sight; None when the line is none."""
        said = self.meant.instead
        named = pressed_by_name(request, said, self.catalogue) if isinstance(said, NotKnown) else None
        if isinstance(named, Card):
            return answered(request.store, request.platform, named)
        if named is None:
            return None
        outcome = replace(self, inbound=replace(self.inbound, what=named)).outcome(request)
        return replace(outcome, replaces=False) if isinstance(outcome, Answered) else outcome

    def _reworded(self) -> "Execution | None":
        """The execution of a line that says a command in another order or in other words; None when it is none."""
        said = self.meant.instead
        line = reworded(said.line, self.catalogue, self.city) if isinstance(said, NotKnown) else None
        if line is None:
            return None
        typed = replace(self.inbound.what, text=line) if isinstance(self.inbound.what, Typed) else Typed(line)
        return replace(self, inbound=replace(self.inbound, what=typed))

    def _nothing_meant(self, request: Request) -> Outcome:
        """The answer to what is no command; an ordinary sentence is read again when its message is changed."""
        what = self.inbound.what
        if isinstance(self.meant.instead, NotKnown) and isinstance(what, Typed) and what.message:
            request.store.chat.inbox.keep_once(not_understood(what.message), self.now)
        return nothing_meant(request, self.meant, self.catalogue)

    def _called(self, request: Request, target: Target) -> Outcome:
        meant = self.meant
        about = () if isinstance(target, Command) else (target.read(with_ids_of_today(meant.rest, request.store)),)
        return Call(request, self.catalogue, target, about, meant.made_of).make(meant.what, meant.rest)

    def _form_or_button(self, request: Request, page: FormPage) -> Outcome:
        return form_or_button(request, page, self.catalogue, opens_forms=self.inbound.opens_forms)
