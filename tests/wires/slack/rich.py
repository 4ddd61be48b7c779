"""Rich text: the grammar of rich_text and table blocks."""

from .shapes import Check, anything, boolean, listed, matching, one_of, shape, string, typed, whole

MARKS: dict[str, Check] = dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean)
STYLE = shape({}, MARKS)
STYLED: dict[str, Check] = {"style": STYLE}
NAMED = string(255, 1)


def inline(optional: dict[str, Check] | None = None, **required: Check) -> Check:
    """One run of a line."""
    return shape({"type": anything, **required}, {**STYLED, **(optional or {})})


RUNS = typed(
    {
        "text": inline(text=string(12_000, 1)),
        "link": inline({"text": string(3000), "unsafe": boolean}, url=string(3000, 1)),
        "user": inline(user_id=NAMED),
        "usergroup": inline(usergroup_id=NAMED),
        "channel": inline(channel_id=NAMED),
        "emoji": inline({"unicode": string(255), "skin_tone": whole(1, 6)}, name=NAMED),
        "date": inline(
            {"url": string(3000), "fallback": string(3000)},
            timestamp=whole(0, 9_999_999_999),
            format=string(3000, 1),
        ),
        "broadcast": inline(range=one_of("here", "channel", "everyone")),
        "color": inline(value=matching("#[0-9A-Fa-f]{6}")),
        "team": inline(team_id=NAMED),
    }
)
LINE: dict[str, Check] = {"type": anything, "elements": listed(RUNS, 1000, 0)}
SECTION = shape(LINE)
PARTS = typed(
    {
        "rich_text_section": SECTION,
        "rich_text_preformatted": shape(LINE, {"border": whole(0, 1), "language": string(255)}),
        "rich_text_quote": shape(LINE, {"border": whole(0, 1)}),
        "rich_text_list": shape(
            {
                "type": anything,
                "style": one_of("bullet", "ordered"),
                "elements": listed(typed({"rich_text_section": SECTION}), 1000),
            },
            {"indent": whole(0, 8), "offset": whole(0, 100_000), "border": whole(0, 1)},
        ),
    }
)
RICH_TEXT = shape({"type": anything, "elements": listed(PARTS, 1000)}, {"block_id": string(255, 1)})

CELL = typed({"raw_text": shape({"type": anything, "text": string(3000, 1)}), "rich_text": RICH_TEXT})
COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
TABLE = shape(
    {"type": anything, "rows": listed(listed(CELL, 20), 100)},
    {"block_id": string(255, 1), "column_settings": listed(COLUMN, 20)},
)
