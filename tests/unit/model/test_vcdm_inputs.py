"""The inputs of the W3C VC Data Model 2.0 test suite (`-ok`, `-fail`)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from testamur.errors import Code, ModelError
from testamur.model.parse import parse_credential, parse_presentation
from unit.model.documents import SHARED_DATA

FOLDER = SHARED_DATA / "vectors/vcdm2-inputs"
INPUTS = sorted(FOLDER.rglob("*.json"))

needs_inputs = pytest.mark.skipif(
    not INPUTS, reason="the VC Data Model 2.0 inputs are not beside this checkout"
)

# Faults that only JSON-LD processing sees, all of them in an inline context: a protected term
# redefined, a type that no context defines, a term mapped to what is not an IRI. They are refused
# where documents are canonicalized.
LEFT_TO_CANONICALIZATION = {
    "credential-redef-type-fail",
    "credential-redef-type2-fail",
    "credential-type-mapped-nonurl-fail",
    "credential-type-unmapped-fail",
}

CODES = {
    "context": Code.CONTEXT_REJECTED,
    "issuer": Code.ISSUER_INVALID,
    "status": Code.STATUS_MALFORMED,
    "validfrom": Code.VALIDITY_MALFORMED,
    "validuntil": Code.VALIDITY_MALFORMED,
    "validUntil": Code.VALIDITY_MALFORMED,
    "proof": Code.PROOF_MALFORMED,
}


def document(name: str) -> dict[str, Any]:
    """Return an input as the suite sends it: it fills in the issuer and the dates."""
    (path,) = (each for each in INPUTS if each.stem == name)
    text = path.read_text(encoding="utf-8")
    text = text.replace("PAST DATE", "2020-01-01T00:00:00Z")
    result: dict[str, Any] = json.loads(text.replace("FUTURE DATE", "2040-01-01T00:00:00Z"))
    if "VerifiablePresentation" in result.get("type", ()) or name == "credential-no-issuer-fail":
        return result
    if "issuer" not in result:
        result["issuer"] = "did:example:issuer"
    if isinstance(result["issuer"], dict):
        result["issuer"].setdefault("id", "did:example:issuer")
    return result


def parse(name: str) -> dict[str, Any]:
    """Parse an input and return what is written again."""
    read = parse_presentation if name.startswith("presentation") else parse_credential
    return read(document(name)).to_json()


def names(part: str) -> list[str]:
    """Return the names of the inputs whose last word begins so."""
    return [each.stem for each in INPUTS if f"-{part}" in each.stem]


@needs_inputs
@pytest.mark.parametrize("name", names("ok"))
def test_valid_input_is_read_and_written_as_it_was(name: str) -> None:
    assert parse(name) == document(name)


@needs_inputs
@pytest.mark.parametrize("name", sorted(set(names("fail")) - LEFT_TO_CANONICALIZATION))
def test_invalid_input_is_refused(name: str) -> None:
    with pytest.raises(ModelError) as caught:
        parse(name)
    words = name.split("-")
    expected = next((CODES[word] for word in words if word in CODES), Code.NOT_CONFORMANT)
    assert caught.value.code is expected


@needs_inputs
@pytest.mark.parametrize("name", sorted(LEFT_TO_CANONICALIZATION))
def test_fault_in_an_inline_context_is_left_to_canonicalization(name: str) -> None:
    assert any(isinstance(each, dict) for each in document(name)["@context"])
    assert parse(name) == document(name)
