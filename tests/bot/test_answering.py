"""Answering: what a request gets back where there is nothing to do, and where a form cannot open."""

import pytest

from bot.inbound import Answered, Gesture, Inbound, Pressed, Typed
from handlers.kit.messages import Buttons
from handlers.kit.plain import plain
from tests.bot.postroom import Post


async def answer(post: Post, what: Gesture, *, opens_forms: bool = True) -> Answered:
    outcome = await post.runtime.handle(Inbound("say", "sam", what, opens_forms=opens_forms))
    assert isinstance(outcome, Answered)
    return outcome


@pytest.mark.parametrize(
    ("what", "ok", "words"),
    [
        (Typed("help"), True, "risk"),
        (Typed("help risk"), True, "What could go wrong"),
        (Typed("rsk add Dam"), False, "Did you mean one of these?"),
        (Typed("xyzzy"), False, '"xyzzy" is not a command.'),
        (Pressed("risk.abolished", "R-1"), False, "This button is from an older version"),
    ],
)
async def test_only_help_is_an_answer_to_what_is_no_command(post: Post, what: Gesture, ok: bool, words: str) -> None:
    told = await answer(post, what)
    assert told.card
    assert (told.ok, words in plain(told.card)) == (ok, True)
    assert post.runtime.counted == {("say", "ok" if ok else "refused"): 1}


@pytest.mark.parametrize(
    ("line", "ok", "words"),
    [
        ("risk add", True, "Still needed:"),
        ("risk add Flood; likelihood 9; impact 2", False, "not on the scale"),
    ],
)
async def test_where_no_form_can_open_a_button_opens_it_and_a_mistake_is_a_refusal(
    post: Post, line: str, ok: bool, words: str
) -> None:
    told = await answer(post, Typed(line), opens_forms=False)
    assert told.card
    assert (told.ok, words in plain(told.card)) == (ok, True)
    [opens] = [button for word in told.card.body if isinstance(word, Buttons) for button in word.buttons]
    assert (opens.label, opens.action, opens.style) == ("Fill in", "fill-in", "primary")
