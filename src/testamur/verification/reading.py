"""Steps 1 to 3 of the line in: what arrived, and what was found about its form."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from testamur._frozen import dataclass, replace
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code
from testamur.secure import DocumentDigests, Proof, vc_jwt
from testamur.secure.data_integrity import NO_DIGESTS
from testamur.secured import Secured, Securing
from testamur.verification import answers, form_checks
from testamur.verification.document_checks import issuer_id
from testamur.verification.report import Check, CheckName, Weight

if TYPE_CHECKING:
    from testamur.secure.jades import Seal

__all__ = ["Reading", "issuer_of", "read"]

_OF_MEANING = frozenset({Code.DATA_LOSS, Code.CONTEXT_REJECTED, Code.NOT_CONFORMANT})

_TOO_LARGE = answers.could_not_check(
    CheckName.STRUCTURE,
    Code.RESOURCE_LIMIT,
    "Not looked at, because of its size.",
    spec="VC Data Model 2.0",
    weight=Weight.INFORMATION,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A credential or presentation whose form was looked at; nothing about it is proven.

    Attributes:
        secured: what arrived.
        checks: parse, structure and compacted, in this order.
        digests: of the document without its proofs, as far as they are known by now.
        token: for a JWT, the token taken apart; its document is what was signed.
        seal: of a sealed credential, the seal taken apart; its document is what was sealed.
        proofs: the document's proofs, where they are read by now.
        common: the members of its contents that others of its achievement have too, where they
            are known by now.
        rest: the checks of step 9, where they are known by now.
    """

    secured: Secured
    checks: tuple[Check, Check, Check]
    digests: DocumentDigests = NO_DIGESTS
    token: vc_jwt.Token | None = None
    seal: Seal | None = None
    proofs: tuple[Proof, ...] | None = None
    common: Mapping[str, Any] | None = None
    rest: tuple[Check, ...] | None = None

    @property
    def document(self) -> JsonObject:
        """The document that was signed."""
        return self.secured.document

    @property
    def issuer(self) -> str | None:
        """Who is answerable for it if its proof holds; None where nobody is named.

        That is the issuer's id; but of a seal the organization in its certificate, since whoever
        seals a credential may write any id into it.
        """
        return _issuer(self.document, self.seal)


def read(secured: Secured, contexts: Contexts) -> Reading:
    """Look at the form of what arrived."""
    token = None
    if secured.securing is Securing.VC_JWT:
        token = vc_jwt.parse(secured.token or "")
    seal = _seal_of(secured)
    if seal is not None:
        secured = replace(secured, document=seal.document)
    compacted, canonical = form_checks.check_compacted(secured, contexts)
    if seal is not None and compacted.code in _OF_MEANING:
        # A seal is over the text itself: nothing in it can be respelled or lost.
        compacted = replace(compacted, weight=Weight.REMARK)
    # A document beyond the bounds is not looked at any further.
    beyond = compacted.code is Code.RESOURCE_LIMIT
    structure = _TOO_LARGE if beyond else form_checks.check_structure(secured)
    digests = NO_DIGESTS
    if canonical is not None:
        digests = DocumentDigests(rdfc=hashlib.sha256(canonical).digest())
    return Reading(
        secured=secured,
        checks=(form_checks.check_parse(secured), structure, compacted),
        digests=digests,
        token=token,
        seal=seal,
    )


def issuer_of(secured: Secured) -> str | None:
    """Return who is answerable for a credential whose proof holds, as `Reading.issuer` does."""
    return _issuer(secured.document, _seal_of(secured))


def _seal_of(secured: Secured) -> Seal | None:
    if secured.securing is not Securing.JADES:
        return None
    from testamur.secure import jades  # most credentials have no certificates

    return jades.parse(secured.content)


def _issuer(document: JsonObject, seal: Seal | None) -> str | None:
    if seal is None:
        return issuer_id(document)
    from testamur.verification.seal_check import sealed_by

    return sealed_by(seal)
