"""Quoted: what people read in a message, out of the HTML that Teams carries it as."""

import pytest

from bot.teams.quoted import plain_text

MENTIONED = {"0": "olga", "1": "olga", "2": "sam"}


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<div><div>Dam gate</div>\n</div>", "Dam gate"),
        ("<p>Dam gate</p><p>is stuck</p>", "Dam gate\n\nis stuck"),
        ("Dam gate<br>is&nbsp;stuck &amp; &lt;wet&gt;", "Dam gate\nis stuck & <wet>"),
        ("<p>Look:</p><ul><li>gate</li><li>weir</li></ul>", "Look:\n\n- gate\n\n- weir"),
        ("<table><tr><td>gate</td><td>stuck</td></tr><tr><td>weir</td></tr></table>", "gate stuck\n\nweir"),
        ('Ask <at id="0">Olga</at>&nbsp;<at id="1">Brandt</at> soon', "Ask @Olga Brandt soon"),
        ('<at id="0">Olga Brandt</at> <at id="2">Sam</at>', "@Olga Brandt @Sam"),
        ('<at id="0">Olga</at> and <at id="1">Olga</at>', "@Olga and @Olga"),
        ("<at>Nobody</at>, <at id='9'>Nobody</at>", "@Nobody, @Nobody"),
        ('<a href="https://x.example/a">the report</a>', "the report (https://x.example/a)"),
        ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
        ('<a href="mailto:sam@x.example">Sam</a>, <a href="javascript:alert(1)">here</a>', "Sam, here"),
        ('Wet <emoji id="rain" alt="\u2614" title="Rain"></emoji>', "Wet \u2614"),
        ('Wet <img itemtype="http://schema.skype.com/Emoji" alt="\u2614" src="x">', "Wet \u2614"),
        ('<img alt="image" src="https://x.example/dam.png">', ""),
        ('<attachment id="1"></attachment><p>Yes</p>', "Yes"),
        ("a < b & c", "a < b & c"),
        ("", ""),
    ],
)
def test_the_words_are_those_that_people_read(markup: str, words: str) -> None:
    assert plain_text(markup, MENTIONED) == words


def test_tags_within_tags_are_read_however_many_there_are() -> None:
    assert plain_text("<div>" * 20_000 + "Dam" + "</div>" * 20_000, {}) == "Dam"
