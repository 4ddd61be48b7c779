"""Actions: the decorator that declares a button; features take it from kit/registry, where the others stand."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from handlers.kit.catalogue import catalogue, once, with_rule
from handlers.kit.declared import Action, Asks, Filled, Prefill, fits_button
from handlers.kit.forms import Form, OpenForm
from handlers.kit.messages import Card
from handlers.kit.values import Carried, Value

if TYPE_CHECKING:
    from handlers.kit.city.model import City
    from handlers.kit.context import Request

Function = TypeVar("Function", bound=Callable[..., Any])
Asked = TypeVar("Asked", bound=Form)
Answers = TypeVar("Answers", bound=Card | OpenForm | None)  # a button may change its card and say nothing
Opens = TypeVar("Opens", bound=OpenForm)


@overload
def action(
    name: str, *, needs: str, reads_only: bool = ..., replaces: bool = ..., opens_form: Literal[False] = ...
) -> "Callable[[Callable[[Request, str], Answers]], Callable[[Request, str], Answers]]": ...


@overload
def action(
    name: str, *, needs: str, reads_only: bool = ..., opens_form: Literal[True]
) -> "Callable[[Callable[[Request, str], Opens]], Callable[[Request, str], Opens]]": ...


@overload
def action(
    name: str,
    *,
    needs: str,
    asks: "type[Asked] | Callable[[City], type[Asked]]",
    prefill: "Callable[[Request, str], Filled] | None" = ...,
    reads_only: bool = ...,
    replaces: bool = ...,
    varies: Literal[False] = ...,
    sends: str = ...,
) -> "Callable[[Callable[[Request, str, Asked], Answers]], Callable[[Request, str, Asked], Answers]]": ...


@overload
def action(
    name: str,
    *,
    needs: str,
    asks: "Callable[[City, str], type[Asked]]",
    prefill: "Callable[[Request, str], Filled] | None" = ...,
    reads_only: bool = ...,
    replaces: bool = ...,
    varies: Literal[True],
    sends: str = ...,
) -> "Callable[[Callable[[Request, str, Asked], Answers]], Callable[[Request, str, Asked], Answers]]": ...


@overload
def action(
    name: str,
    *,
    needs: str,
    carries: type[Value],
    reads_only: bool = ...,
    replaces: bool = ...,
    opens_form: Literal[False] = ...,
) -> "Callable[[Callable[[Request, Value], Answers]], Callable[[Request, Value], Answers]]": ...


@overload
def action(
    name: str, *, needs: str, carries: type[Value], reads_only: bool = ..., opens_form: Literal[True]
) -> "Callable[[Callable[[Request, Value], Opens]], Callable[[Request, Value], Opens]]": ...


@overload
def action(
    name: str,
    *,
    needs: str,
    carries: type[Value],
    asks: "type[Asked] | Callable[[City], type[Asked]]",
    prefill: "Callable[[Request, Value], Filled] | None" = ...,
    reads_only: bool = ...,
    replaces: bool = ...,
    varies: Literal[False] = ...,
    sends: str = ...,
) -> "Callable[[Callable[[Request, Value, Asked], Answers]], Callable[[Request, Value, Asked], Answers]]": ...


@overload
def action(
    name: str,
    *,
    needs: str,
    carries: type[Value],
    asks: "Callable[[City, Value], type[Asked]]",
    prefill: "Callable[[Request, Value], Filled] | None" = ...,
    reads_only: bool = ...,
    replaces: bool = ...,
    varies: Literal[True],
    sends: str = ...,
) -> "Callable[[Callable[[Request, Value, Asked], Answers]], Callable[[Request, Value, Asked], Answers]]": ...


def action(
    name: str,
    *,
    needs: str,
    asks: Asks | None = None,
    prefill: Prefill | None = None,
    reads_only: bool = False,
    replaces: bool = False,
    varies: bool = False,
    opens_form: bool = False,
    carries: type[Carried] | None = None,
    sends: str = "Save",
) -> Callable[[Function], Function]:
    """Declare a button. The function takes (request, value) or (request, value, form), returns a Card or None; with
    ``opens_form`` it may return the form of another command. ``carries`` is the kind of its value, which is read before
    the function, its prefill or its form see it; without it the value is the text that the button holds: a reference.
    ``sends`` is the label of its form's button, which names what the form does.
    """

    def declare(function: Function) -> Function:
        with_rule(name, needs)
        fits_button(name, sends)
        declared = Action(
            name, function, needs, asks, reads_only, prefill, replaces, varies, opens_form, carries, sends
        )
        once(catalogue.actions, name, declared)
        return function

    return declare
