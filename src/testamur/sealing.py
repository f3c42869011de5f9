"""The line out with a certificate: a European Digital Credential → a sealed file.

1. The dates of issue are set: a credential is issued when it is sealed.
2. The document is checked against its standard and its profiles.
3. The issuer must be the organization that the certificate names.
4. Nothing in it may be lost on readers that know its contexts.
5. Its text is written, and sealed as it stands (JAdES, baseline B-B).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from testamur.canon import rdfc10
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonObject, JsonValue, dumps
from testamur.errors import Code, ConfigurationError, ModelError, SigningKeyError
from testamur.keys.certificate import Certificate
from testamur.keys.seal_signer import SealSigner
from testamur.model.base import Model
from testamur.model.dates import format_date_time_stamp
from testamur.model.elm import EuropeanDigitalCredential, issue_check
from testamur.model.vcdm import Credential
from testamur.model.vocabularies import Vocabulary, by_code, find
from testamur.secure import jades
from testamur.secured import Secured, Securing

__all__ = ["issuer_from_certificate", "seal"]

_TYPE = "EuropeanDigitalCredential"
_LOCATION = "urn:certificateLocation:1"


def seal(
    credential: Credential | JsonObject,
    *,
    signer: SealSigner,
    now: datetime,
    contexts: Contexts | None = None,
) -> Secured:
    """Seal a European Digital Credential with the issuer's certificate.

    `issued` and `issuanceDate` become `now`, as Europass does it. Nothing else is filled in: make
    the issuer with `issuer_from_certificate`.

    Args:
        credential: a model, or a JSON object that a model can be made of; it is not changed.
        signer: holds the certificate and its key.
        now: the clock, aware.
        contexts: the allow-list of contexts; the bundled ones by default.

    Raises:
        ModelError: the credential breaks a rule of its standard, or is another kind.
        CanonicalizationError: a member has no meaning by its contexts, or a context is not known.
        ConfigurationError: its issuer is not whom the certificate names, or it is signed already.
        SigningKeyError: the certificate is not valid now or not for sealing, or the key cannot
            sign.
    """
    if not isinstance(signer, SealSigner):
        raise TypeError(
            f"a {type(signer).__name__} cannot seal; make what can with KeySealSigner.from_pem()"
        )
    if now.tzinfo is None:
        raise ConfigurationError("now has no time zone; use datetime.now(UTC)")
    document = credential.to_json() if isinstance(credential, Model) else credential
    types = document.get("type")
    if _TYPE not in (types if isinstance(types, list) else [types]):
        raise ModelError(
            f"only European Digital Credentials are sealed, and this has no type {_TYPE}; sign it "
            "with issue()",
            path="credential.type",
        )
    if "proof" in document:
        raise ConfigurationError("the credential has a proof already; seal the unsigned one")
    # 1. Dates.
    moment = format_date_time_stamp(now.replace(microsecond=0))
    document = {**document, "issuanceDate": moment, "issued": moment}
    # 2. The standard's rules.
    _check_complete(EuropeanDigitalCredential.from_json(document))
    # 3. The issuer.
    certificate = signer.certificates[0]
    _check_usable(certificate, now)
    _check_issuer(document.get("issuer"), certificate)
    # 4. What its contexts say.
    rdfc10.check_lossless(document, contexts=Contexts.bundled() if contexts is None else contexts)
    # 5. The seal.
    content = jades.create(dumps(document), signer=signer, now=now)
    return Secured(document=document, content=content, securing=Securing.JADES)


def issuer_from_certificate(credential: JsonObject, certificate: Certificate) -> JsonObject:
    """Return a credential's issuer, saying of itself what a certificate says of it.

    As Europass does before it seals: `eIDASIdentifier` becomes the registered number, `legalName`
    the organization, `altLabel` the common name, both in the credential's primary language, and a
    location in its country is added. The school that awards may be another: it is the
    `awardingBody`. Where it has the issuer's id, the issuer gets one of its own, since one id is
    one thing.

    Args:
        credential: with its issuer as it was written, if any; it is not changed.
        certificate: the seal's own.

    Raises:
        ModelError: the certificate lacks the number, the organization or the country.
    """
    identifier = _needed(certificate.organization_identifier, "organizationIdentifier")
    organization = _needed(certificate.organization, "organization (O)")
    country = _country(credential, _needed(certificate.country, "country (C)"))
    language = _language(credential)
    issuer = credential.get("issuer")
    own: JsonObject = issuer if isinstance(issuer, dict) else {"type": "Organisation"}
    made: JsonObject = {
        **own,
        "id": _issuer_id(credential, own, certificate),
        "legalName": {language: organization},
        "eIDASIdentifier": {
            "id": "urn:certificateIdentifier:1",
            "type": "LegalIdentifier",
            "notation": identifier,
            "spatial": country,
        },
        "location": [
            *_other_locations(own.get("location")),
            {
                "id": _LOCATION,
                "type": "Location",
                "address": {
                    "id": "urn:certificateAddress:1",
                    "type": "Address",
                    "countryCode": country,
                },
            },
        ],
    }
    if certificate.common_name is not None:
        made["altLabel"] = {language: certificate.common_name}
    return made


def _check_complete(credential: EuropeanDigitalCredential) -> None:
    """Check the rules of its profiles, and that nothing is missing which a seal would bring."""
    found = issue_check.find_faults(credential)
    faults = (*found.faults, *found.at_sealing)
    if faults:
        raise ModelError("\n".join(map(str, faults)), code=faults[0].code, path=faults[0].path)


def _check_usable(certificate: Certificate, now: datetime) -> None:
    if not certificate.not_before <= now <= certificate.not_after:
        raise SigningKeyError(
            f"the certificate is valid from {certificate.not_before.isoformat()} to "
            f"{certificate.not_after.isoformat()}, and not at {now.isoformat()}",
            code=Code.CERTIFICATE_EXPIRED,
            when=now,
        )
    if not certificate.may_sign:
        raise SigningKeyError(
            "the certificate is not for seals: its key usage has neither digitalSignature nor "
            "contentCommitment, or its extended key usage is for web sites, programs, timestamps "
            "or OCSP alone",
            code=Code.CERTIFICATE_INVALID,
        )


def _check_issuer(issuer: JsonValue, certificate: Certificate) -> None:
    """What a verifier will compare must agree."""
    identifier = issuer.get("eIDASIdentifier") if isinstance(issuer, dict) else None
    number = identifier.get("notation") if isinstance(identifier, dict) else None
    names = issuer.get("legalName") if isinstance(issuer, dict) else None
    certified = _needed(certificate.organization_identifier, "organizationIdentifier")
    if number != certified:
        raise _other("eIDASIdentifier.notation", str(number), certified)
    spellings = list(names.values()) if isinstance(names, dict) else [names]
    texts = [text for each in spellings for text in (each if isinstance(each, list) else [each])]
    if certificate.organization is not None and certificate.organization not in texts:
        raise _other("legalName", str(texts[0] if texts else None), certificate.organization)


def _other(member: str, found: str, expected: str) -> ConfigurationError:
    return ConfigurationError(
        f"issuer.{member} is {found[:120]!r}, but the certificate says {expected[:120]!r}, so no "
        "verifier would accept it; make the issuer with issuer_from_certificate(), or seal with "
        "the issuer's own certificate",
        code=Code.ISSUER_MISMATCH,
        path=f"credential.issuer.{member}",
        expected=expected[:120],
        found=found[:120],
    )


def _needed(value: str | None, name: str) -> str:
    if value is None:
        raise ModelError(
            f"the certificate has no {name} in its subject, or several; seals of organizations "
            "have one (ETSI EN 319 412-3)",
            code=Code.CERTIFICATE_INVALID,
        )
    return value


def _issuer_id(credential: JsonObject, own: JsonObject, certificate: Certificate) -> str:
    """The issuer's id; with the certificate's digest behind it where another has the same."""
    identifier = own.get("id")
    digest = certificate.fingerprint.hex()[:32]
    if not isinstance(identifier, str):
        return f"urn:epass:org:{digest}"
    rest = [value for name, value in credential.items() if name != "issuer"]
    shared = any(each.get("id") == identifier for each in _objects(rest))
    return f"{identifier}-{digest}" if shared else identifier


def _country(credential: JsonObject, code: str) -> JsonObject:
    """The country as the credential describes it already: one id must not be described twice."""
    term = by_code(Vocabulary.COUNTRY, code)
    described = (
        each for each in _objects(credential) if each.get("id") == term.iri and "inScheme" in each
    )
    return next(described, None) or {
        "id": term.iri,
        "type": "Concept",
        "inScheme": {"id": Vocabulary.COUNTRY.value, "type": "ConceptScheme"},
        "prefLabel": {"en": term.labels["en"]},
    }


def _objects(value: JsonValue) -> Iterator[JsonObject]:
    if isinstance(value, dict):
        yield value
    children = value.values() if isinstance(value, dict) else value
    for each in children if isinstance(children, Iterable) and not isinstance(value, str) else ():
        yield from _objects(each)


def _language(credential: JsonObject) -> str:
    """The primary language of the display, in BCP 47; English where it is not said."""
    display = credential.get("displayParameter")
    language = display.get("primaryLanguage") if isinstance(display, dict) else None
    identifier = language.get("id") if isinstance(language, dict) else None
    term = find(Vocabulary.LANGUAGE, identifier) if isinstance(identifier, str) else None
    return term.code if term is not None else "en"


def _other_locations(value: JsonValue) -> Iterator[JsonValue]:
    """The locations but for an earlier certificate's: the same id must not say two things."""
    for each in value if isinstance(value, list) else [value]:
        if each is not None and not (isinstance(each, dict) and each.get("id") == _LOCATION):
            yield each
