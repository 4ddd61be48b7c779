"""Catalogue: all that was declared: commands, actions, timers, routines and what else the features have."""

import inspect
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.kit import policy
from handlers.kit.declared import (
    Action,
    Board,
    Chapter,
    Command,
    Drawer,
    Kind,
    LateList,
    MorningSection,
    MorningSentence,
    RecordPart,
    Routine,
    Timer,
    Undoing,
    first_line,
)
from handlers.kit.held import Holding
from handlers.kit.messages import Button, Word
from handlers.kit.sheets.writing import Sheet
from handlers.kit.waiting import Waiter

BEGINNING = ("add", "activate")  # the last word of a command that begins something


@dataclass
class Catalogue:
    """All that was declared, by name."""

    commands: dict[str, Command] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    routines: dict[str, Routine] = field(default_factory=dict)
    on_seen: dict[str, Callable[..., None]] = field(default_factory=dict)
    todo_lists: dict[str, Waiter] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    holdings: dict[str, Holding] = field(default_factory=dict)
    record_sections: dict[str, RecordPart[Word]] = field(default_factory=dict)
    record_buttons: dict[str, RecordPart[Button]] = field(default_factory=dict)
    crisis_board_sections: dict[str, Board] = field(default_factory=dict)
    morning_sections: dict[str, MorningSection] = field(default_factory=dict)
    morning_buttons: dict[str, RecordPart[Button]] = field(default_factory=dict)
    morning_sentences: dict[str, MorningSentence] = field(default_factory=dict)
    crisis_report_sections: dict[str, Chapter] = field(default_factory=dict)
    crisis_handover_sections: dict[str, Callable[..., Sequence[str]]] = field(default_factory=dict)
    health_checks: dict[str, Callable[..., list[str]]] = field(default_factory=dict)
    on_undelivered: dict[str, Callable[..., None]] = field(default_factory=dict)
    on_sent: dict[str, Callable[..., None]] = field(default_factory=dict)
    on_message_changed: dict[str, Callable[..., None]] = field(default_factory=dict)
    before_send: dict[str, Callable[..., bool]] = field(default_factory=dict)
    city_words: dict[str, Callable[..., Sequence[Any]]] = field(default_factory=dict)
    suggestions: dict[str, Callable[..., Sequence[tuple[str, str]]]] = field(default_factory=dict)
    understanding: dict[str, Callable[..., Any]] = field(default_factory=dict)
    late_lists: dict[str, LateList] = field(default_factory=dict)
    menus: dict[str, Callable[..., Sequence[Word]]] = field(default_factory=dict)
    needed: dict[str, Callable[..., bool]] = field(default_factory=dict)
    undoers: dict[str, Undoing] = field(default_factory=dict)
    drawers: dict[str, Drawer] = field(default_factory=dict)
    on_not_sent: dict[str, Callable[..., None]] = field(default_factory=dict)
    listeners: dict[str, dict[str, Callable[..., None]]] = field(default_factory=dict)

    @property
    def todos(self) -> list[Waiter]:
        """What can wait for somebody, in the order they read it."""
        return sorted(self.todo_lists.values(), key=lambda todo: (todo.order, todo.name))

    @property
    def late_ways(self) -> dict[str, str]:
        """The command that lists what is late of each register, by the register's name."""
        return {kept.name: kept.way for kept in self.late_lists.values()}

    @property
    def counting_seconds(self) -> list[str]:
        """The kinds of timers that go on while the clock is in doubt."""
        return [timer.name for timer in self.timers.values() if timer.counts_seconds]

    @property
    def groups(self) -> list[str]:
        return list(dict.fromkeys(command.group for command in self.commands.values()))

    def group(self, name: str) -> list[Command]:
        """The commands of a group: what begins something first, the others by their names."""
        found = [command for command in self.commands.values() if command.group == name]
        return sorted(found, key=lambda command: (command.verb not in BEGINNING, command.name))

    def about(self, name: str) -> tuple[str, str]:
        """The title of a group, and what it is for: the folder or file of its name says so, else the file of its first
        command."""
        module = sys.modules.get(f"handlers.{name}") or inspect.getmodule(self.group(name)[0].function)
        title, _, purpose = first_line(module).partition(": ")
        return title, purpose

    def command_of(self, name: str) -> str | None:
        """The command of this name, or the one that does what an action of its group does: feedback.close-as is
        feedback close."""
        group, _, step = name.partition(".")
        ends = [length for length in range(len(step), 0, -1) if step[length : length + 1] in ("", "-")]
        known = (name, *(f"{group} {step[:length]}" for length in ends), group)
        return next((line for line in known if line in self.commands), None)

    def usual(self, roles: Collection[str]) -> list[Command]:
        """The commands that begin something and that these roles may use, one of each group."""
        first = {
            command.group: command
            for command in reversed(self.commands.values())
            if command.asks and command.verb in BEGINNING
        }
        return [command for command in reversed(first.values()) if policy.may(roles, command.needs)]

    @property
    def from_messages(self) -> list[Command]:
        """The commands that stand in the menu of a message."""
        return [command for command in self.commands.values() if command.from_message]

    def begun_by(self, line: str, roles: Collection[str]) -> list[Button]:
        """What these roles may begin with a sentence that names no command: the menu of a message, as buttons."""
        return [
            Button.say(command.from_message, f"{command.name} {line}")
            for command in self.from_messages
            if command.verb in BEGINNING and policy.may(roles, command.needs)
        ]

    def target(self, name: str) -> Command | Action:
        """The command or action that a form belongs to; raises KeyError."""
        return self.commands[name] if name in self.commands else self.actions[name]


catalogue = Catalogue()


def once(known: dict[str, Any], name: str, declared: Any) -> None:
    """Keep a declaration under its name; raises ValueError when it has one already, or has no docstring."""
    if name in known and _where(known[name]) != _where(declared):
        raise ValueError(f"{name} is declared twice")
    if not first_line(_function(declared)):
        raise ValueError(f"{name} has no docstring; its first line is what people read in help")
    known[name] = declared


def with_rule(name: str, right: str) -> None:
    """Raise ValueError when a declaration needs a right that has no rule."""
    if right not in policy.RULES:
        raise ValueError(f"{name} needs {right!r}, which has no rule in handlers/kit/policy.py")


def _where(declared: Any) -> tuple[str, str]:
    function = _function(declared)
    return function.__module__, function.__qualname__


def _function(declared: Any) -> Callable[..., Any]:
    """The function of a declaration, which may be all of it."""
    function: Callable[..., Any] = getattr(declared, "function", declared)
    return function
