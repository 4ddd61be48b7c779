"""From a message: where no form can open at once, the text and the link wait behind a button."""

from bot.inbound import Answered, Asking, FromMessage, Inbound, Pressed, Submitted
from handlers.kit.messages import Buttons
from tests.chat.desk import DeskChat

LINK = "https://riverton.slack.com/archives/C1/p1"


async def test_text_and_link_wait_behind_a_button_where_no_form_opens(desk_chat: DeskChat) -> None:
    runtime = desk_chat.bot.application.runtime
    told = await runtime.handle(
        Inbound("say", "sam", FromMessage("risk add", "Dam gate stuck", LINK), opens_forms=False)
    )
    assert isinstance(told, Answered)
    assert told.card is not None
    [button] = [one for word in told.card.body if isinstance(word, Buttons) for one in word.buttons]
    asking = await runtime.handle(Inbound("say", "sam", Pressed(button.action, button.value)))
    assert isinstance(asking, Asking)
    filled = {**asking.page.values, "likelihood": "2", "impact": "3"}
    done = await runtime.handle(Inbound("say", "sam", Submitted(asking.page.target, asking.page.nonce, filled)))
    assert isinstance(done, Answered)
    risk = await runtime.read(lambda store: store.risks.find("R-1"))
    assert (risk.title, risk.source) == ("Dam gate stuck", LINK)


async def test_a_link_that_is_none_is_not_kept(desk_chat: DeskChat) -> None:
    runtime = desk_chat.bot.application.runtime
    values = {"title": "Dam gate stuck", "likelihood": "2", "impact": "3"}
    await runtime.handle(Inbound("say", "sam", Submitted("risk add|javascript:alert(1)", "n1", values)))
    assert (await runtime.read(lambda store: store.risks.find("R-1"))).source is None
