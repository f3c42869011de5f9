"""The hostile inputs that lie in the shape of the document, and the controls that must be read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from testamur.canon import strict_json
from testamur.errors import ModelError
from testamur.model.parse import parse_credential
from unit.model.documents import SHARED_DATA

FOLDER = SHARED_DATA / "hostile"
MANIFEST = FOLDER / "manifest.json"
CASES: dict[str, Any] = (
    {each["id"]: each for each in json.loads(MANIFEST.read_text(encoding="utf-8"))["cases"]}
    if MANIFEST.exists()
    else {}
)

needs_inputs = pytest.mark.skipif(
    not CASES, reason="the hostile inputs are not beside this checkout"
)

CONTROLS = [
    name
    for name, each in CASES.items()
    if each["category"] == "valid" and each["kind"] == "ldp-json"
]

REFUSED_BY_THE_MODEL = [
    "a-value-object",
    "c-url-slash",
    "d-date-only",
    "d-rfc2822",
    "f-validfrom-missing",
    "k-issuer-noturl",
    "k-issuer-two",
    "s-index-arabic",
    "s-index-number",
    "s-index-underscore",
    "s-url-missing",
    "t-proof-null",
]


def document(name: str) -> strict_json.JsonObject:
    """Return the document of a case."""
    return strict_json.parse_object((FOLDER / CASES[name]["file"]).read_bytes())


@needs_inputs
@pytest.mark.parametrize("name", CONTROLS)
def test_control_is_read_and_written_as_it_was(name: str) -> None:
    assert parse_credential(document(name)).to_json() == document(name)


@needs_inputs
@pytest.mark.parametrize("name", REFUSED_BY_THE_MODEL)
def test_hostile_input_is_refused_for_its_own_reason(name: str) -> None:
    with pytest.raises(ModelError) as caught:
        parse_credential(document(name))
    assert caught.value.code.value in CASES[name]["expect"]["errors_any"]
