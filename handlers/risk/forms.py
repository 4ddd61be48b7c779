"""Risk forms: what is asked about a risk, and the form filled in from a risk."""

from collections.abc import Mapping
from datetime import date

from handlers.kit.context import Context
from handlers.kit.errors import FieldErrors
from handlers.kit.forms import TEXT_LIMIT, Date, Form, Level, PersonId, Reference, ask
from handlers.kit.here import not_past
from handlers.risk.record import (
    CONFIDENCE,
    categories,
    departments,
    impact_range,
    impacts,
    likelihood_range,
    likelihoods,
)
from storage.risk.records import LONGEST_TITLE, Risk

DETAILS = 4000  # characters in a typed line; a form's field takes 3,000
REF = "Its reference, such as R-1"


# Questions that several of the forms share. Pydantic copies a field for each model that declares it.
TITLE, LIKELY, BAD = "What could happen?", "How likely, if nothing is done?", "How bad, if nothing is done?"
LIKELY_AFTER = ask("How likely, after treatment?", default=None, scale=likelihoods, hint=likelihood_range)
BAD_AFTER = ask("How bad, after treatment?", default=None, scale=impacts, hint=impact_range)
OWNER = ask("Who looks after it?", default=None)
REVIEW_ON = ask("Look at it again on", default=None, hint="friday or 2026-12-01; left empty: as its level requires")
CATEGORY = ask("What is it about?", default=None, options=categories, said=lambda city: city.words.risk_categories)
IN_DEPARTMENT = ask("Which department does it concern?", default=None, options=departments)
SURE = ask("How sure are you of the score?", default=None, options=CONFIDENCE)
MORE = ask("More about it", default=None, max_length=DETAILS, long=True)


class NewRisk(Form):
    title: str = ask(TITLE, max_length=LONGEST_TITLE)
    likelihood: Level = ask("How likely? (1 to 5)", scale=likelihoods, hint=likelihood_range)
    impact: Level = ask("How bad? (1 to 5)", scale=impacts, hint=impact_range)
    owner: PersonId | None = OWNER
    review_on: Date | None = REVIEW_ON
    category: str | None = CATEGORY
    department: str | None = IN_DEPARTMENT
    confidence: str | None = SURE
    details: str | None = MORE
    came_from: str | None = ask(
        "Does it come from another record?", default=None, max_length=60, hint="F-1 or CR-2026-01"
    )


class OneRisk(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)


class RiskFields(Form):
    title: str | None = ask(TITLE, default=None, max_length=LONGEST_TITLE)
    likelihood: Level | None = ask(LIKELY, default=None, scale=likelihoods, hint=likelihood_range)
    impact: Level | None = ask(BAD, default=None, scale=impacts, hint=impact_range)
    residual_likelihood: Level | None = LIKELY_AFTER
    residual_impact: Level | None = BAD_AFTER
    owner: PersonId | None = OWNER
    review_on: Date | None = REVIEW_ON
    category: str | None = CATEGORY
    department: str | None = IN_DEPARTMENT
    confidence: str | None = SURE
    details: str | None = MORE


class ChangedRisk(RiskFields):
    title: str = ask(TITLE, max_length=LONGEST_TITLE)
    likelihood: Level = ask(LIKELY, scale=likelihoods, hint=likelihood_range)
    impact: Level = ask(BAD, scale=impacts, hint=impact_range)


class UpdatedRisk(RiskFields, OneRisk):
    """The changes typed in a line: what the line does not name stays as it is."""


def as_typed(risk: Risk) -> Mapping[str, str]:
    """A risk's values as they would be typed. Details too long for a form's field are left out; a field left empty
    keeps them (see :func:`kept_details`)."""
    details = risk.details or ""
    return {
        "title": risk.title,
        "likelihood": str(risk.likelihood),
        "impact": str(risk.impact),
        "residual_likelihood": str(risk.residual_likelihood or ""),
        "residual_impact": str(risk.residual_impact or ""),
        "owner": f"@{risk.owner}" if risk.owner else "",
        "review_on": risk.review_on.isoformat() if risk.review_on else "",
        "category": risk.category or "",
        "department": risk.department or "",
        "confidence": risk.confidence or "",
        "details": details if len(details) <= TEXT_LIMIT else "",
    }


def kept_details(before: Risk, details: str | None) -> str | None:
    """The details after a form was filled in; details that were too long for its field are kept."""
    return before.details if details is None and len(before.details or "") > TEXT_LIMIT else details


def check_review(context: Context, wanted: date | None, before: date | None = None) -> None:
    """Raise FieldErrors for a day in the past, unless it was already set."""
    if wanted and wanted != before:
        not_past(context, "review_on", wanted)


def check_residual(risk: Risk) -> None:
    """Raise FieldErrors when only half of the score after treatment is given, or it is higher than the score before."""
    likelihood, impact = risk.residual_likelihood, risk.residual_impact
    if (likelihood is None) != (impact is None):
        missing = "residual_likelihood" if likelihood is None else "residual_impact"
        raise FieldErrors({missing: "Say both how likely and how bad it is after treatment, or neither."})
    if likelihood is not None and likelihood > risk.likelihood:
        sentence = f"Treatment makes nothing likelier: at most {risk.likelihood}. Or raise the likelihood itself."
        raise FieldErrors({"residual_likelihood": sentence})
    if impact is not None and impact > risk.impact:
        sentence = f"Treatment makes nothing worse: at most {risk.impact}. Or raise the impact itself."
        raise FieldErrors({"residual_impact": sentence})
