"""Payloads of Teams: what people wrote is read as they wrote it."""

from typing import Any

import pytest

from bot.inbound import Pressed, Submitted, Typed
from bot.teams import payloads as heard

BOT = {"id": "28:bot", "name": "OpsBot"}


def mention(text: str, who: dict[str, str]) -> dict[str, Any]:
    return {"type": "mention", "text": text, "mentioned": who}


def activity(text: Any = "", *entities: Any, **more: Any) -> dict[str, Any]:
    return {
        "type": "message", "id": "1", "serviceUrl": "https://smba.example/emea/", "channelId": "msteams",
        "from": {"id": "29:1sam", "aadObjectId": "aad-sam"}, "recipient": BOT, "text": text, "entities": list(entities),
        "conversation": {"id": "19:x@thread.tacv2;messageid=1", "conversationType": "channel"}, **more,
    }  # fmt: skip


ME = mention("<at>OpsBot</at>", BOT)
OTHER = mention("<at>Other</at>", {"id": "28:other", "name": "Other"})
SAM = mention("<at>Sam</at>", {"id": "29:1-s_m", "name": "Sam"})


@pytest.mark.parametrize(
    ("text", "entities", "words"),
    [
        ("<at>OpsBot</at> risk list", [ME], "risk list"),
        ("<at>OpsBot</at>&nbsp;risk list", [ME], "risk list"),
        ("<at>OpsBot</at>,  /risk\u00a0 list \n", [ME], "/risk list"),
        ("risk list <at>OpsBot</at>", [ME], "risk list"),
        ('<at id="0">OpsBot</at> risk list', [mention('<at id="0">OpsBot</at>', BOT)], "risk list"),
        ("<at>OpsBot</at> who is <at>OpsBot</at>", [ME, ME], "who is @OpsBot"),
        ("<at>OpsBot</at> who is OpsBot", [ME], "who is OpsBot"),
        ("<at>OpsBot</at>&nbsp;<at>OpsBot</at>, risk list", [ME, ME], "risk list"),
        ("<at>Other</at> <at>OpsBot</at> risk list", [OTHER, ME], "@Other risk list"),
        ("<at>OpsBot</at> risk add x; owner <at>Sam</at>", [ME, SAM], "risk add x; owner @teams:29:1-s_m"),
        ("<at>OpsBot</at> ask <at>Sam</at>.", [SAM, ME], "ask @teams:29:1-s_m ."),
        ("<at>OpsBot</at> ask <at>Sam</at>", [ME], "ask @Sam"),
        ("<at>OpsBot</at> a &lt;b&gt; &amp; &quot;c&quot;", [ME], 'a <b> & "c"'),
        ("&lt;at&gt;OpsBot&lt;/at&gt;", [], "<at>OpsBot</at>"),
        ("one\r\ntwo  three", [], "one\ntwo three"),
        (None, [None, 7, {}, {"type": "mention"}], ""),
    ],
)
def test_the_words_come_without_the_bots_own_name(text: Any, entities: list[Any], words: str) -> None:
    assert heard.said(activity(text, *entities)) == words


QUOTED = (
    '<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="17"><strong itemprop="mri">Maria</strong>'
    '<span itemprop="time"></span><p itemprop="preview">/risk close R-1</p></blockquote>'
)
CALLED = '<span itemscope itemtype="http://schema.skype.com/Mention" itemid="0">OpsBot</span>'


@pytest.mark.parametrize(
    ("text", "more", "words"),
    [
        ("<p><at>OpsBot</at>&nbsp;risk add a &lt; b &amp; c</p>", {"textFormat": "xml"}, "risk add a < b & c"),
        ('<div><at id="0">OpsBot</at> one<br>two</div>', {"textFormat": "xml"}, "one\ntwo"),
        ('<attachment id="17"></attachment> <at>OpsBot</at> risk list', {}, "risk list"),
        (
            "Maria\r\n/risk close R-1\r\n\r\n<at>OpsBot</at> risk add 1 &lt; 2",
            {
                "attachments": [
                    {"contentType": "text/html", "content": f"{QUOTED}<p>{CALLED}&nbsp;risk add 1 &lt; 2</p>"}
                ]
            },
            "risk add 1 < 2",
        ),
        (
            "<at>OpsBot</at> risk list",
            {"attachments": [{"contentType": "text/html", "content": "<p>as it looks</p>"}, 7]},
            "risk list",
        ),
    ],
)
def test_what_came_as_markup_or_with_a_quote_is_read_as_it_was_typed(
    text: str, more: dict[str, Any], words: str
) -> None:
    assert (
        heard.said(activity(text, mention("<at>OpsBot</at>", BOT), mention('<at id="0">OpsBot</at>', BOT), **more))
        == words
    )


def test_two_people_of_one_name_stay_two() -> None:
    first, second = mention("<at>Sam</at>", {"id": "29:1"}), mention("<at>Sam</at>", {"id": "29:2"})
    assert heard.said(activity("<at>Sam</at> and <at>Sam</at>", first, second)) == "@teams:29:1 and @teams:29:2"


def test_a_message_knows_where_it_was_said() -> None:
    inbound = heard.message(activity("risk list"))
    assert inbound is not None
    assert inbound.what == Typed("risk list", message="teams:19:x@thread.tacv2/1")
    assert (inbound.account, inbound.channel, inbound.private) == ("aad-sam", "19:x@thread.tacv2", False)
    assert (inbound.key, inbound.opens_forms, inbound.inline) == ("19:x@thread.tacv2;messageid=1/1", False, False)
    assert inbound.reply is not None
    assert inbound.reply["conversation"] == "19:x@thread.tacv2;messageid=1"


def test_the_same_id_in_another_conversation_is_another_message() -> None:
    here, there = heard.message(activity("a")), heard.message(activity("a", conversation={"id": "19:y"}))
    assert here is not None
    assert there is not None
    assert here.once != there.once


def test_who_has_no_id_in_the_tenant_goes_by_the_one_for_this_bot() -> None:
    inbound = heard.message(activity("a", **{"from": {"id": "29:1sam"}}))
    assert inbound is not None
    assert inbound.account == "29:1sam"


def test_submit_and_execute_say_the_same() -> None:
    data = {"cityops": {"action": "risk.show", "value": "R-1"}}
    submit = heard.message(activity(None, value=data))
    execute = heard.invoke(activity(None, name="adaptiveCard/action", value={"action": {"data": data}}))
    dialog = heard.invoke(activity(None, name="task/fetch", value={"data": data}))
    assert submit is not None
    assert execute is not None
    assert dialog is not None
    assert submit.what == execute.what == dialog.what == Pressed("risk.show", "R-1")
    assert (submit.inline, execute.inline, dialog.inline) == (False, True, True)


def test_a_form_is_known_by_its_nonce_whatever_brings_it() -> None:
    data = {"cityops": {"target": "risk add", "nonce": "n1"}, "title": "Dam"}
    first = heard.message(activity(None, value=data))
    second = heard.message(activity(None, value=data, id="2"))
    assert first is not None
    assert second is not None
    assert first.what == Submitted("risk add", "n1", {"title": "Dam"})
    assert first.once == second.once


IMAGE = {"contentType": "image/jpeg", "contentUrl": "https://smba.example/v3/attachments/1/views/original"}
SHARED = {"contentType": "reference", "name": "gate.docx", "contentUrl": "https://city.sharepoint.example/gate.docx"}
PAGE = {"contentType": "text/html", "content": "<p>risk list</p>"}


@pytest.mark.parametrize(
    ("parts", "more", "files", "link"),
    [
        ([PAGE], {}, (), None),
        ([PAGE, IMAGE], {}, ("The picture",), None),
        ([IMAGE, SHARED], {}, ("The picture", "gate.docx"), SHARED["contentUrl"]),
        (
            [IMAGE],
            {"channelData": {"team": {"id": "19:t"}}},
            ("The picture",),
            "https://teams.microsoft.com/l/message/19%3Ax%40thread.tacv2/1",
        ),
        (7, {}, (), None),
    ],
)
def test_what_is_sent_along_is_named_with_a_link_where_others_can_open_one(
    parts: Any, more: dict[str, Any], files: tuple[str, ...], link: str | None
) -> None:
    inbound = heard.message(activity("risk list", attachments=parts, **more))
    assert inbound is not None
    assert inbound.what == Typed("risk list", files, link, "teams:19:x@thread.tacv2/1")
