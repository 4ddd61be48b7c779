"""Rendering: each kind of part of a card as HTML, in which nothing that people write becomes markup."""

import hashlib

from bs4 import BeautifulSoup

from bot.desk.render import render, render_word
from handlers.kit.figures import Figure, Figures, Progress
from handlers.kit.inline import Channel, Link, Mention, Status
from handlers.kit.messages import (
    Button,
    Buttons,
    Card,
    Check,
    Checks,
    Facts,
    File,
    Fold,
    Heading,
    Items,
    Note,
    Picture,
    Row,
    Table,
    Text,
)
from tests.bot.desk.html import text_of

EVIL = "<script>alert(1)</script>\" onclick=x '&"
ATTRIBUTES = {
    "class", "href", "rel", "target", "type", "data-action", "data-value", "data-confirm", "aria-label", "role",
    "tabindex", "scope", "src", "alt", "download",
}  # fmt: skip


def test_a_card_is_its_title_and_its_words() -> None:
    assert render(Card("R-1", Text("Dam"))) == '<div class="card"><h3>R-1</h3><p class="text">Dam</p></div>'


def test_a_card_without_a_title_has_no_empty_heading() -> None:
    assert render(Card("", Text("hello"))) == '<div class="card"><p class="text">hello</p></div>'


def test_a_card_says_how_bad_it_is_in_its_title() -> None:
    assert render(Card("R-1", status=Status("critical", "Extreme"))) == (
        '<div class="card critical"><h3>R-1 <span class="chip critical">Extreme</span></h3></div>'
    )


def test_a_heading_stands_above_what_it_names() -> None:
    assert render_word(Heading("Waiting for you")) == "<h4>Waiting for you</h4>"


def test_figures_are_tiles() -> None:
    figures = Figures(
        Figure(label="open", value="11"), Figure(label="late", value="3", status=Status("warning", "Late"))
    )
    assert render_word(figures) == (
        '<dl class="tiles"><div><dt>open</dt><dd>11</dd></div>'
        '<div class="warning"><dt>late</dt><dd>3 <span class="chip warning">Late</span></dd></div></dl>'
    )


def test_progress_is_said_and_drawn() -> None:
    assert render_word(Progress("Steps done", 5, 8)) == (
        '<p class="progress"><span>Steps done: 5 of 8</span>'
        '<progress value="5" max="8" aria-label="Steps done"></progress></p>'
    )


def test_a_fold_opens_in_the_browser() -> None:
    assert render_word(Fold("The log", Text("Pumps on"), button=Button("The log", "a"))) == (
        '<details class="fold"><summary>The log</summary><p class="text">Pumps on</p></details>'
    )


def test_a_place_leads_to_its_channel() -> None:
    assert render_word(Text("In ", Channel("parks", "#parks"))) == (
        '<p class="text">In <a href="/?in=parks" data-place="parks">#parks</a></p>'
    )


def test_a_line_names_people_and_leads_to_addresses() -> None:
    line = Text("See ", Link("the map", "https://example.org/?a=1&b=2"), ", ", Mention("sam", "Sam Rivers"))
    assert render_word(line) == (
        '<p class="text">See <a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer" '
        'target="_blank">the map</a>, <span class="mention">Sam Rivers</span></p>'
    )


def test_a_note_is_quieter() -> None:
    assert render_word(Note("by Sam")) == '<p class="note">by Sam</p>'


def test_line_breaks_stay() -> None:
    assert render_word(Text("one\ntwo")) == '<p class="text">one\ntwo</p>'


def test_a_row_has_its_button_beside_it_named_after_its_line() -> None:
    assert render_word(Row("R-1 Dam", Button("Show", "risk.show", "R-1"))) == (
        '<div class="row"><p class="text">R-1 Dam</p><button type="button" class="plain" data-action="risk.show" '
        'data-value="R-1" aria-label="Show: R-1 Dam">Show</button></div>'
    )


def test_several_buttons_of_a_line_are_named_after_it_too() -> None:
    assert render_word(Buttons(Button("Done", "step.done", "1"), about="Pumps")) == (
        '<div class="buttons"><button type="button" class="plain" data-action="step.done" data-value="1" '
        'aria-label="Done: Pumps">Done</button></div>'
    )


def test_facts_are_a_description_list() -> None:
    assert render_word(Facts(("Score", "20"), ("Owner", Mention("sam", "Sam")))) == (
        "<dl><div><dt>Score</dt><dd>20</dd></div>"
        '<div><dt>Owner</dt><dd><span class="mention">Sam</span></dd></div></dl>'
    )


def test_items_are_a_list() -> None:
    assert render_word(Items("one", "two")) == '<ul class="items"><li>one</li><li>two</li></ul>'


def test_a_table_has_heads_and_can_be_scrolled_by_keyboard() -> None:
    assert render_word(Table(columns=("Place", "For"), rows=(("ops", "today"),))) == (
        '<div class="wide" role="region" aria-label="Table: Place, For" tabindex="0"><table>'
        '<thead><tr><th scope="col">Place</th><th scope="col">For</th></tr></thead>'
        '<tbody><tr><th scope="row">ops</th><td>today</td></tr></tbody></table></div>'
    )


def test_checks_say_their_state_in_words() -> None:
    checks = Checks(Check(label="Lamps", done=True), Check(label="Pumps", button=Button("Done", "tick", "2")))
    assert render_word(checks) == (
        '<ul class="checks"><li class="done"><span class="state">Done</span><span class="text">Lamps</span></li>'
        '<li class="open"><span class="state">Open</span><span class="text">Pumps</span>'
        '<button type="button" class="plain" data-action="tick" data-value="2" aria-label="Done: Pumps">Done</button>'
        "</li></ul>"
    )


def test_buttons_carry_their_action_and_their_question() -> None:
    buttons = Buttons(Button("Withdraw", "risk.withdraw", "R-1", confirm="Really?", style="danger"))
    assert render_word(buttons) == (
        '<div class="buttons"><button type="button" class="danger" data-action="risk.withdraw" data-value="R-1" '
        'data-confirm="Really?">Withdraw</button></div>'
    )


def test_a_picture_is_inline_and_says_what_it_means() -> None:
    assert render_word(Picture(data=b"png", alt="Risks by score")) == (
        '<img src="data:image/png;base64,cG5n" alt="Risks by score">'
    )


ID = hashlib.sha256(b"risks 23.csv\0a,b").hexdigest()


def test_a_file_is_saved_and_never_run() -> None:
    assert render_word(File(name="risks 23.csv", data=b"a,b")) == (
        f'<p class="file"><a href="/desk/files/{ID}/risks%2023.csv" target="_blank" rel="noopener">'
        "Save risks 23.csv</a></p>"
    )


def test_nothing_that_people_write_becomes_markup() -> None:
    button = Button(EVIL, "act", EVIL, confirm=EVIL)
    card = Card(
        EVIL,
        Text(EVIL, Mention(EVIL, EVIL), Link(EVIL, f"https://example.org/{EVIL}")),
        Note(EVIL),
        Row(EVIL, button),
        Facts((EVIL, EVIL)),
        Items(EVIL),
        Table(columns=(EVIL,), rows=((EVIL,),)),
        Checks(Check(label=EVIL, button=button)),
        Buttons(button),
        Picture(data=b"", alt=EVIL),
        File(name=EVIL, data=b""),
    )
    page = BeautifulSoup(render(card), "html.parser")
    assert page.select("script") == []
    assert {name for tag in page.find_all(True) for name in tag.attrs} <= ATTRIBUTES
    assert text_of(page, "h3") == EVIL
