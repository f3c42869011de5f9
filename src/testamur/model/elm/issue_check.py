"""What we ask of a European Digital Credential before it is sealed, beyond what its classes ask.

The rules of the published profiles, and what no shape can see: that one id is one thing, that links
lead somewhere, that nothing is written which a JSON-LD processor drops. All faults are found at
once. Remarks are about what is allowed but is probably not meant.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING

from testamur._frozen import dataclass
from testamur.errors import Code, ModelError
from testamur.model.base import One
from testamur.model.elm.agents import Organisation
from testamur.model.elm.credential import EuropeanDigitalCredential
from testamur.model.elm.display import DisplayParameter, IndividualDisplay
from testamur.model.elm.parts import MediaObject
from testamur.model.elm.profiles import Profile, profile_faults, profiles_of, schema_faults
from testamur.model.elm.remarks import remarks_on
from testamur.model.elm.values import TypedLiteral
from testamur.model.elm.walk import Walk
from testamur.model.faults import TOO_DEEP, Fault, all_faults

if TYPE_CHECKING:
    from testamur.canon.strict_json import JsonValue

__all__ = ["Findings", "StatusUse", "check_for_issue", "examine_document", "find_faults"]

_BASE64 = "http://data.europa.eu/snb/encoding/6146cde7dd"


class StatusUse(Enum):
    """Whether a credential may name a status or terms of use, which the published shapes refuse.

    They ask for a literal where the context of the VC Data Model makes an object, so that no form
    that means anything passes.
    """

    REFUSED = "refused"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Findings:
    """What is to be said of one credential; each with its path and the remedy.

    Attributes:
        faults: what must be mended before it is sealed.
        at_sealing: what is missing and is added when it is sealed; in a draft no faults.
        remarks: what is allowed but is probably not meant.
    """

    faults: tuple[Fault, ...] = ()
    at_sealing: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()


def find_faults(
    credential: EuropeanDigitalCredential,
    *,
    profiles: Iterable[Profile] = (),
    status: StatusUse = StatusUse.REFUSED,
    path: str = "credential",
) -> Findings:
    """Find everything that is wrong with a credential, at once.

    Work is linear in the size of the credential. Does not ask the published shapes: `shacl` does.

    Args:
        credential: a draft, or one that is sealed.
        profiles: which it must fulfil beside those that it names itself.
        status: whether it may name a status or terms of use.
        path: what the paths begin with.
    """
    walk = Walk(credential, path)
    faults = [
        *schema_faults(credential, path),
        *profile_faults(credential, walk, {*profiles, *profiles_of(credential)}, path),
        *walk.faults,
        *walk.find_dangling_links(),
        *_dropped(walk),
        *_displays(walk),
        *_files(walk),
    ]
    remarks = [*remarks_on(credential, walk, path)]
    (faults if status is StatusUse.REFUSED else remarks).extend(_status(credential, path))
    return Findings(tuple(faults), tuple(_at_sealing(credential, path)), tuple(remarks))


def check_for_issue(
    credential: EuropeanDigitalCredential,
    *,
    profiles: Iterable[Profile] = (),
    status: StatusUse = StatusUse.REFUSED,
    path: str = "credential",
) -> None:
    """Check that a draft is fit to be sealed. The arguments are those of `find_faults`.

    Raises:
        ModelError: all that is wrong; code and path are those of the first fault.
    """
    found = find_faults(credential, profiles=profiles, status=status, path=path)
    if found.faults:
        first = found.faults[0]
        raise ModelError(
            "\n".join(str(each) for each in found.faults),
            code=first.code,
            path=first.path,
            expected=first.expected,
            found=first.found,
        )


def examine_document(
    document: JsonValue,
    *,
    profiles: Iterable[Profile] = (),
    status: StatusUse = StatusUse.REFUSED,
    path: str = "credential",
) -> Findings:
    """Find everything that is wrong with a JSON document that should be a credential.

    Where it breaks a rule of a class, what concerns the whole of it is not looked into.

    Args:
        document: what `strict_json.parse` returned; not copied.
        profiles: as for `find_faults`.
        status: as for `find_faults`.
        path: what the paths begin with.
    """
    from pydantic import ValidationError

    try:
        credential = EuropeanDigitalCredential.model_validate(document)
    except ValidationError as error:
        unknown = EuropeanDigitalCredential._unknown_member
        return Findings(all_faults(error, path, document, unknown=unknown))
    except RecursionError:
        return Findings((Fault(path, TOO_DEEP, Code.RESOURCE_LIMIT),))
    return find_faults(credential, profiles=profiles, status=status, path=path)


def _at_sealing(credential: EuropeanDigitalCredential, path: str) -> Iterator[Fault]:
    if credential.issued is None:
        yield Fault(
            f"{path}.issued",
            "is missing; it is the moment of sealing, added when the credential is sealed",
            expected="dateTime",
        )
    issuer = credential.issuer
    if not isinstance(issuer, Organisation):
        yield Fault(
            f"{path}.issuer",
            f"is of type {', '.join(issuer.type)}, which has no eIDASIdentifier; write an"
            " Organisation, that which owns the seal",
            code=Code.ISSUER_INVALID,
            expected="Organisation",
        )
    elif issuer.eidas_identifier is None:
        yield Fault(
            f"{path}.issuer.eIDASIdentifier",
            "is missing; it is the organizationIdentifier of the seal's certificate, added"
            " when the credential is sealed",
            code=Code.ISSUER_INVALID,
            expected="LegalIdentifier",
        )


def _status(credential: EuropeanDigitalCredential, path: str) -> Iterator[Fault]:
    named = (
        ("credentialStatus", credential.credential_status),
        ("termsOfUse", credential.terms_of_use),
    )
    for name, value in named:
        if value:
            yield Fault(
                f"{path}.{name}",
                "cannot be written in a way that the published shapes accept, so Europass will call"
                " the credential malformed; leave it out, or allow it on purpose"
                " (StatusUse.ALLOWED)",
                code=Code.STATUS_MALFORMED if name == "credentialStatus" else Code.NOT_CONFORMANT,
            )


def _dropped(walk: Walk) -> Iterator[Fault]:
    """Find what the published context takes for IRIs, though it is none: it would be lost."""
    for path, node in walk.nodes:
        members = node.__dict__
        modified = members.get("date_modified")
        if modified is not None and not isinstance(modified, TypedLiteral):
            yield _lost(f"{path}.dateModified", "xsd:dateTime")
        html = members.get("description_html", ())
        for position, each in enumerate(html):
            if not isinstance(each, TypedLiteral):
                index = "" if isinstance(html, One) else f"[{position}]"
                yield _lost(f"{path}.descriptionHtml{index}", "rdf:HTML")


def _lost(path: str, datatype: str) -> Fault:
    return Fault(
        path,
        "is a plain string, which the published context takes for an IRI, so it is lost; write"
        f' {{"@value": …, "@type": "{datatype}"}}',
        code=Code.DATA_LOSS,
        expected=datatype,
    )


def _displays(walk: Walk) -> Iterator[Fault]:
    for path, node in walk.nodes:
        if isinstance(node, DisplayParameter):
            yield from _languages(node, path)
        elif isinstance(node, IndividualDisplay):
            pages = [each.page for each in node.display_detail]
            if len(pages) != len(set(pages)):
                yield Fault(f"{path}.displayDetail", "has two images for one page; number each")


def _languages(display: DisplayParameter, path: str) -> Iterator[Fault]:
    said = [each.id for each in display.language]
    shown = [each.language.id for each in display.individual_display]
    if display.primary_language.id not in said:
        yield Fault(
            f"{path}.primaryLanguage",
            "is not one of displayParameter.language; add it there",
            found=display.primary_language.id,
        )
    for each in said:
        if each not in shown:
            yield Fault(
                f"{path}.individualDisplay",
                f"shows nothing in {each}, which displayParameter.language names; add the pages, or"
                " leave the language out",
                found=each,
            )
    for each in dict.fromkeys(shown):
        if each not in said:
            yield Fault(f"{path}.language", f"does not name {each}, which is shown; add it")
        if shown.count(each) > 1:
            yield Fault(
                f"{path}.individualDisplay",
                f"shows {each} twice; write the pages of one language into one",
            )


def _files(walk: Walk) -> Iterator[Fault]:
    for path, node in walk.nodes:
        if isinstance(node, MediaObject) and node.content_encoding.id == _BASE64:
            try:
                empty = not binascii.a2b_base64(node.content, strict_mode=True)
            except ValueError:  # also what is not ASCII
                yield Fault(
                    f"{path}.content",
                    "is not base64, which contentEncoding says it is; encode the file as base64",
                )
            else:
                if empty:
                    yield Fault(f"{path}.content", "is empty; write the file in base64")
