"""Presentations of the VC Data Model 2.0 and 1.1."""

from __future__ import annotations

from typing import Any

import pytest

from testamur.errors import Code, ModelError
from testamur.model.parse import parse_presentation
from testamur.model.presentation import VerifiablePresentation, VerifiablePresentationV1
from unit.model.documents import V1, V2, proof, vc, vc_v1

TOKEN = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJkaWQ6ZXhhbXBsZTphIn0.c2lnbmF0dXJl"


def vp(**changes: object) -> dict[str, Any]:
    """A presentation of one credential."""
    document: dict[str, Any] = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [vc()],
        **changes,
    }
    return {name: value for name, value in document.items() if value is not ...}


def envelope(**changes: object) -> dict[str, Any]:
    """An enveloped credential as in VC Data Model 2.0, Enveloped Verifiable Credentials."""
    document: dict[str, Any] = {
        "@context": V2,
        "id": f"data:application/vc+jwt,{TOKEN}",
        "type": "EnvelopedVerifiableCredential",
        **changes,
    }
    return {name: value for name, value in document.items() if value is not ...}


def refused(document: dict[str, Any], code: Code, path: str, reason: str = "") -> None:
    """Assert that the document is refused with this code, first of all at this path."""
    with pytest.raises(ModelError) as caught:
        parse_presentation(document)
    assert caught.value.path == f"presentation{path}"
    assert caught.value.code is code
    assert reason in caught.value.message


@pytest.mark.parametrize(
    "document",
    [
        vp(),
        vp(verifiableCredential=...),
        vp(verifiableCredential=vc()),
        vp(id="urn:uuid:313801ba-24b7-11ee-be02-ff560265cf9b", holder="did:example:h"),
        vp(holder={"id": "did:example:h", "name": "Ada"}, proof=proof(challenge="x")),
        vp(verifiableCredential=[vc(), envelope()]),
        vp(verifiableCredential=envelope(id=f"data:application/vc-ld+jwt;base64url,{TOKEN}")),
        vp(verifiableCredential=envelope(id=f"data:application/vc+sd-jwt,{TOKEN}")),
    ],
)
def test_presentation_is_read_and_written_as_it_was(document: dict[str, Any]) -> None:
    presentation = parse_presentation(document)
    assert isinstance(presentation, VerifiablePresentation)
    assert presentation.to_json() == document


def test_holder_id_is_read_in_either_form() -> None:
    assert parse_presentation(vp(holder="did:example:h")).holder_id == "did:example:h"
    assert parse_presentation(vp(holder={"id": "did:example:h"})).holder_id == "did:example:h"
    assert parse_presentation(vp()).holder_id is None


def test_credentials_inside_are_kept_whatever_else_is_wrong_with_them() -> None:
    broken = vc(issuer="no url")
    assert parse_presentation(vp(verifiableCredential=[broken])).to_json() == vp(
        verifiableCredential=[broken]
    )


@pytest.mark.parametrize(
    ("holder", "path"),
    [
        ("z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj", ".holder"),
        (None, ".holder"),
        (["did:example:h"], ".holder"),
        ({"name": "Acme"}, ".holder.id"),
        ({"id": "z6Mk"}, ".holder.id"),
    ],
)
def test_holder_must_be_a_url_or_an_object_with_a_url(holder: object, path: str) -> None:
    refused(vp(holder=holder), Code.NOT_CONFORMANT, path)


@pytest.mark.parametrize(
    ("credential", "path", "reason"),
    [
        (TOKEN, "", "wrap a JWT in an object of type EnvelopedVerifiableCredential"),
        (5, "", "is a number"),
        (None, "", "is null"),
        ([], "", "is an array"),
        ({}, ".type", "does not name VerifiableCredential"),
        (vc(type=[]), ".type", "does not name VerifiableCredential"),
        (vc(type={"x": "VerifiableCredential"}), ".type", "does not name VerifiableCredential"),
        (envelope(type=...), ".type", "does not name VerifiableCredential"),
        (envelope(id=...), ".id", "is not a data: URL"),
        (envelope(id=TOKEN), ".id", "is not a data: URL"),
        (envelope(id="data:application/vc+jwt,"), ".id", "is not a data: URL"),
        (envelope(id=f"data:text/plain,{TOKEN}"), ".id", "is not a data: URL"),
    ],
)
def test_credential_inside_must_be_an_object_of_a_credential_type(
    credential: object, path: str, reason: str
) -> None:
    document = vp(verifiableCredential=[vc(), credential])
    refused(document, Code.NOT_CONFORMANT, f".verifiableCredential[1]{path}", reason)


def test_envelope_must_have_a_context() -> None:
    document = vp(verifiableCredential=envelope(**{"@context": ...}))
    refused(document, Code.CONTEXT_REJECTED, ".verifiableCredential.@context")


@pytest.mark.parametrize(
    "context", [..., None, V2, [], [{"x": "urn:x:y"}, V2], ["https://other.example/v2"]]
)
def test_contexts_must_begin_with_the_base(context: object) -> None:
    with pytest.raises(ModelError) as caught:
        parse_presentation(vp(**{"@context": context}))
    assert caught.value.code is Code.CONTEXT_REJECTED


@pytest.mark.parametrize(
    "types", [..., [], "VerifiableCredential", ["CredentialManagerPresentation"]]
)
def test_type_must_name_verifiable_presentation(types: object) -> None:
    refused(vp(type=types), Code.NOT_CONFORMANT, ".type")


@pytest.mark.parametrize("value", [None, "x", [], proof(type=...)])
def test_proof_must_be_objects_with_a_type(value: object) -> None:
    with pytest.raises(ModelError) as caught:
        parse_presentation(vp(proof=value))
    assert caught.value.code is Code.PROOF_MALFORMED


def test_version_1_may_hold_compact_jwts() -> None:
    document = vp(**{"@context": [V1]}, verifiableCredential=[vc_v1(), TOKEN])
    presentation = parse_presentation(document)
    assert isinstance(presentation, VerifiablePresentationV1)
    assert presentation.to_json() == document


@pytest.mark.parametrize("credential", ["not a JWT", 5, None, {}, {"type": "X"}])
def test_version_1_may_hold_nothing_else(credential: object) -> None:
    with pytest.raises(ModelError) as caught:
        parse_presentation(vp(**{"@context": [V1]}, verifiableCredential=[credential]))
    assert str(caught.value.path).startswith("presentation.verifiableCredential[0]")


@pytest.mark.parametrize("value", [None, 5, "x", [], [{}]])
def test_anything_but_an_object_is_refused(value: Any) -> None:
    with pytest.raises(ModelError):
        parse_presentation(value)
