"""The inputs of the W3C's VC Data Model 2.0 suite, and the reason why each `-fail` is refused.

Source: w3c/vc-data-model-2.0-test-suite, tests/input. The suite completes an input before it has it
issued: an issuer where none is named, and dates for "PAST DATE" and "FUTURE DATE". So does
`completed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import shared_data
from known_contexts import INLINE
from simulator import key
from testamur.errors import Code
from testamur.keys.signer import Ed25519Signer
from testamur.trust import AllowList
from testamur.verification import Policy, Verifier

__all__ = [
    "FAILURES",
    "ISSUER",
    "NOW",
    "Refusal",
    "completed",
    "names",
    "read",
    "signer",
    "verifier",
]

FOLDER = "vectors/vcdm2-inputs"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
_DATES = {"PAST DATE": "2020-01-01T00:00:00Z", "FUTURE DATE": "2030-01-01T00:00:00Z"}

signer = Ed25519Signer.for_did_key(key("issuer"))
ISSUER = signer.verification_method.partition("#")[0]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an input is refused.

    Attributes:
        code: the code. path: where, without "credential." before it. words: in the message.
    """

    code: Code
    path: str
    words: str


FAILURES = {
    # Contexts. The suite lets an issuer inject the base context instead; it is not for us to say
    # what somebody else's terms mean, so "fail-or-inject" fails.
    "credential-context-combo3-fail": Refusal(Code.CONTEXT_REJECTED, "@context[1]", "is not a URL"),
    "credential-context-combo4-fail": Refusal(Code.CONTEXT_REJECTED, "@context[1]", "is a number"),
    "credential-missing-base-context-fail-or-inject": Refusal(
        Code.CONTEXT_REJECTED, "@context[0]", "not with the base context"
    ),
    "credential-no-context-fail-or-inject": Refusal(
        Code.CONTEXT_REJECTED, "@context", "is missing"
    ),
    "credential-redef-type-fail": Refusal(Code.CONTEXT_REJECTED, "", "protected term redefinition"),
    "credential-redef-type2-fail": Refusal(
        Code.CONTEXT_REJECTED, "", "protected term redefinition"
    ),
    # Identifiers.
    "credential-id-multi-fail": Refusal(Code.NOT_CONFORMANT, "id", "is an array"),
    "credential-id-nonidentifier-fail": Refusal(Code.NOT_CONFORMANT, "id", "is null"),
    "credential-id-not-url-fail": Refusal(Code.NOT_CONFORMANT, "id", "is not a URL"),
    "credential-id-subject-multi-fail": Refusal(
        Code.NOT_CONFORMANT, "credentialSubject.id", "is an array"
    ),
    # Types.
    "credential-missing-required-type-fail": Refusal(
        Code.NOT_CONFORMANT, "type", "does not name VerifiableCredential"
    ),
    "credential-no-type-fail": Refusal(Code.NOT_CONFORMANT, "type", "is missing"),
    "credential-type-mapped-nonurl-fail": Refusal(Code.CONTEXT_REJECTED, "", "invalid IRI mapping"),
    "credential-type-unmapped-fail": Refusal(Code.DATA_LOSS, "", "ExampleTestCredential"),
    # Names and descriptions.
    "credential-description-extra-prop-en-fail": Refusal(
        Code.NOT_CONFORMANT, "description.url", "takes no others"
    ),
    "credential-name-extra-prop-en-fail": Refusal(
        Code.NOT_CONFORMANT, "name.url", "takes no others"
    ),
    "issuer-description-extra-prop-en-fail": Refusal(
        Code.ISSUER_INVALID, "issuer.description.url", "takes no others"
    ),
    "issuer-name-extra-prop-en-fail": Refusal(
        Code.ISSUER_INVALID, "issuer.name.url", "takes no others"
    ),
    # Issuer.
    "credential-issuer-no-url-fail": Refusal(Code.ISSUER_INVALID, "issuer", "is not a URL"),
    "credential-issuer-null-fail": Refusal(Code.ISSUER_INVALID, "issuer", "is null"),
    "credential-issuer-object-id-no-url-fail": Refusal(
        Code.ISSUER_INVALID, "issuer.id", "is not a URL"
    ),
    "credential-issuer-object-id-null-fail": Refusal(Code.ISSUER_INVALID, "issuer.id", "is null"),
    "credential-no-issuer-fail": Refusal(Code.ISSUER_INVALID, "issuer", "is missing"),
    # Subject.
    "credential-no-subject-fail": Refusal(Code.NOT_CONFORMANT, "credentialSubject", "is missing"),
    "credential-subject-no-claims-fail": Refusal(
        Code.NOT_CONFORMANT, "credentialSubject", "is an empty object"
    ),
    "credential-subject-multiple-empty-fail": Refusal(
        Code.NOT_CONFORMANT, "credentialSubject[1]", "is an empty object"
    ),
    # Validity period.
    "credential-validUntil-validFrom-fail": Refusal(
        Code.VALIDITY_MALFORMED, "validUntil", "is before validFrom"
    ),
    "credential-validfrom-invalid-fail": Refusal(
        Code.VALIDITY_MALFORMED, "validFrom", "is not a dateTimeStamp"
    ),
    "credential-validuntil-invalid-fail": Refusal(
        Code.VALIDITY_MALFORMED, "validUntil", "is not a dateTimeStamp"
    ),
    # Status.
    "credential-status-missing-type-fail": Refusal(
        Code.STATUS_MALFORMED, "credentialStatus.type", "is missing"
    ),
    "credential-status-multiple-id-fail": Refusal(
        Code.STATUS_MALFORMED, "credentialStatus.id", "is an array"
    ),
    "credential-status-nonurl-id-fail": Refusal(
        Code.STATUS_MALFORMED, "credentialStatus.id", "is not a URL"
    ),
    "credential-status-type-nonurl-fail": Refusal(
        Code.STATUS_MALFORMED, "credentialStatus.type", "is a number"
    ),
    # Schemas, refresh, terms of use, evidence, proofs.
    "credential-schema-no-id-fail": Refusal(
        Code.NOT_CONFORMANT, "credentialSchema.id", "is missing"
    ),
    "credential-schema-no-type-fail": Refusal(
        Code.NOT_CONFORMANT, "credentialSchema.type", "is missing"
    ),
    "credential-schema-non-url-id-fail": Refusal(
        Code.NOT_CONFORMANT, "credentialSchema.id", "is not a URL"
    ),
    "credential-refresh-no-type-fail": Refusal(
        Code.NOT_CONFORMANT, "refreshService.type", "is missing"
    ),
    "credential-termsofuse-missing-type-fail": Refusal(
        Code.NOT_CONFORMANT, "termsOfUse.type", "is missing"
    ),
    "credential-termsofuse-no-type-fail": Refusal(
        Code.NOT_CONFORMANT, "termsOfUse.type", "is missing"
    ),
    "credential-evidence-missing-type-fail": Refusal(
        Code.NOT_CONFORMANT, "evidence.type", "is missing"
    ),
    "credential-proof-missing-type-fail": Refusal(Code.PROOF_MALFORMED, "proof.type", "is missing"),
}
"""Name of the input → why it is refused."""


def names(kind: str, *, ok: bool) -> dict[str, str]:
    """Return the names of the inputs for a kind of document, each as its own parameter.

    Args:
        kind: "presentation" or "credential".
        ok: whether the name says so.
    """
    return {
        name: name
        for name in _files()
        if name.startswith("presentation") is (kind == "presentation")
        if name.endswith("-ok") is ok
    }


def read(name: str) -> dict[str, Any]:
    """Return an input as it is published."""
    found: dict[str, Any] = shared_data.read_json(f"{FOLDER}/{_files()[name]}")
    return found


def completed(name: str) -> dict[str, Any]:
    """Return an input as the suite hands it to an issuer."""
    document = read(name)
    issuer = document.get("issuer", ISSUER)
    if name != "credential-no-issuer-fail":
        document["issuer"] = {"id": ISSUER, **issuer} if isinstance(issuer, dict) else issuer
    for member in ("validFrom", "validUntil"):
        if document.get(member) in _DATES:
            document[member] = _DATES[document[member]]
    return document


def verifier(**policy: Any) -> Verifier:
    """Return a verifier as the suite needs it: inline contexts and examples/v2 are allowed."""
    return Verifier(
        now=NOW,
        trust=AllowList({ISSUER: "The issuer of the suite"}),
        policy=Policy(contexts=INLINE, **policy),
    )


def _files() -> dict[str, str]:
    folder = shared_data.folder(FOLDER)
    return {file.stem: str(file.relative_to(folder)) for file in sorted(folder.glob("**/*.json"))}
