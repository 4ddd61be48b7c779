"""Crisis window: who leads closes a part of the plan when its questions are answered."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

from pydantic import create_model

from handlers.crisis.choice import WhichCrisis, several, which_crisis, working_on
from handlers.crisis.command.plan import WindowOf, plan_of, window_card, window_name
from handlers.crisis.record import write
from handlers.crisis.rights import may_lead, only
from handlers.kit.city.model import City
from handlers.kit.context import Request
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.forms import KEPT_FORMS, Form, OpenForm, ask
from handlers.kit.messages import Card, Note
from handlers.kit.registry import action, command
from storage.crisis.records import Crisis
from storage.crisis.tasks import CrisisTask

ANSWER = 1000  # characters of an answer


@lru_cache(maxsize=KEPT_FORMS)
def _questions(questions: tuple[str, ...]) -> type[Form]:
    fields: dict[str, Any] = {
        f"answer_{number}": (str, ask(question, max_length=ANSWER, long=True))
        for number, question in enumerate(questions, start=1)
    }
    return create_model("Window", __base__=Form, **fields)


def _exit_form(city: City, value: WindowOf) -> type[Form]:
    return _questions(_asked(city, value.window))


def _asked(city: City, window: str) -> tuple[str, ...]:
    known = city.crisis.windows.get(window)
    return known.questions if known else ("What should people know about it?",)


@command("crisis window", sends="Next", asks=WhichCrisis, needs="crisis.answer", example="/crisis window CR-2026-01")
def close_current(request: Request, form: WhichCrisis) -> Card | OpenForm:
    """Close part of the plan."""
    if asked := several(request, "crisis window", form, is_open=True):
        return asked
    crisis = which_crisis(request, form.crisis, is_open=True)
    _may_close(request, crisis)
    window = plan_of(request, crisis).window
    if window is None:
        raise UserError(f"{crisis.ref} has no part of its plan open. Look at it with: crisis plan {crisis.ref}")
    return OpenForm("crisis.window-close", about=WindowOf(crisis.ref, window))


@action("crisis.window-close", needs="crisis.answer", asks=_exit_form, varies=True, carries=WindowOf)
def close_window(request: Request, value: WindowOf, form: Form) -> Card:
    """Close part of the plan."""
    crisis, window = working_on(request, value.crisis), value.window
    _may_close(request, crisis)
    plan = plan_of(request, crisis)
    if done := plan.closed.get(window):
        when = request.calendar.spoken(done.closed_at)
        raise UserError(f"{request.name(done.closed_by)} closed this part already, {when}. Nothing was changed.")
    if window != plan.window:
        raise UserError(f"Close {window_name(request, plan.window or window)} first.")
    tasks = [task for task in plan.of(window) if not task.done_at]
    _close_all_the_same(request, crisis, tasks)
    answers = dict(zip(_asked(request.city, window), form.values().values(), strict=True))
    request.store.crisis.tasks.close(crisis.ref, window, answers, request.person.id, request.now)
    request.audit(crisis.ref, window=window, still_open=len(tasks))
    left = f"; still open: {_names(tasks)}" if tasks else ""
    write(request, crisis, f"closed {window_name(request, window)}{left}", by=request.person.id, kind="decided")
    for question, answer in answers.items():
        write(request, crisis, f"{question} {answer}", by=request.person.id, kind="said")
    closed = Note(f"{window_name(request, window)} is closed{f'. These stay open: {_names(tasks)}' if tasks else ''}.")
    return window_card(request, crisis, plan_of(request, crisis).window or window).with_words(closed)


def _may_close(request: Request, crisis: Crisis) -> None:
    if not may_lead(request, crisis, request.person):
        raise UserError(f"Only {only(request, crisis)} closes a part of the plan. Please ask them.")


def _close_all_the_same(request: Request, crisis: Crisis, tasks: Sequence[CrisisTask]) -> None:
    """Raise FieldErrors when steps are open; only once for the same steps."""
    hint = sha256(" ".join((crisis.ref, *(task.step for task in tasks))).encode()).hexdigest()
    if tasks and not request.hinted(hint):
        said = f"These steps are open: {_names(tasks)}. To close this part anyway, send it again; they stay open."
        raise FieldErrors({"answer_1": said}, hint=hint)


def _names(tasks: Sequence[CrisisTask]) -> str:
    return ", ".join(task.name for task in tasks)
