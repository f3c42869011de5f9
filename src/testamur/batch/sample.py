"""Samples of a chunk, verified in full before anything of the chunk is handed on."""

from __future__ import annotations

from datetime import datetime

from testamur.batch.award import Award
from testamur.batch.learner import Learner
from testamur.batch.press import Issued
from testamur.batch.status_lists import StatusLists, StatusPlace
from testamur.canon.strict_json import JsonObject, dumps
from testamur.errors import BatchError, Code, FetchError
from testamur.keys import did_web, multikey
from testamur.keys.controller import split_url
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.protocols import Signer
from testamur.loading import load
from testamur.protocols import Fetched, Recognition
from testamur.verification import Answer, Check, CheckName, Report, Verifier

__all__ = ["Anybody", "Inspector", "OwnWeb", "find_fault"]

_MUST_PASS = (
    CheckName.PARSE,
    CheckName.STRUCTURE,
    CheckName.COMPACTED,
    CheckName.PROOF,
    CheckName.ISSUER,
)
_MUST_NOT_FAIL = (CheckName.VALIDITY, CheckName.STATUS, CheckName.SCHEMA)
_OTHER_TIMES = {Code.NOT_YET_VALID, Code.EXPIRED}
"""Credentials may be made ahead of their day, or late."""


class Inspector:
    """Verifies issued credentials as a stranger would, offline.

    What is served in place of the issuer's web: the controller document with the key that should
    have signed, and empty status lists. So passed must have been: the file parses, the document
    has the structure of its standard, every member is covered, the proof holds under that key, the
    key is the issuer's, the dates are well-formed, the status entry names a list of that purpose
    with that place, and the document says of the learner what the award says, member by member.
    Not asked are whether the issuer published the key, and what endorsements in it are worth.

    Args:
        award: what is the same for all.
        signer: signs the empty status lists.
        public_key: the public half of the signer's key.
        now: the clock, aware.
    """

    def __init__(
        self, award: Award, signer: Signer, *, public_key: Ed25519PublicKey, now: datetime
    ) -> None:
        self._award = award
        self._now = now
        self._web = OwnWeb(award.status, signer, public_key=public_key, now=now)
        self._lists: tuple[str, ...] = ()
        self._verifier = self._new_verifier()

    def inspect(self, issued: Issued, learner: Learner) -> None:
        """Verify a credential.

        Args:
            issued: the credential.
            learner: whose it should be.

        Raises:
            BatchError: it would not be accepted, or says something else.
        """
        lists = tuple(place.list_url for place in issued.places)
        if lists != self._lists:
            # A verifier remembers the lists that it was served; a batch has any number of them.
            self._lists, self._verifier = lists, self._new_verifier()
        self._web.places = issued.places
        _require_genuine(self._verifier.examine(issued.content), issued)
        document = dict(load(issued.content).document)
        expected = self._award.document(learner, issued.position)
        for each in (document, expected):
            # An older cryptosuite appends its context; that all is defined was checked above.
            each.pop("@context", None)
            each.pop("proof", None)
        if document != expected or issued.id != expected["id"]:
            raise _refused(issued, "it does not say what was to be said", Code.DATA_LOSS)

    def _new_verifier(self) -> Verifier:
        return Verifier(now=self._now, trust=Anybody(), fetcher=self._web)


def _require_genuine(report: Report, issued: Issued) -> None:
    fault = find_fault(report, has_status=bool(issued.places))
    if fault is not None:
        raise _refused(issued, *fault)


def find_fault(report: Report, *, has_status: bool) -> tuple[str, Code] | None:
    """Return what keeps one's own output from being handed on; None where nothing does.

    Args:
        report: of a verifier with `OwnWeb` and `Anybody`.
        has_status: whether it has a status, which then must have been checked.
    """
    for check in report.checks:
        if not _is_good(check):
            return check.sentence, check.code or Code.PROOF_INVALID
    answered = {check.name for check in report.checks if check.answer is Answer.PASSED}
    for name in _MUST_PASS:
        if name not in answered:
            return f"the check {name.value} was not made", Code.NOT_CONFORMANT
    if has_status and CheckName.STATUS not in answered:
        return "its status was not checked", Code.STATUS_VERIFICATION
    return None


def _is_good(check: Check) -> bool:
    if check.name in _MUST_PASS:
        return check.answer is Answer.PASSED
    if check.name in _MUST_NOT_FAIL:
        return (
            check.answer in (Answer.PASSED, Answer.NOT_APPLICABLE)
            or check.code in _OTHER_TIMES
            # A schema that is not known here is not run.
            or (check.name is CheckName.SCHEMA and check.answer is Answer.COULD_NOT_CHECK)
        )
    return True


def _refused(issued: Issued, reason: str, code: Code) -> BatchError:
    return BatchError(
        f"row {issued.position + 1}: the credential that was made does not verify, so nothing of "
        f"its chunk was handed on: {reason}",
        code=code,
    )


class Anybody:
    """The issuer is who it is: only the signature is asked about."""

    def recognize(self, issuer: str) -> Recognition:
        """Return the issuer as it is."""
        return Recognition(issuer=issuer, name=issuer, source="this batch", vouched=False)


class OwnWeb:
    """Serves the issuer's controller document and its status lists, empty, out of memory.

    Args:
        lists: the lists.
        signer: signs them.
        public_key: the public half of the signer's key.
        now: the clock, aware.

    Attributes:
        places: of the credential that is examined next.
    """

    def __init__(
        self,
        lists: StatusLists | None,
        signer: Signer,
        *,
        public_key: Ed25519PublicKey,
        now: datetime,
    ) -> None:
        """Prepare what is served."""
        self.places: tuple[StatusPlace, ...] = ()
        self._lists = lists
        self._signer = signer
        self._now = now
        self._controller, fragment = split_url(signer.verification_method)
        self._documents: dict[str, JsonObject] = {}
        if self._controller.startswith("did:web:"):
            document = did_web.build_document(self._controller, {fragment: public_key})
            self._documents[did_web.document_url(self._controller)] = document
        elif self._controller.startswith("https://"):
            document = _controller_document(self._controller, fragment, public_key)
            self._documents[self._controller] = document

    def fetch(self, url: str, *, max_bytes: int) -> Fetched:
        """Answer as the issuer's hosts will."""
        if url in self._documents:
            content = dumps(self._documents[url]).encode("utf-8")
        else:
            place = next((each for each in self.places if each.list_url == url), None)
            if place is None or self._lists is None:
                raise FetchError(f"{url} is not one of the issuer's own documents", url=url)
            content = self._lists.empty(place, signer=self._signer, now=self._now).content
        if len(content) > max_bytes:
            raise FetchError(f"{url} is too large", url=url, code=Code.RESOURCE_LIMIT)
        return Fetched(url=url, content=content)


def _controller_document(controller: str, fragment: str, key: Ed25519PublicKey) -> JsonObject:
    """Return a controlled identifier document (Controlled Identifiers 1.0, section 2)."""
    method = f"{controller}#{fragment}"
    return {
        "@context": "https://www.w3.org/ns/cid/v1",
        "id": controller,
        "verificationMethod": [
            {
                "id": method,
                "type": "Multikey",
                "controller": controller,
                "publicKeyMultibase": multikey.encode_public_key(key),
            }
        ],
        "assertionMethod": [method],
    }
