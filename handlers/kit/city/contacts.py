"""Contacts: whom to call when chat is not enough, by contacts.toml."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from handlers.kit.city.crisis import Name
from handlers.kit.city.fact import Address, Fact, Id
from handlers.kit.telephone import one_number

Number = Annotated[str, Field(max_length=40), AfterValidator(one_number)]


class Contact(Fact):
    """Somebody to call: one of our people (``person``), or somebody outside (``name``).

    ``quick`` puts them into the quick reference; ``confirmed`` is when the number was last known to be right.
    """

    DIFFER = ("id",)  # somebody outside may be called for two things

    id: Id
    role: Name
    phone: Number
    person: Id | None = None
    name: Name | None = None
    email: Address | None = None
    confirmed: date | None = None
    quick: bool = False

    @model_validator(mode="after")
    def _is_somebody(self) -> Self:
        who = "person = an id of people.toml, or name = somebody outside"
        if self.person is None and self.name is None:
            raise ValueError(f"say who it is: {who}")
        if self.person is not None and self.name is not None:
            raise ValueError(f"it has both a person and a name; leave one: {who}")
        return self


class ContactFacts(Fact):
    """The number to call first where somebody is in danger (``emergency``), and the contacts, in the order of the phone
    tree."""

    emergency: Number | None = None
    contact: tuple[Contact, ...] = ()
