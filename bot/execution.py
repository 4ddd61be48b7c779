"""Execution: what happens to one request inside its transaction, all of it plain functions."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial

from bot.inbound import Answered, Asking, FromMessage, Gesture, Inbound, Outcome, Pressed, Submitted, Typed
from bot.limits import NO_PACE, Pace, check_pace
from bot.origin import Origin
from bot.replies import not_allowed, not_known, one_form, retired, undone
from bot.speaker import person_speaking, with_ids_of_today
from handlers.help import help_card
from handlers.kit import words
from handlers.kit.catalogue import Action, Catalogue, Command, asked, form_of
from handlers.kit.city.model import City
from handlers.kit.context import Request, hint_key
from handlers.kit.errors import FieldErrors
from handlers.kit.events import ACTED, Act, emit
from handlers.kit.forms import FormPage, OpenForm, beginning, read_form, with_names
from handlers.kit.grammar import parse_line
from handlers.kit.messages import SAY, Button, Card, mentioned
from handlers.kit.policy import may
from handlers.kit.vault import NO_VAULT, Vault
from storage.database import Store

Target = Command | Action
ONLY_IN_FORM = "Contact data is not typed into a line, where it would stay. Write it here."


class AskAgain(Exception):
    """A handler found an answer that does not fit; what it did is taken back, and the form is shown again."""

    def __init__(self, page: FormPage, hint: str | None = None) -> None:
        super().__init__(page.target)
        self.page, self.hint = page, hint


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

    @cached_property
    def what(self) -> Gesture:
        """The gesture; a button that types a command is as good as typing it."""
        match self.inbound.what:
            case Pressed(action, line) if action == SAY:
                return Typed(line)
            case what:
                return what

    def only_reads(self) -> bool:
        """Whether this needs no writer: nothing is changed, and the answer needs no outbox."""
        target = self.target[0]
        return self.inbound.inline and not self.inbound.message and (target is None or target.reads_only)

    @cached_property
    def target(self) -> tuple[Target | None, str]:
        """The command or action meant, and the rest: the typed line, or what the button is about."""
        match self.what:
            case Typed(text):
                meant = self._meaning
                return (meant.command, meant.rest) if isinstance(meant, words.Meant) else (None, text)
            case Pressed(action, value):
                return self.catalogue.actions.get(action), value
            case FromMessage(command):
                return self.catalogue.commands.get(command), ""
            case Submitted(target):
                name, _, value = target.partition("|")
                known = name in self.catalogue.commands or name in self.catalogue.actions
                return (self.catalogue.target(name) if known else None), value

    @cached_property
    def made_of(self) -> Origin:
        """What this is made of; a command's form carries it where an action's has its subject."""
        match self.what:
            case FromMessage(source=link, key=key):
                return Origin.read(str(Origin(link, key)))
            case Submitted() if isinstance(self.target[0], Command):
                return Origin.read(self.target[1])
            case _:
                return Origin()

    def run(self, store: Store) -> Outcome:
        """Do what is asked. Raises UserError, AskAgain, UnknownAccount and whatever breaks: then nothing is kept."""
        once = None if self.only_reads() else self.inbound.once
        if once:
            known, answer = store.chat.inbox.answered(once)
            if known:
                again = answer if self.inbound.inline else None  # else the first delivery's answer is in the outbox
                return self._answered(store, Card.model_validate_json(again) if again else None)
        request = self.seen(store)
        outcome = self._say_what_was_undone(self.outcome(request), request)
        if once and isinstance(outcome, Answered):
            store.chat.inbox.keep(once, outcome.card.model_dump_json() if outcome.card else None, self.now)
        return outcome

    @property
    def named(self) -> str:
        """The name of the command or action, for the audit."""
        return self.target[0].name if self.target[0] else ""

    def seen(self, store: Store) -> Request:
        """The request, when it is kept that its person has read the message whose button they pressed."""
        request = self.request(store)
        about = request.see(self.inbound.message) if self.inbound.message else None
        if about and (follows := self.catalogue.on_seen.get(about.partition(" ")[0])):
            request.apart(f"seen {about.partition(' ')[0]}", partial(follows, request, about), about=about)
        return request

    def outcome(self, request: Request) -> Outcome:
        """What comes of a request, once it is known to be new."""
        target, rest = self.target
        if target is None:
            card, asked_for = self._no_target(request), isinstance(self._meaning, words.HelpWanted)
            return self._answered(request.store, card, ok=asked_for)
        if not may(request.person.all_roles, target.needs):
            return self._answered(request.store, not_allowed(target.needs, target.help, request), ok=False)
        if not target.needs.startswith("crisis."):  # in a crisis nobody is held up
            check_pace(request, "commands", self.pace.commands)
        outcome = self._call(request, target, rest)
        if isinstance(outcome, Asking):
            if request.noted:  # what a form shows may be worth a trace of its own
                request.write_audit(request.person.id, target.name)
            return self._form_or_button(request, outcome)
        if not target.reads_only:
            subjects = tuple(subject for subject, _ in request.noted if subject)
            emit(ACTED, request, Act(target.name, subjects))
            request.write_audit(request.person.id, target.name)
        return outcome

    def _say_what_was_undone(self, outcome: Outcome, request: Request) -> Outcome:
        """The answer, which says first what should have followed and broke."""
        if not request.undone or not isinstance(outcome, Answered):
            return outcome
        return self._answered(request.store, undone(outcome.card, request.undone), ok=outcome.ok)

    def ask_again(self, page: FormPage, store: Store, hint: str | None = None) -> Outcome:
        """Show a form with the sentences of its errors; in a transaction of its own."""
        request = self.request(store)
        if hint and not request.hinted(hint):
            store.chat.inbox.keep(hint_key(request.person.id, hint), None, self.now)
        return self._form_or_button(request, Asking(page))

    def request(self, store: Store) -> Request:
        """The request as features are given it; raises UnknownAccount and UserError for somebody who may not speak."""
        inbound = self.inbound
        person = person_speaking(inbound, self.city, self.now, self.asked, store)
        request = Request(
            store=store, city=self.city, now=self.now, platforms=self.platforms, person=person,
            platform=inbound.platform, channel=inbound.channel, thread=inbound.thread, private=inbound.private,
            strangers=self.strangers, source=self.made_of.source,
            message_key=self.made_of.key, vault=self.vault,
            gateways=self.gateways, filled=isinstance(self.what, Submitted),
        )  # fmt: skip
        request.announces = lambda: check_pace(request, "announcements", self.pace.announced())
        return request

    @cached_property
    def _meaning(self) -> words.Meant | words.HelpWanted | words.NotKnown | None:
        return words.understand(self.what.text, self.catalogue) if isinstance(self.what, Typed) else None

    def _no_target(self, request: Request) -> Card:
        match self._meaning:
            case words.HelpWanted(group):
                return help_card(request, group)
            case words.NotKnown(said, nearest):
                return not_known(said, nearest)
            case _:
                return retired()

    def _call(self, request: Request, target: Target, rest: str) -> Outcome:
        about = () if isinstance(target, Command) else (with_ids_of_today(rest, request.store),)
        if target.asks is None:
            return self._result(request, target, target.function(request, *about))
        match self.what:
            case Submitted(_, nonce, values):
                return self._fill(request, target, about, values, nonce)
            case Typed():
                return self._read_line(request, target, about, rest)
            case FromMessage(_, text, author=author):
                quoted = author and isinstance(target, Command) and target.quotes
                return self._begin(request, target, f"{author} wrote: {text}" if quoted else text)
            case _:
                values = target.prefill(request, *about) if target.prefill else {}
                return self._ask(target, about, values)

    def _read_line(self, request: Request, target: Target, about: tuple[str, ...], rest: str) -> Outcome:
        """A line that gives all that is needed is done at once; else the form opens with what it gives."""
        questions = asked(target, self.city)
        values = parse_line(rest, questions)
        needed = [question.name for question in questions if question.required]
        typed = {one.name: ONLY_IN_FORM for one in questions if one.private and values.get(one.name)}
        if typed and self.inbound.platform != "say":  # there no form can open, and nobody reads along
            values = {name: value for name, value in values.items() if name not in typed}
        else:
            typed = {}
        if not typed and all(values.get(name) for name in needed) and (values or not needed):
            return self._fill(request, target, about, values, secrets.token_hex(8))
        filled = {**(target.prefill(request, *about) if target.prefill else {}), **values}
        form = form_of(target, self.city)
        assert form is not None
        try:
            read_form(form, values, request.reading, line=True)
        except FieldErrors as problems:
            typed |= {name: sentence for name, sentence in problems.by_field.items() if values.get(name)}
        return Asking(self._page(target, about, filled, secrets.token_hex(8), typed))

    def _begin(self, request: Request, target: Target, text: str) -> Asking:
        """The form with a message in its first field; where it is longer than that, all of it stands above."""
        whole, first = with_names(text, request.reading), asked(target, self.city)[0]
        begun = beginning(whole, first)
        asking = self._ask(target, (), {first.name: begun} if begun else {})
        if begun.endswith("\u2026") and not whole.strip().endswith("\u2026"):
            asking = replace(asking, page=replace(asking.page, intro=f"The message: {whole.strip()}"))
        return asking

    def _fill(
        self, request: Request, target: Target, about: tuple[str, ...], values: Mapping[str, str], nonce: str
    ) -> Outcome:
        declared = form_of(target, self.city, *about)
        assert declared is not None
        try:
            form = read_form(declared, values, request.reading, line=isinstance(self.what, Typed))
        except FieldErrors as problems:
            return Asking(self._page(target, about, values, nonce, problems.by_field))
        try:
            return self._result(request, target, target.function(request, *about, form))
        except FieldErrors as problems:
            raise AskAgain(self._page(target, about, values, nonce, problems.by_field), problems.hint) from None

    def _ask(self, target: Target, about: tuple[str, ...], values: Mapping[str, str]) -> Asking:
        return Asking(self._page(target, about, values, secrets.token_hex(8), {}))

    def _page(
        self, target: Target, about: tuple[str, ...], values: Mapping[str, str], nonce: str, errors: Mapping[str, str]
    ) -> FormPage:
        subject = about or ((made_of,) if (made_of := str(self.made_of)) else ())
        return FormPage(
            title=target.help.rstrip("."),
            submit=target.submit,
            target="|".join((target.name, *subject)),
            nonce=nonce,
            questions=asked(target, self.city, *about),
            values=values,
            errors=errors,
        )

    def _result(self, request: Request, target: Target, result: Card | OpenForm | None) -> Outcome:
        if isinstance(result, OpenForm):
            name, _, about = result.target.partition("|")
            opened = self.catalogue.target(name)
            if not may(request.person.all_roles, opened.needs):
                return self._answered(request.store, not_allowed(opened.needs, opened.help, request), ok=False)
            return self._ask(opened, (about,) if about else (), result.values)
        return self._answered(request.store, result, replaces=isinstance(target, Action) and target.replaces)

    def _form_or_button(self, request: Request, asking: Asking) -> Outcome:
        """The form itself where the door can open one, else a card with a button that opens it."""
        page = asking.page
        if self.inbound.opens_forms:
            people = [value for q in page.questions if q.kind == "person" and (value := page.values.get(q.name))]
            found = {value: person for value in people if (person := request.find_person(value))}
            accounts = request.store.chat.people.accounts(self.inbound.platform, list(found.values()))
            return Asking(page, {value: accounts.get(person, person) for value, person in found.items()})
        return self._answered(request.store, one_form(page, self._opening(request, page)), ok=not page.errors)

    def _opening(self, request: Request, page: FormPage) -> Button:
        """The button that opens a form with what was typed; what is asked in private is not kept for it, but filled in
        anew where the form's own action does so."""
        name, _, about = page.target.partition("|")
        if page.private and name in self.catalogue.actions:
            return Button("Fill in", name, about, style="primary")
        kept = {field: value for field, value in page.values.items() if field not in page.private}
        draft = request.store.chat.drafts.keep(request.person.id, page.target, kept, self.now)
        return Button("Fill in", "fill-in", draft, style="primary")

    def _answered(self, store: Store, card: Card | None, *, ok: bool = True, replaces: bool = False) -> Answered:
        handles = store.chat.people.accounts(self.inbound.platform, mentioned(card)) if card else {}
        return Answered(card, ok=ok, replaces=replaces, handles=handles)
