"""Grammar: one typed line into the fields of a form.

``Server room floods; likelihood 4; impact 5; owner @sam; review friday``: the first part is the first field, then
``name value`` or ``name: value`` in any order. Double quotes, straight or curly, protect a semicolon. Phones turn
hyphens into long dashes and quotes into curly ones: both are understood, and neither is changed in what is kept.
Where the first field is a long text, a part that names no field goes on with the text. Where it is no text at all, the
names of the fields cut the line as well: ``from friday to 2027-01-04 deputy @sam``.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from functools import cache

from handlers.kit.errors import FieldErrors
from handlers.kit.forms import Question

_QUOTED = re.compile(
    r'(?<![^\s:=\u2013\u2014])["\u201c\u201d\u201e]([^"\u201c\u201d\u201e]*)["\u201c\u201d](?=\s*(?:;|$))'
)
_QUOTED_OR_CUT = re.compile(f"{_QUOTED.pattern}|;")
_NAME = re.compile(r"([^\W\d_]+)(?:[ ]*[:=\u2013\u2014][ ]*|\s+)(.+)", re.DOTALL)


def parse_line(line: str, questions: Sequence[Question]) -> dict[str, str]:
    """What a line says, by field name, still as typed; raises FieldErrors naming the part that fits no field."""
    if not line.strip() or not questions:
        return {}
    wordy = questions[0].kind in ("text", "long_text")
    first, *others = _parts(line) if wordy else [cut for part in _parts(line) for cut in _at_names(part, questions)]
    if not first and others and others[0] and _named(others[0], questions) is None:
        first, *others = others  # somebody put a semicolon behind the command
    values = _first(first, questions, wordy=wordy)
    for part in filter(None, others):
        _add(values, part, questions)
    return values


def quoted(text: str) -> str:
    """A value as it stands in a line: in quotes where it has a semicolon."""
    return f'"{text.replace(chr(34), chr(39))}"' if ";" in text else text


def written_line(values: Mapping[str, str], questions: Sequence[Question]) -> str:
    """The line that gives a form these values; what is only asked in private stays out."""
    text = values.get(questions[0].name, "")
    first = f'"{text}"' if _explicit(text) and '"' not in text else quoted(text)
    named = [question for question in questions[1:] if values.get(question.name) and not question.private]
    others = [f"{question.name.replace('_', ' ')} {quoted(values[question.name])}" for question in named]
    return "; ".join([first, *others]).strip()


def gives_all(values: Mapping[str, str], questions: Sequence[Question]) -> bool:
    """Whether a line says all that is needed, which may be nothing."""
    return all(values.get(question.name) for question in questions if question.required)


def _first(part: str, questions: Sequence[Question], *, wordy: bool) -> dict[str, str]:
    """What the first part says: the first field, when it does not name another."""
    named = _named(part, questions) if _explicit(part) or not wordy else None
    if named is not None:
        return dict([named])
    first = _whom(questions) if part.startswith("@") and not wordy else questions[0]
    return {first.name: _unquoted(part)} if part else {}


def _whom(questions: Sequence[Question]) -> Question:
    """The field that a person fills who stands first in a line: the first one, where it asks for none the one that
    does."""
    persons = [question for question in questions if question.kind == "person"]
    about = [question for question in persons if question.name == "person"] or persons
    return about[0] if len(about) == 1 and questions[0].kind != "person" else questions[0]


def _add(values: dict[str, str], part: str, questions: Sequence[Question]) -> None:
    """Take a later part into the values; raises FieldErrors."""
    first, named = questions[0], _named(part, questions)
    if named is None and first.kind == "long_text" and not _nearest(part, questions):
        values[first.name] = f"{values.get(first.name, '')}; {part}"
        return
    if named is None:
        raise FieldErrors({first.name: _not_understood(part, questions)})
    if named[0] in values:
        spoken = named[0].replace("_", " ")
        raise FieldErrors({named[0]: f'"{spoken}" is given twice. Write it once.'})
    values[named[0]] = named[1]


def without_private(line: str, questions: Sequence[Question]) -> str:
    """A line without what it gives for fields that are only asked in private."""
    private = {question.name for question in questions if question.private}
    named = [(part, _named(part, questions)) for part in _parts(line)]
    return "; ".join(part for part, field in named if field is None or field[0] not in private)


def _parts(line: str) -> list[str]:
    """The line cut at its semicolons, except those inside quotes."""
    cuts = [found.start() for found in _QUOTED_OR_CUT.finditer(line) if found[0] == ";"]
    begins, ends = [0, *(cut + 1 for cut in cuts)], [*cuts, len(line)]
    return [line[begin:end].strip() for begin, end in zip(begins, ends, strict=True)]


def _at_names(part: str, questions: Sequence[Question]) -> list[str]:
    """A part cut in front of each field's name, or of its first word; from the first text on it stays whole."""
    words = dict.fromkeys(
        word for question in questions for word in (_spoken(question.name), question.name.split("_")[0])
    )
    names = "|".join(sorted(words, key=len, reverse=True))  # the longest first, as it may hold a shorter one
    wordy = {question.name for question in questions if question.kind in ("text", "long_text")}
    begins = [0]
    for cut in re.finditer(rf"(?:^|\s+)({names})(?=\s|[:=])", part, flags=re.IGNORECASE):
        if (named := _named(part[begins[-1] : cut.start(1)].strip(), questions)) and named[0] in wordy:
            break
        begins.append(cut.start(1))
    cuts = [part[begin:end].strip() for begin, end in zip(begins, [*begins[1:], len(part)], strict=True)]
    return [cut for cut in cuts if cut] or [""]


def _spoken(field: str) -> str:
    """A pattern for a field's name, however it is written."""
    return field.replace("_", "[ _-]")


def _unquoted(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    return quoted[1] if quoted else text


def _explicit(part: str) -> bool:
    """Whether a first part names its field beyond doubt (``title: ...``)."""
    return bool(re.match(r"[^\W\d_]+:", part))


def _named(part: str, questions: Sequence[Question]) -> tuple[str, str] | None:
    """The field and the value of ``name value``; a field answers to its name or the beginning of it."""
    begins = part[:1].lower()
    for question in questions:
        if begins == question.name[0] and (whole := _given(question.name).match(part)):
            return question.name, _unquoted(whole[1].strip())
    if (name := _NAME.match(part)) is None:
        return None
    begun = [question.name for question in questions if question.name.startswith(name[1].lower())]
    return (begun[0], _unquoted(name[2].strip())) if len(begun) == 1 else None


@cache
def _given(field: str) -> re.Pattern[str]:
    """``field value`` or ``field: value``, however the field's name is written."""
    return re.compile(rf"(?:{_spoken(field)})(?:\s*[:=\u2013\u2014]\s*|\s+)(.+)", re.DOTALL | re.IGNORECASE)


def _nearest(part: str, questions: Sequence[Question]) -> str | None:
    """The field that somebody may have meant with the first word of a part."""
    names = [question.name.replace("_", " ") for question in questions]
    near = difflib.get_close_matches(part.split()[0].lower(), names, n=1)
    return near[0] if near else None


def _not_understood(part: str, questions: Sequence[Question]) -> str:
    names = ", ".join(question.name.replace("_", " ") for question in questions)
    near = _nearest(part, questions)
    hint = f' Did you mean "{near}"?' if near else ""
    way = "If a text has a semicolon in it, put the whole text in quotes."
    return f"I do not understand “{part}”.{hint} After a semicolon write one of: {names}. {way}"
