"""Calling: a command or action with what it is given: a typed line, a button, a message or a filled-in form."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering import answered
from bot.inbound import Asking, FromMessage, Gesture, Outcome, Submitted, Typed
from bot.origin import Origin
from bot.replies import not_allowed
from bot.understanding import Target
from handlers.kit.catalogue import Catalogue
from handlers.kit.context import Request
from handlers.kit.declared import Action, Command, asked, form_of
from handlers.kit.errors import FieldErrors
from handlers.kit.forms import Form, FormPage, OpenForm, Question, read_form, with_names
from handlers.kit.grammar import gives_all, parse_line
from handlers.kit.links import look_up
from handlers.kit.messages import Card
from handlers.kit.policy import may
from handlers.kit.signs import cut
from handlers.kit.suggestions import suggested
from handlers.kit.values import Carried, targeted, written

ONLY_IN_FORM = "Do not type contact data into a command, where others could read it. Enter it here."
NOTHING_WRONG: Mapping[str, str] = {}


class AskAgain(Exception):
    """A handler found an answer that does not fit; what it did is taken back, and the form is shown again."""

    def __init__(self, page: FormPage, hint: str | None = None) -> None:
        super().__init__(page.target)
        self.page, self.hint = page, hint


@dataclass(frozen=True)
class Call:
    """One command or action, for somebody who may use it.

    ``about`` is what an action is about, as its function takes it; ``made_of`` is what the form of a command carries
    along.
    """

    request: Request
    catalogue: Catalogue
    target: Target
    about: tuple[Carried | str, ...]
    made_of: Origin

    def make(self, what: Gesture, rest: str) -> Outcome:
        """Do it, or ask what it needs to know first. Raises AskAgain, UserError and what the feature raises."""
        if self.target.asks is None:
            return self._result(self.target.function(self.request, *self.about))
        match what:
            case Submitted(_, nonce, values):
                return self._fill(values, nonce)
            case Typed():
                return self._read_line(rest)
            case FromMessage(_, text, author=author):
                quoted = author and isinstance(self.target, Command) and self.target.quotes
                return self._begin(f"{author} wrote: {text}" if quoted else text)
            case _:
                return self._ask(self._prefilled())

    def _read_line(self, rest: str) -> Outcome:
        """A line that gives all that is needed is done at once; else the form opens with what it gives."""
        questions = asked(self.target, self.request.city)
        values = parse_line(rest, questions)
        private = self._not_for_a_line(values, questions)
        values = {name: value for name, value in values.items() if name not in private}
        if not private and gives_all(values, questions):
            return self._fill(values, secrets.token_hex(8), line=True)
        filled = {**self._prefilled(), **values}
        return self._ask(filled, {**private, **self._wrong_in(values)})

    def _not_for_a_line(self, values: Mapping[str, str], questions: Sequence[Question]) -> dict[str, str]:
        """What is asked in private and was typed, each with the sentence that says so."""
        if self.request.platform == "say":  # there no form can open, and nobody reads along
            return {}
        return {question.name: ONLY_IN_FORM for question in questions if question.private and values.get(question.name)}

    def _wrong_in(self, values: Mapping[str, str]) -> dict[str, str]:
        """What is wrong with the fields that a line gives; one that it leaves out is no mistake yet."""
        try:
            self._form(values, line=True)
        except FieldErrors as problems:
            return {name: sentence for name, sentence in problems.by_field.items() if values.get(name)}
        return {}

    def _begin(self, text: str) -> Asking:
        """The form with a message in its first field; where it is longer than that, all of it stands above."""
        whole, first = with_names(text, self.request.reading), asked(self.target, self.request.city)[0]
        begun = _beginning(whole, first)
        asking = self._ask({**self._prefilled(), **({first.name: begun} if begun else {})})
        if begun.endswith("\u2026") and not whole.strip().endswith("\u2026"):
            asking = replace(asking, page=replace(asking.page, intro=f"The message: {whole.strip()}"))
        return asking

    def _fill(self, values: Mapping[str, str], nonce: str, *, line: bool = False) -> Outcome:
        try:
            form = self._form(values, *self.about, line=line)
        except FieldErrors as problems:
            return Asking(self._page(values, nonce, problems.by_field))
        try:
            return self._result(self.target.function(self.request, *self.about, form))
        except FieldErrors as problems:
            raise AskAgain(self._page(values, nonce, problems.by_field), problems.hint) from None

    def _form(self, values: Mapping[str, str], *about: Carried | str, line: bool) -> Form:
        declared = form_of(self.target, self.request.city, *about)
        assert declared is not None
        return read_form(declared, values, self.request.reading, line=line)

    def _prefilled(self) -> Mapping[str, str]:
        return self.target.prefill(self.request, *self.about) if self.target.prefill else {}

    def _ask(self, values: Mapping[str, str], errors: Mapping[str, str] = NOTHING_WRONG) -> Asking:
        return Asking(self._page(values, secrets.token_hex(8), errors))

    def _page(self, values: Mapping[str, str], nonce: str, errors: Mapping[str, str]) -> FormPage:
        made_of = str(self.made_of)
        subject = [written(value) for value in self.about] or ([made_of] if made_of else [])
        questions = asked(self.target, self.request.city, *self.about)
        asked_for = {question.name: question for question in questions}
        return FormPage(
            title=self.target.help.rstrip("."),
            submit=self.target.submit,
            target=targeted(self.target.name, *subject),
            nonce=nonce,
            questions=suggested(self.request, questions),
            values={
                name: asked_for[name].filled_in(text) if name in asked_for else text for name, text in values.items()
            },
            errors=errors,
            intro=self._record(values, questions),
        )

    def _record(self, values: Mapping[str, str], questions: Sequence[Question]) -> str:
        """The line of the record that a form is about, so that people see which one it is."""
        about = [written(value).partition(" ")[0] for value in self.about]
        about += [values.get(question.name, "") for question in questions if question.kind == "reference"]
        found = (look_up(self.request, ref) for ref in about if ref)
        return next((record.line for record in found if record), "")

    def _result(self, result: Card | OpenForm | None) -> Outcome:
        request = self.request
        if not isinstance(result, OpenForm):
            replaces = isinstance(self.target, Action) and self.target.replaces
            return answered(request.store, request.platform, result, replaces=replaces, draws=request.answer_draws)
        about = written(result.about)
        opened = self.catalogue.target(result.target)
        if not may(request.person.all_roles, opened.needs):
            return answered(request.store, request.platform, not_allowed(opened.needs, opened.help, request), ok=False)
        subject = opened.read(about) if about and isinstance(opened, Action) else about
        return replace(self, target=opened, about=(subject,) if subject else ())._ask(result.values)


def _beginning(text: str, question: Question) -> str:
    """As much of a text as fits a field, cut where a word ends, with an ellipsis; in one line where it has only one."""
    text = text.strip() if question.kind == "long_text" else " ".join(text.split())
    return cut(text, question.max_length, at_a_word=True)
