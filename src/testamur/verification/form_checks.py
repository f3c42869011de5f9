"""What can be said of the form of a document before its proof: it is read, whole and lossless."""

from __future__ import annotations

from testamur.canon import rdfc10
from testamur.canon.contexts import Contexts
from testamur.canon.rdfc10 import CanonicalBytes
from testamur.canon.strict_json import JsonObject
from testamur.errors import CanonicalizationError, Code, ModelError, TestamurError
from testamur.model.acceptance import conforms
from testamur.secured import Secured
from testamur.verification import answers
from testamur.verification.european import is_european
from testamur.verification.european_checks import EUROPEAN_SPEC
from testamur.verification.report import Check, CheckName, Weight

__all__ = [
    "COMPACTED",
    "PARSED",
    "STRUCTURED",
    "STRUCTURE_SPEC",
    "check_compacted",
    "check_parse",
    "check_structure",
    "parse_failure",
]

_PARSE_SPEC = "RFC 8259; RFC 7493; RFC 7515; Open Badges 3.0, Baked Badges"
STRUCTURE_SPEC = "VC Data Model 2.0; Open Badges 3.0, Data Model"
_COMPACTED_SPEC = "VC Data Integrity 1.0, Context Validation and Securing Data Losslessly"

PARSED = answers.passed(CheckName.PARSE, "The file could be read.", spec=_PARSE_SPEC)
STRUCTURED = answers.passed(
    CheckName.STRUCTURE,
    "It has every part the standard asks for, in the right form.",
    spec=STRUCTURE_SPEC,
)
_STRUCTURED_EUROPEAN = answers.passed(
    CheckName.STRUCTURE,
    "It has every part that a credential must have, in the right form.",
    spec=EUROPEAN_SPEC,
)
COMPACTED = answers.passed(
    CheckName.COMPACTED,
    "Everything in it has a defined meaning that a signature covers.",
    spec=_COMPACTED_SPEC,
)


def parse_failure(error: TestamurError) -> Check:
    """Report input that could not be read at all."""
    return answers.from_error(CheckName.PARSE, error, spec=_PARSE_SPEC)


def check_parse(secured: Secured) -> Check:
    """Report that the carrier was read, and what was odd about it."""
    if secured.remarks:
        code, sentence = secured.remarks[0]
        return answers.could_not_check(
            CheckName.PARSE, Code(code), sentence, spec=_PARSE_SPEC, weight=Weight.REMARK
        )
    return PARSED


def check_structure(secured: Secured) -> Check:
    """Check the document against the model of its standard and version."""
    if secured.is_presentation or not conforms(secured.document):
        # Only the models know every rule, and what is wrong; building them takes time.
        from testamur.model.parse import check_received, parse_presentation

        parse = parse_presentation if secured.is_presentation else check_received
        try:
            parse(secured.document)
        except ModelError as error:
            return answers.from_error(CheckName.STRUCTURE, error, spec=STRUCTURE_SPEC)
    return _STRUCTURED_EUROPEAN if is_european(secured.document) else STRUCTURED


def check_compacted(secured: Secured, contexts: Contexts) -> tuple[Check, CanonicalBytes | None]:
    """Check that every member is a term its contexts define, and that none would be lost.

    Returns:
        the check; and where a proof is over it, the canonical form of the credential without its
        proofs, which shows the same.
    """
    # The credentials of a presentation are looked at one by one, each by its own contexts.
    apart = {"proof", "verifiableCredential"} if secured.is_presentation else {"proof"}
    document = {name: value for name, value in secured.document.items() if name not in apart}
    name = "presentation" if secured.is_presentation else "credential"
    canonical = None
    try:
        if _signs_statements(secured):
            canonical = _canonical(document, contexts, name)
        if canonical is None:
            rdfc10.check_lossless(document, contexts=contexts, name=name)
    except TestamurError as error:
        return answers.from_error(CheckName.COMPACTED, error, spec=_COMPACTED_SPEC), None
    return COMPACTED, canonical


def _signs_statements(secured: Secured) -> bool:
    """Whether a proof of a credential may be over its canonical N-Quads."""
    proof = secured.document.get("proof")
    proofs = proof if isinstance(proof, list) else [proof]
    return not secured.is_presentation and any(
        isinstance(each, dict) and each.get("cryptosuite") != "eddsa-jcs-2022" for each in proofs
    )


def _canonical(document: JsonObject, contexts: Contexts, name: str) -> CanonicalBytes | None:
    """The canonical form; None where putting it in order takes too long, which is the proof's."""
    try:
        return rdfc10.canonicalize(document, contexts=contexts, name=name)
    except CanonicalizationError as error:
        if error.code is not Code.RESOURCE_LIMIT:
            raise
        return None
