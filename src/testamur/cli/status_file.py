"""An issuer's own status list as a file: opened with the issuer's key, changed, signed again.

Everything that is changed here was signed with the key at hand, which is checked first: neither a
list nor a credential that somebody else made can move a bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.cli.signing import IssuerKey, signer_under
from testamur.errors import Code, ProofError, StatusError, TestamurError
from testamur.issuing import Mechanism, issue
from testamur.keys.controller import split_url
from testamur.secure import SUITES, Proof, vc_jwt
from testamur.secure.data_integrity import parse_proofs, verify_proof
from testamur.secured import Secured, Securing
from testamur.status import BitString, StatusEntry, StatusListView
from testamur.status.bitstring_status_list import ENTRY_TYPE, LIST_TYPE, parse_entry, parse_list
from testamur.verification.document_checks import issuer_id

__all__ = ["OwnStatusList", "find_index", "open_list", "require_list"]


@dataclass(frozen=True, slots=True)
class OwnStatusList:
    """A status list that was signed with the key at hand.

    Attributes:
        document: the list credential, with its proof.
        view: what it says.
        proof: its one proof.
        key: the key that made it.
    """

    document: JsonObject
    view: StatusListView
    proof: Proof
    key: IssuerKey

    def with_value(self, index: int, *, is_set: bool, now: datetime) -> Secured | None:
        """Return the list with one bit changed, signed again; None where it is so already.

        Raises:
            StatusError: the index is beyond the list, or the list cannot be expanded.
        """
        bits = BitString.decode(self.view.encoded_list)
        if bits.get(index) == int(is_set):
            return None
        bits.set(index, int(is_set))
        unsigned = {name: value for name, value in self.document.items() if name != "proof"}
        unsigned["credentialSubject"] = _with_bits(
            self.document["credentialSubject"], bits.encode()
        )
        return issue(
            unsigned,
            signer=signer_under(self.key, self.proof.verification_method),
            now=now,
            mechanism=Mechanism(self.proof.suite_name),
        )


def open_list(secured: Secured, key: IssuerKey, *, purpose: str) -> OwnStatusList:
    """Read a status list of one's own.

    Raises:
        ProofError: it was not signed with this key, or not with one Data Integrity proof.
        StatusError: it is no bitstring status list of this purpose alone.
    """
    view = parse_list(secured.document)
    proofs = _own_proofs(secured, key, "the status list", "Use the key that signed it")
    if len(proofs) != 1:
        raise ProofError(
            f"the status list has {len(proofs)} proofs and only one could be renewed; sign a list "
            "with one key",
            code=Code.PROOF_UNSUPPORTED,
        )
    if view.purposes != (purpose,) or view.status_size not in (None, 1):
        raise StatusError(
            f"the status list is for {', '.join(view.purposes)[:80]}; this needs a list for "
            f"{purpose} alone, with one bit for each credential. A revocation cannot be undone",
            expected=purpose,
        )
    return OwnStatusList(secured.document, view, proofs[0], key)


def require_list(secured: Secured, name: str) -> Secured:
    """Return what was loaded, if it is a status list.

    Args:
        secured: what was loaded.
        name: the name of its file.

    Raises:
        StatusError: it is something else.
    """
    if LIST_TYPE not in secured.types:
        raise StatusError(
            f"{name} is not a status list (its type lacks {LIST_TYPE}); give the file that "
            "`testamur status new` made",
            path="type",
            expected=LIST_TYPE,
        )
    return secured


def find_index(secured: Secured, own: OwnStatusList) -> int:
    """Return the place of a credential in a list, by the credential's own status entry.

    Raises:
        ProofError: the credential was not signed with the list's key: its entry may be forged.
        StatusError: it has no entry in this list.
    """
    if issuer_id(secured.document) != own.view.issuer:
        raise StatusError(
            "the credential and the status list have different issuers",
            code=Code.STATUS_VERIFICATION,
        )
    _own_proofs(
        secured,
        own.key,
        "the credential",
        "If it is yours nevertheless, give its place with --index",
    )
    wanted = (own.view.id, own.view.purposes[0])
    found = {
        entry.index
        for entry in _entries(secured.document)
        if (entry.list_credential, entry.purpose) == wanted
    }
    if len(found) != 1:
        raise StatusError(
            f"the credential has {len(found) or 'no'} places in the status list {wanted[0]} for "
            f"{wanted[1]}; look at it with `testamur inspect`, or give the place with --index",
            path="credentialStatus",
        )
    return found.pop()


def _own_proofs(secured: Secured, key: IssuerKey, what: str, remedy: str) -> tuple[Proof, ...]:
    """Return the Data Integrity proofs, all of which this key made; () for a JWT that it made."""
    issuer = issuer_id(secured.document)
    try:
        if secured.securing is Securing.VC_JWT:
            vc_jwt.verify_signature(vc_jwt.parse(secured.token or ""), key=key.public_key)
            return ()
        proofs = parse_proofs(secured.document, SUITES)
        for proof in proofs:
            verify_proof(
                secured.document,
                proof,
                proofs=proofs,
                key=key.public_key,
                contexts=Contexts.bundled(),
            )
    except TestamurError as error:
        raise ProofError(
            f"{what} was not signed with this key, or was changed since: {error.message}. {remedy}",
            code=error.code,
        ) from error
    if any(split_url(proof.verification_method)[0] != issuer for proof in proofs):
        raise ProofError(f"{what} was signed, but not as its issuer", code=Code.ISSUER_MISMATCH)
    return proofs


def _entries(document: JsonObject) -> list[StatusEntry]:
    value = document.get("credentialStatus")
    items = value if isinstance(value, list) else [value]
    return [
        parse_entry(item)
        for item in items
        if isinstance(item, dict) and item.get("type") in (ENTRY_TYPE, [ENTRY_TYPE])
    ]


def _with_bits(subject: JsonValue, encoded: str) -> JsonValue:
    """Put the new bits into the subject, which may stand alone in an array."""
    if isinstance(subject, list):
        return [_with_bits(each, encoded) for each in subject]
    return {**subject, "encodedList": encoded} if isinstance(subject, dict) else subject
