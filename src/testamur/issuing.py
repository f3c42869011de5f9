"""The line out: a model → Secured.

1. The document is checked against its standard, and against what its issuer would regret.
2. The key must be one of the issuer's.
3. The contexts must define the proof; where they do not, the one that does is appended.
4. Nothing in it may be lost: every member must be a defined term.
5. It is signed.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from testamur._telemetry import annotate, traced
from testamur.canon import rdfc10
from testamur.canon.contexts import (
    CREDENTIALS_V1,
    DATA_INTEGRITY_V2,
    ED25519_2020_V1,
    Contexts,
)
from testamur.canon.strict_json import JsonObject, JsonValue, dumps
from testamur.errors import Code, ConfigurationError, ModelError
from testamur.keys.controller import split_url
from testamur.keys.protocols import Signer
from testamur.model.base import Model
from testamur.model.ob3 import check_for_issue
from testamur.model.parse import parse_credential
from testamur.model.vcdm import Credential
from testamur.secure import (
    Cryptosuite,
    Ed25519Signature2020,
    EddsaJcs2022,
    EddsaRdfc2022,
    ProofOptions,
    vc_jwt,
)
from testamur.secure.data_integrity import add_proof
from testamur.secured import Carrier, Secured, Securing

__all__ = ["SUITES", "Mechanism", "issue"]


class Mechanism(StrEnum):
    """How a credential is secured."""

    EDDSA_RDFC_2022 = "eddsa-rdfc-2022"
    """the default: what wallets and verifiers of Open Badges 3.0 know."""

    EDDSA_JCS_2022 = "eddsa-jcs-2022"
    """Data Integrity over plain JSON."""

    ED25519_SIGNATURE_2020 = "Ed25519Signature2020"
    """for readers that know nothing newer."""

    VC_JWT = "vc-jwt"
    """a compact JWS, signed with EdDSA."""


SUITES: dict[Mechanism, Cryptosuite] = {
    Mechanism.EDDSA_RDFC_2022: EddsaRdfc2022(),
    Mechanism.EDDSA_JCS_2022: EddsaJcs2022(),
    Mechanism.ED25519_SIGNATURE_2020: Ed25519Signature2020(),
}


_EUROPEAN = "EuropeanDigitalCredential"


@traced("testamur.sign")
def issue(
    credential: Credential | JsonObject,
    *,
    signer: Signer,
    now: datetime,
    mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022,
    options: ProofOptions | None = None,
    contexts: Contexts | None = None,
) -> Secured:
    """Check a credential, sign it, and return it with what secures it.

    Args:
        credential: a model, or a JSON object that a model can be made of; it is not changed.
        signer: holds a key of the issuer: its verification method must be in the issuer's document.
        now: the clock, aware; the proof's `created`, unless `options` say otherwise.
        mechanism: how it is secured.
        options: what else the proof says; for Data Integrity only.
        contexts: the allow-list of contexts; the bundled ones by default.

    Raises:
        ModelError: the credential breaks a rule of its standard.
        CanonicalizationError: a member would not be signed, or a context is not known.
        ConfigurationError: the key is not the issuer's, or `options` do not fit the mechanism.
        SigningKeyError: the key cannot sign.
    """
    if not isinstance(signer, Signer):
        raise TypeError(
            f"a {type(signer).__name__} is no signer; make one with Ed25519Signer(key, "
            "verification_method) or Ed25519Signer.for_did_key(key)"
        )
    mechanism = Mechanism(mechanism)
    annotate("testamur.mechanism", mechanism.value)
    if mechanism is Mechanism.VC_JWT and _is_european(credential):
        raise ConfigurationError(
            "a European Digital Credential is not made as a JWT here: its own form is a seal, and "
            "beside that it takes a proof; choose eddsa-rdfc-2022, Ed25519Signature2020 or "
            "eddsa-jcs-2022"
        )
    # 1. The standard's rules, and those that spare the issuer trouble later.
    document = credential.to_json() if isinstance(credential, Model) else credential
    check_document(credential)
    # 2. The issuer's key.
    _check_key(document, signer)
    contexts = contexts if contexts is not None else Contexts.bundled()
    if mechanism is Mechanism.VC_JWT:
        if options is not None:
            raise ConfigurationError(
                "a JWT has no proof options; its claims follow from the credential"
            )
        # 4. and 5.
        rdfc10.check_lossless(_unsecured(document), contexts=contexts)
        token = vc_jwt.create(document, signer=signer)
        return Secured(
            document=document,
            content=token.encode("ascii"),
            securing=Securing.VC_JWT,
            carrier=Carrier.JWT,
            token=token,
        )
    if options is not None and options.purpose != "assertionMethod":
        raise ConfigurationError(
            f"a proof for {options.purpose[:40]!r} says nothing about a credential; leave the "
            "purpose at assertionMethod",
            code=Code.PROOF_PURPOSE,
        )
    # 3.
    document = _with_proof_context(document, mechanism)
    # 4. The RDF suites refuse to lose data; JCS reads no contexts, so that is asked apart.
    if mechanism is Mechanism.EDDSA_JCS_2022:
        rdfc10.check_lossless(_unsecured(document), contexts=contexts)
    # 5.
    secured = add_proof(
        document,
        suite=SUITES[mechanism],
        signer=signer,
        options=options if options is not None else ProofOptions(created=now),
        contexts=contexts,
    )
    return Secured(
        document=secured,
        content=dumps(secured).encode("utf-8"),
        securing=Securing.DATA_INTEGRITY,
    )


def check_document(credential: Credential | JsonObject) -> None:
    """Check what `issue` checks before it signs, but for key and contexts.

    Raises:
        ModelError: the credential breaks a rule of its standard, or would make its issuer trouble.
    """
    model = credential if isinstance(credential, Credential) else parse_credential(credential)
    if _is_european(credential):
        _check_european(model)
    else:
        check_for_issue(model)


def _check_european(credential: Credential) -> None:
    """Check a European Digital Credential that takes a proof in the place of a seal."""
    from testamur.model.elm import EuropeanDigitalCredential, issue_check  # some fifty classes

    model = (
        credential
        if isinstance(credential, EuropeanDigitalCredential)
        else EuropeanDigitalCredential.from_json(credential.to_json())
    )
    # Verifiers of Data Integrity look at a status, which the shapes behind a seal refuse.
    issue_check.check_for_issue(model, status=issue_check.StatusUse.ALLOWED)
    for name, value in (("issued", model.issued), ("issuanceDate", model.issuance_date)):
        if value is None:
            raise ModelError(
                f"credential.{name} is missing, which a seal would add and a proof does not; "
                'write the date of issuing, for example "2026-12-01T00:00:00Z"',
                path=f"credential.{name}",
                expected="dateTime",
            )


def _is_european(credential: Credential | JsonObject) -> bool:
    types = credential.type if isinstance(credential, Credential) else credential.get("type")
    return types == _EUROPEAN or (isinstance(types, (list, tuple)) and _EUROPEAN in types)


def _check_key(document: JsonObject, signer: Signer) -> None:
    issuer = document.get("issuer")
    identifier = issuer.get("id") if isinstance(issuer, dict) else issuer
    controller, fragment = split_url(signer.verification_method)
    if controller != identifier or not fragment:
        raise ConfigurationError(
            f"the key {signer.verification_method[:160]} is not one of the issuer "
            f"{str(identifier)[:160]}, so no verifier would accept it; sign with a key that the "
            "issuer's own document lists, or set issuer.id to the key's controller",
            code=Code.ISSUER_MISMATCH,
            expected=str(identifier)[:160],
            found=controller[:160],
        )


def _with_proof_context(document: JsonObject, mechanism: Mechanism) -> JsonObject:
    """Append the context that defines the proof; VC Data Model 2.0 has Data Integrity built in."""
    context = document.get("@context")
    items: list[JsonValue] = list(context) if isinstance(context, list) else [context]
    if mechanism is Mechanism.ED25519_SIGNATURE_2020:
        wanted = ED25519_2020_V1
    elif CREDENTIALS_V1 in items:
        wanted = DATA_INTEGRITY_V2
    else:
        return document
    if wanted in items:
        return document
    return {**document, "@context": [*items, wanted]}


def _unsecured(document: JsonObject) -> JsonObject:
    return {member: value for member, value in document.items() if member != "proof"}
