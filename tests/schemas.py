"""Schemas: what the platforms' own JSON schemas say of a document, where they are at hand."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "schemas"


def schema_problems(name: str, document: dict[str, Any]) -> list[str]:
    """What a schema finds wrong; skips the test where the schemas or the validator are not there."""
    jsonschema = pytest.importorskip("jsonschema", reason="no validator for JSON schemas here")
    if not (FOLDER / name).exists():
        pytest.skip("the schemas of the platforms are not here")
    document = {key: value for key, value in document.items() if key != "msteams"}  # Teams' own addition to cards
    schema = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(document)]
