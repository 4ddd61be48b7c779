"""Standings: a change of roles, departments, deputies or addresses in the city files leaves a row, for each person."""

import json
from functools import partial
from typing import Any

from sqlalchemy import select

from handlers.kit.standings import news_of_standings
from storage.audit import audit
from storage.database import Store
from tests.chat.desk import DeskChat


def rows(store: Store) -> list[tuple[str, str, dict[str, Any]]]:
    """Who, about whom, and what changed in the city's files."""
    every = store.connection.execute(select(audit).where(audit.c.act == "city files").order_by(audit.c.number))
    return [(row.person, row.subject, json.loads(row.facts)) for row in every]


async def change(chat: DeskChat, file: str, *changes: tuple[str, str]) -> None:
    path = chat.bot.application.settings.city_dir / file
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


async def test_the_first_start_says_who_has_which_role(desk_chat: DeskChat) -> None:
    await desk_chat.bot.settle()
    [(who, subject, facts)] = await desk_chat.bot.read(rows)
    assert (who, subject, facts["people"]) == ("cityops", "people.toml", 21)
    assert facts["admin"] == ["ines"]
    assert facts["crisis_team"] == ["tom", "hugo", "dana", "marcus", "felix"]
    await desk_chat.bot.restart()
    await desk_chat.bot.settle()
    assert len(await desk_chat.bot.read(rows)) == 1, "what has not changed is not said again"


async def test_a_change_leaves_a_row_for_each_person_with_ids_and_words_of_ours(desk_chat: DeskChat) -> None:
    await desk_chat.bot.settle()
    await change(
        desk_chat,
        "people.toml",
        ('roles = ["crisis_team"]', 'roles = ["crisis_team", "admin"]'),
        ('deputy = "rosa"', 'deputy = "sam"'),
        ('email = "ben@riverton.example.org"', 'email = "b.carver@riverton.example.org"'),
    )
    await change(desk_chat, "departments.toml", ('head = "noah"', 'head = "owen"'))
    await desk_chat.bot.pass_time(seconds=5)
    _, *told = await desk_chat.bot.read(rows)
    assert told == [
        ("cityops", "person ben", {"files": ["people.toml"], "addresses": "changed"}),
        ("cityops", "person hugo", {"files": ["people.toml"], "deputy": {"was": "rosa", "is": "sam"}}),
        ("cityops", "person noah", {"files": ["departments.toml"], "heads": {"was": ["library"], "is": []}}),
        ("cityops", "person owen", {"files": ["departments.toml"], "heads": {"was": [], "is": ["library"]}}),
        ("cityops", "person tom", {"files": ["people.toml"],
                                   "roles": {"was": ["crisis_team"], "is": ["admin", "crisis_team"]}}),
    ]  # fmt: skip


async def test_what_was_changed_while_the_bot_was_down_is_noticed_at_the_start(
    desk_postgresql_chat: DeskChat,
) -> None:
    chat = desk_postgresql_chat
    await chat.bot.settle()
    gone = (
        '[[person]]\nid = "yuki"\nname = "Yuki Tanaka"\nemail = "yuki@riverton.example.org"\ntitle = "Permit Clerk"\n'
    )
    new = '[[person]]\nid = "ada"\nname = "Ada"\nemail = "ada@riverton.example.org"\nroles = ["admin"]\n'
    await change(chat, "people.toml", (gone, new))
    await change(chat, "standup.toml", ('"yuki"', '"ada"'))
    await chat.bot.restart()
    await chat.bot.settle()
    _, *told = await chat.bot.read(rows)
    files = ["people.toml"]
    assert told == [
        ("cityops", "person ada", {"files": files, "listed": True, "roles": {"was": None, "is": ["admin"]},
                                   "department": {"was": None, "is": "planning"}}),
        ("cityops", "person yuki", {"files": files, "listed": False, "department": {"was": "planning", "is": None}}),
    ]  # fmt: skip


async def test_a_first_note_that_was_cut_off_goes_on_and_takes_nobody_for_new(desk_chat: DeskChat) -> None:
    runtime = desk_chat.bot.application.runtime
    notes = await runtime.read(partial(news_of_standings, runtime.city(), desk_chat.bot.clock.now()))
    for note in notes[:5]:
        await runtime.write(note)
    await desk_chat.bot.settle()
    [(_, subject, facts)] = await desk_chat.bot.read(rows)
    assert (subject, facts["people"]) == ("people.toml", 21)
    assert len(await desk_chat.bot.read(lambda store: store.standings.all())) == 21
    for note in notes:  # another bot has found the same, and comes later
        await runtime.write(note)
    assert len(await desk_chat.bot.read(rows)) == 1
