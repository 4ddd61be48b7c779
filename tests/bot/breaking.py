"""Breaking: make one part of the catalogue fail on purpose, and check that the others run and IT reads its name."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

import pytest
from aiohttp import ClientSession

from bot.inbound import Gesture, Inbound, Outcome, Typed
from bot.piecework import send_by_hand
from storage.database import Store
from tests.chat.bot import Bot

Test = TypeVar("Test", bound=Callable[..., Any])
INJECTED: set[str] = set()  # the kinds of parts into which a test injects a fault, one part after the other


def injects(*kinds: str) -> Callable[[Test], Test]:
    """Say that a test breaks every part of these kinds of the catalogue in turn."""
    INJECTED.update(kinds)
    return lambda test: test


async def does(bot: Bot, person: str, what: Gesture, **how: Any) -> Outcome:
    return await bot.application.runtime.handle(Inbound("say", person, what, **how))


async def says(bot: Bot, person: str, line: str) -> str:
    return str(await does(bot, person, Typed(line), key=f"{person} {line} {bot.clock.now()}"))


async def faults(bot: Bot) -> list[str]:
    return [fault.part for fault in await bot.read(lambda store: store.faults.all())]


async def mended(bot: Bot) -> None:
    def fix(store: Store) -> None:
        for fault in store.faults.all():
            store.faults.clear(fault.part)

    await bot.application.runtime.write(fix)


def breaks(*_about: Any) -> Any:
    """Do something that breaks."""
    raise KeyError("broken on purpose")


def breaking(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function with the name of this one that fails when it is called."""

    @wraps(function)
    def broken(*about: Any) -> Any:
        return breaks(*about)

    return broken


def one_breaks(patch: pytest.MonkeyPatch, known: dict[str, Any], name: str) -> list[str]:
    """Break one of these parts; gives the names of the others, as each of them runs."""
    return some_break(patch, known, [name])


def some_break(patch: pytest.MonkeyPatch, known: dict[str, Any], names: Collection[str]) -> list[str]:
    """The same for several parts at once."""
    ran: list[str] = []
    for other, declared in list(known.items()):
        function = declared if callable(declared) else declared.function
        new = breaking(function) if other in names else _noting(function, ran, other)
        patch.setitem(known, other, new if callable(declared) else replace(declared, function=new))
    return ran


def _noting(function: Callable[..., Any], ran: list[str], name: str) -> Callable[..., Any]:
    @wraps(function)
    def noted(*about: Any) -> Any:
        given = function(*about)
        ran.append(name)
        return given

    return noted


def each_with_next(known: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each of these names with the one after it, which must work while the first fails."""
    names = list(known)
    return list(zip(names, [*names[1:], names[0]], strict=True))


async def is_named(bot: Bot, *parts: str) -> None:
    """Check that these parts and no others are set aside, and that /readyz and an admin's list name them."""
    assert await faults(bot) == sorted(parts)
    async with ClientSession() as web, web.get(f"{bot.url}/readyz") as answer:
        ready = await answer.text()
    listed = await says(bot, "ines", "/city faults")
    for part in parts:
        assert f"set aside: {part}" in ready, part
        assert part in listed, part


async def morning_names(bot: Bot, part: str) -> None:
    """Check that the morning check, sent now, names what is set aside."""
    runtime = bot.application.runtime
    routine, day = runtime.catalogue.routines["morning-check"], runtime.city().calendar.today(bot.clock.now())
    _, broken = await send_by_hand(runtime, bot.application.ledger, routine, day, "ines")
    assert broken == []
    content = (await bot.read(lambda store: store.morning_checks.on(day))).content
    assert "Not working, please tell IT: 1." in content
    assert part in content
