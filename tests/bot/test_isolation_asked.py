"""Isolation of what is asked for and sent: a request or a message that breaks holds up no other."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.inbound import Answered, Asking, Gesture, Pressed, Submitted, Typed
from bot.post import Refused, Sent
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from handlers.kit.messages import Card
from storage.database import Store
from tests.bot.breaking import breaking, breaks, does, each_with_next, faults, injects, is_named, mended, says
from tests.bot.conftest import Call
from tests.bot.postroom import Post
from tests.chat.bot import Bot

REF = "CR-2026-01"


@injects("commands", "actions", "kinds")
async def test_each_command_button_and_reference_that_breaks_hands_back_what_was_asked_and_spoils_nothing(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks_alone(gesture: Gesture) -> None:
        outcome = await does(bot, "ines", gesture)
        assert isinstance(outcome, Answered)
        assert not outcome.ok
        assert "Nothing was saved. Please tell IT" in str(outcome.card), gesture

    for name, command in list(catalogue.commands.items()):
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.commands, name, replace(command, function=breaks, asks=None, needs="help"))
            await breaks_alone(Typed(name))
    for name, action in list(catalogue.actions.items()):
        with monkeypatch.context() as patch:
            patch.setitem(
                catalogue.actions, name, replace(action, function=breaks, asks=None, needs="help", carries=None)
            )
            await breaks_alone(Pressed(name, "1"))
    for begins, kind in list(catalogue.kinds.items()):
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.kinds, begins, replace(kind, function=breaks))
            risk = {"title": "Gate", "likelihood": "2", "impact": "2", "came_from": f"{begins}1"}
            await breaks_alone(Submitted("risk add", begins, risk))
    assert await faults(bot) == []
    assert "Logged R-1" in await says(bot, "ines", f"/risk add Gate; likelihood 2; impact 2; came from {REF}")


@injects("undoers")
async def test_each_undo_that_breaks_changes_nothing_and_can_be_pressed_again(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(catalogue.undoers):
        keep = partial(_kept, name, bot)
        undo = await bot.application.runtime.write(keep)
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.undoers, name, replace(catalogue.undoers[name], function=breaks, needs="help"))
            outcome = await does(bot, "ines", Pressed("undo", str(undo)))
        assert isinstance(outcome, Answered)
        assert "Nothing was saved. Please tell IT" in str(outcome.card), name
        assert (await bot.read(lambda store, undo=undo: store.undos.take(undo))).undone_at is None


def _kept(name: str, bot: Bot, store: Store) -> int:
    return store.undos.add(name, ["R-1"], "ines", bot.clock.now(), {})


@injects("sheets")
def test_each_sheet_that_breaks_is_not_written_and_all_others_are(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    call("db", "upgrade")
    for name, following in each_with_next(catalogue.sheets):
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.sheets, name, replace(catalogue.sheets[name], rows=breaks))
            with pytest.raises(KeyError, match="broken on purpose"):
                call("export", name)
            assert call("export", following)[0] == 0


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    post = Post(tmp_path)
    yield post
    post.runtime.database.close()


@injects("suggestions")
async def test_a_field_whose_suggestions_break_is_typed_into(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    for field, function in list(catalogue.suggestions.items()):
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.suggestions, field, breaking(function))
            asking = await does(bot, "tom", Typed(f"{field} report"))
        assert isinstance(asking, Asking)
        assert [question.suggests for question in asking.page.questions if question.name == field] == [()]
        await is_named(bot, f"suggestions {field}")


@injects("understanding")
async def test_a_feature_that_breaks_over_a_sentence_leaves_the_others_their_proposal(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "a resident phoned: fire might start at 12 Elm Street, by the deep pothole"
    words = {"crisis": "Call the crisis team", "feedback": "feedback", "risk": "risk"}
    for name, function in list(catalogue.understanding.items()):
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.understanding, name, breaking(function))
            said = await says(bot, "tom", line)
        assert [feature for feature, word in words.items() if word in said] == [
            feature for feature in words if feature != name
        ]
        await bot.settle()
        assert await faults(bot) == [f"understanding {name}"]
        await mended(bot)
        bot.clock.advance(minutes=1)


@injects("late_lists")
async def test_a_register_that_cannot_say_what_is_late_leaves_the_others_their_lines(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await says(bot, "tom", "action add Buy a pump; due 2026-11-24")
    await says(bot, "tom", "risk add Dam gate stuck; likelihood 5; impact 5; review 2026-11-24")
    bot.clock.advance(days=8)
    words = {"actions": "Buy a pump", "risks": "Dam gate stuck"}
    for name, declared in list(catalogue.late_lists.items()):
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.late_lists, name, replace(declared, function=breaking(declared.function)))
            said = await says(bot, "tom", "city late")
        assert [register for register, word in words.items() if word in said] == [
            register for register in words if register != name
        ]
        assert f"Late {name} could not be read." in said
        await bot.settle()
        assert await faults(bot) == [f"late {name}"]
        await mended(bot)
        bot.clock.advance(minutes=1)


@injects("menus", "needed")
async def test_what_breaks_in_help_leaves_its_subject_there_without_its_own_words(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, function in list(catalogue.menus.items()):
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.menus, name, breaking(function))
            assert "Call the crisis team" in await says(bot, "tom", f"help {name}")
        await bot.settle()
        assert await faults(bot) == [f"menu {name}"]
        await mended(bot)
        bot.clock.advance(minutes=1)
    for name, needed in list(catalogue.needed.items()):
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.needed, name, breaking(needed))
            assert f"label='{catalogue.about(name)[0]}'" in await says(bot, "tom", "help")
        await bot.settle()
        assert await faults(bot) == [f"who needs {name}"]
        await mended(bot)
        bot.clock.advance(minutes=1)


@injects("on_sent", "on_undelivered", "before_send", "on_not_sent")
async def test_what_hears_of_messages_that_are_sent_or_lost_or_is_asked_whether_they_are_wanted_holds_none_up(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post.bind("risks", "C1")
    number = 0
    kinds = {
        "on_sent": "sent", "before_send": "still wanted", "on_undelivered": "undelivered", "on_not_sent": "not sent",
    }  # fmt: skip
    for kind, part in kinds.items():
        for begins, function in list(getattr(catalogue, kind).items()):
            with monkeypatch.context() as patch:
                patch.setitem(getattr(catalogue, kind), begins, breaking(function))
                draws = f"{begins} 2026-11-23 everybody tom" if kind == "on_not_sent" else None
                await post.queue(title="Broken", ref=f"{begins}2026-01 tom", draws=draws)
                await post.queue(title="After it")
                arrives = kind in ("on_sent", "before_send")
                answer = Sent("C1", "1.0") if arrives else Refused("channel_not_found")
                await post.round(answer)
                await post.round(Sent("C1", "2.0"), seconds=2)
            states = [await post.state(number + step) for step in (1, 2)]
            assert states == ["sent" if arrives else "rejected", "sent"]
            assert await _set_aside(post) == [f"{part} {begins}"]
            number += 2


async def _set_aside(post: Post) -> list[str]:
    """What is set aside, which is mended at once."""

    def mended(store: Store) -> list[str]:
        found = [fault.part for fault in store.faults.all()]
        for part in found:
            store.faults.clear(part)
        return found

    return await post.runtime.write(mended)


@injects("drawers")
async def test_each_message_that_cannot_be_drawn_again_goes_as_it_was_written_and_the_next_one_is_drawn(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post.bind("risks", "C1")
    for number, (name, following) in enumerate(each_with_next(catalogue.drawers)):
        with monkeypatch.context() as patch:
            for drawer, function in ((name, breaks), (following, _drawn)):
                patch.setitem(catalogue.drawers, drawer, replace(catalogue.drawers[drawer], function=function))
                await post.queue(title="As it was written", draws=f"{drawer} 2026-11-23 x")
            await post.round(seconds=125)
            await post.round(seconds=2)
        titles = [row.card.title for _, row in post.wire.asked[2 * number :] if row.card]
        assert titles == ["As it was written", "Drawn again"], name
        assert await _set_aside(post) == [f"drawing {name}"]


def _drawn(_context: Context, *_words: str) -> Card:
    return Card("Drawn again")
