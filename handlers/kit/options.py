"""Options: what a question offers, and which of it somebody means."""

from collections.abc import Sequence

from handlers.kit.alike import alike

Offered = Sequence[tuple[str, str]]  # (value, what people read)


def meant(options: Offered, value: str) -> str | None:
    """The one option that somebody means by its value, its label or the beginning of either."""
    wanted = alike(value)
    same = [value for value, _ in options if alike(value) == wanted] or [
        value for value, label in options if alike(label) == wanted
    ]
    begun = [names[0] for names in options if any(alike(name).startswith(wanted) for name in names)]
    found = same or begun
    return found[0] if wanted and len(found) == 1 else None


def chosen(options: Offered, value: str) -> str:
    """Its value; raises ValueError with what is offered where none is meant."""
    found = meant(options, value)
    if found is None:
        raise ValueError(no_option(options, value))
    return found


def no_option(options: Offered, value: str) -> str:
    """The sentence for a value that is not offered."""
    return f'"{value}" is not one of: {", ".join(label for _, label in options)}.'
