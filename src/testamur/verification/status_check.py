"""Status: step 8 of the line in. Every entry is checked, after the proof, and fail-closed.

A status list is a credential too: it goes down the same line once (without its own status), and
only then is it read. A list that cannot be had is "could not check", never "not revoked".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from testamur import limits
from testamur._frozen import dataclass, field
from testamur._lazy import lazy_module
from testamur._once import Once
from testamur.canon.strict_json import JsonObject, JsonValue, kind, parse_object
from testamur.errors import Code, FetchError, StatusError, TestamurError
from testamur.loading import load
from testamur.protocols import Fetched, Fetcher
from testamur.secured import Secured
from testamur.verification import answers
from testamur.verification.report import Answer, Check, CheckName, Report, Verdict

if TYPE_CHECKING:
    from testamur import status
    from testamur.status import bitstring_status_list, revocation_list_1edtech, status_list_2021
    from testamur.status.bitstring import BitString
    from testamur.status.model import StatusAnswer, StatusEntry, StatusListView
else:  # a credential without a status does without
    status = lazy_module("testamur.status")
    bitstring_status_list = lazy_module("testamur.status.bitstring_status_list")
    revocation_list_1edtech = lazy_module("testamur.status.revocation_list_1edtech")
    status_list_2021 = lazy_module("testamur.status.status_list_2021")

__all__ = ["StatusChecker"]

_SPEC = "Bitstring Status List 1.0, Validate Algorithm"
_SPEC_2021 = "StatusList2021, Validate Algorithm"
_SPEC_1EDTECH = "Open Badges 3.0, 8.5 (1EdTech Revocation List)"
_BITSTRING = "BitstringStatusListEntry"
_STATUS_LIST_2021 = "StatusList2021Entry"
_REVOCATION_LIST = "1EdTechRevocationList"
_WITHDRAWN = {
    "revocation": (Code.REVOKED, "withdrawn"),
    "suspension": (Code.SUSPENDED, "suspended"),
}
_NOTES = {
    "refresh": (Code.REFRESH_AVAILABLE, "has a newer version of it"),
    "message": (Code.STATUS_MESSAGE, "says"),
}
_CLEAR = {
    "revocation": "The issuer has not withdrawn it.",
    "suspension": "The issuer has not suspended it.",
    "refresh": "The issuer has no newer version of it.",
    "message": "The issuer has no message about it.",
}
_USUAL = ("type", "statusPurpose", "statusListCredential")
_NO_LIST_AT_ALL = frozenset({Code.MALFORMED_INPUT, Code.IMAGE_MALFORMED, Code.IMAGE_NO_CREDENTIAL})
_OUT_OF_DATE = frozenset({Verdict.EXPIRED, Verdict.NOT_YET_VALID, Verdict.UNFINISHED})


@dataclass(frozen=True, slots=True)
class _List:
    """A status list whose proof and dates were checked."""

    view: StatusListView
    fetched_at: datetime | None
    bits: dict[int, BitString] = field(default_factory=dict)

    def bits_of(self, size: int) -> BitString:
        """Return the list's values, expanded once, read as entries of so many bits."""
        found = self.bits.get(size)
        if found is None:
            found = status.BitString.decode(self.view.encoded_list, status_size=size)
            self.bits[size] = found
        return found


class StatusChecker:
    """Checks status entries; each list is fetched and verified once in a run.

    Safe under threads: those that ask for a list that is on its way wait for it.
    """

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        examine_list: Callable[[Secured], Report],
        accept_issuer: Callable[[str, str], bool],
        now: datetime,
    ) -> None:
        """Prepare a run.

        Args:
            fetcher: gets the lists.
            examine_list: takes a list credential down the line, without its status.
            accept_issuer: given (list's issuer, credential's issuer), whether the list may speak.
            now: the clock.
        """
        self._fetcher = fetcher
        self._examine_list = examine_list
        self._accept_issuer = accept_issuer
        self._now = now
        self._lists: Once[_List | Check] = Once(most=limits.STATUS_LISTS)
        self._revocation_lists: Once[JsonObject | Check] = Once(most=limits.STATUS_LISTS)
        self._clear: dict[tuple[str, ...], tuple[BitString, Check]] = {}

    def check(self, document: JsonObject, issuer: str) -> tuple[Check, ...]:
        """Check all entries of a credential whose proof is genuine.

        Args:
            document: the credential. issuer: its issuer's id.
        """
        value = document.get("credentialStatus")
        if value is None:
            sentence = "The issuer did not give it a status, so it cannot be withdrawn."
            return (answers.not_applicable(CheckName.STATUS, sentence, spec=_SPEC),)
        entries = value if isinstance(value, list) else [value]
        if len(entries) > limits.STATUS_ENTRIES:
            error = StatusError(
                f"it has {len(entries)} status entries; at most {limits.STATUS_ENTRIES} are looked "
                "at",
                code=Code.RESOURCE_LIMIT,
            )
            return (_failed(error, _SPEC),)
        identifier = document.get("id")
        return tuple(self._entry(entry, issuer, identifier) for entry in entries)

    def _entry(self, entry: JsonValue, issuer: str, identifier: JsonValue) -> Check:
        if not isinstance(entry, dict):
            return _failed(StatusError(f"the status entry is {kind(entry)}, not an object"), _SPEC)
        types = entry.get("type")
        names = types if isinstance(types, list) else [types]
        try:
            if _BITSTRING in names:
                return self._in_bitstring_list(entry, issuer)
            if _STATUS_LIST_2021 in names:
                parsed = status_list_2021.parse_entry(entry)
                found = self._list(parsed, status_list_2021.parse_list, _SPEC_2021)
                return self._in_list(found, parsed, issuer, _SPEC_2021)
            if _REVOCATION_LIST in names:
                return self._in_revocation_list(entry, issuer, identifier)
        except TestamurError as error:
            return _failed(error, _SPEC)
        return answers.could_not_check(
            CheckName.STATUS,
            Code.STATUS_UNKNOWN_TYPE,
            f"Its status is of the kind {str(types)[:60]!r}, which is not known here, so it may "
            "have been withdrawn.",
            spec=_SPEC,
        )

    def _in_bitstring_list(self, entry: JsonObject, issuer: str) -> Check:
        """Most entries are like one that was clear, but for the index: then only that is asked."""
        like = _likeness(entry, issuer)
        known = self._clear.get(like)
        if known is not None:
            bits, clear = known
            index, conformant = bitstring_status_list.parse_status_list_index(
                entry["statusListIndex"]
            )
            if conformant and bits.get(index) == 0:
                return clear
        parsed = bitstring_status_list.parse_entry(entry)
        found = self._list(parsed, bitstring_status_list.parse_list, _SPEC)
        check = self._in_list(found, parsed, issuer, _SPEC)
        is_clear = check.answer is Answer.PASSED and check.code is None  # nothing to note either
        if like and is_clear and isinstance(found, _List):
            if len(self._clear) >= limits.STATUS_LISTS:
                self._clear.clear()
            self._clear[like] = (found.bits_of(parsed.status_size), check)
        return check

    def _list(
        self, entry: StatusEntry, parse_list: Callable[[JsonObject], StatusListView], spec: str
    ) -> _List | Check:
        url = entry.list_credential
        return self._lists.get(url, lambda: self._get_list(url, parse_list, spec))

    def _in_list(self, found: _List | Check, entry: StatusEntry, issuer: str, spec: str) -> Check:
        if isinstance(found, Check):
            return found
        url, view = entry.list_credential, found.view
        if not self._accept_issuer(view.issuer, issuer):
            return _failed(
                StatusError(
                    f"the status list is issued by {view.issuer[:120]}, not by the credential's "
                    "issuer",
                    code=Code.STATUS_VERIFICATION,
                    url=url,
                ),
                spec,
            )
        bits = found.bits_of(entry.status_size)
        answer = bitstring_status_list.lookup(entry, view, bits=bits)
        return self._answered(answer, spec, url, found)

    def _get_list(
        self, url: str, parse_list: Callable[[JsonObject], StatusListView], spec: str
    ) -> _List | Check:
        # Validate Algorithm, steps 1 to 4: fetch it, and verify it as a credential.
        fetched = self._fetch(url, spec)
        if isinstance(fetched, Check):
            return fetched
        try:
            secured = load(fetched.content)
        except TestamurError as error:
            # A login page or a truncated answer is no list; a list with a bad proof is an attack.
            if error.code in _NO_LIST_AT_ALL:
                return _not_had(f"what its server sent is no status list ({error.message})", url)
            return _failed(_unverified(url, error.message), spec)
        report = self._examine_list(secured)
        if report.verdict in _OUT_OF_DATE:
            return _not_had(
                f"the status list cannot be relied on: {report.reason}",
                url,
                Code.STATUS_VERIFICATION,
            )
        if report.contents is None:
            return _failed(_unverified(url, report.reason), spec)
        try:
            return _List(parse_list(secured.document), fetched.fetched_at)
        except TestamurError as error:
            return _failed(error, spec)

    def _answered(self, answer: StatusAnswer, spec: str, url: str, found: _List) -> Check:
        evidence = {"statusPurpose": answer.purpose, "statusListCredential": url}
        said = {"message": answer.message, "reason": answer.reason, "date": answer.date}
        evidence |= {label: text for label, text in said.items() if text is not None}
        why = f": {answer.reason or answer.message}" if answer.reason or answer.message else ""
        if answer.set and answer.purpose in _WITHDRAWN:
            code, what = _WITHDRAWN[answer.purpose]
            sentence = f"The issuer has {what} it{why}."
            return answers.failed(CheckName.STATUS, code, sentence, spec=spec, evidence=evidence)
        if answer.set and answer.purpose not in _NOTES:
            sentence = f"Its {answer.purpose[:60]!r} status is set, which means nothing known here."
            return answers.could_not_check(
                CheckName.STATUS,
                Code.STATUS_UNKNOWN_TYPE,
                sentence,
                spec=spec,
                evidence=evidence,
            )
        note = self._note(answer, url, found)
        if note is None:
            clear = _CLEAR.get(answer.purpose, f"Its {answer.purpose[:60]} status is not set.")
            return answers.passed(CheckName.STATUS, clear, spec=spec, evidence=evidence)
        return answers.passed(CheckName.STATUS, note[1], spec=spec, code=note[0], evidence=evidence)

    def _note(self, answer: StatusAnswer, url: str, found: _List) -> tuple[Code, str] | None:
        """What is worth knowing though nothing is wrong: the first thing, if any."""
        if answer.set:
            code, what = _NOTES[answer.purpose]
            return code, f"The issuer {what}{f': {answer.message}' if answer.message else ''}."
        notes = [*answer.remarks, *self._staleness(found), *_other_id(found.view, url)]
        return notes[0] if notes else None

    def _staleness(self, found: _List) -> list[tuple[Code, str]]:
        fetched_at, ttl = found.fetched_at, found.view.ttl
        if (
            fetched_at is None
            or ttl is None
            or self._now - fetched_at <= timedelta(milliseconds=ttl)
        ):
            return []
        sentence = (
            f"Not withdrawn as of {fetched_at:%Y-%m-%d %H:%M}, when this copy of the list was "
            "made; the issuer may have a newer one."
        )
        return [(Code.STATUS_RETRIEVAL, sentence)]

    def _in_revocation_list(self, entry: JsonObject, issuer: str, identifier: JsonValue) -> Check:
        """1EdTech Revocation List: plain JSON, so its server alone vouches for it."""
        url = revocation_list_1edtech.parse_entry(entry)
        if not isinstance(identifier, str):
            raise StatusError("a revocation list goes by ids; the credential has none", path="id")
        found = self._revocation_lists.get(url, lambda: self._get_revocation_list(url))
        if isinstance(found, Check):
            return found
        view = revocation_list_1edtech.parse_list(found)
        if not self._accept_issuer(view.issuer, issuer):
            raise StatusError(
                f"the revocation list is {view.issuer[:120]}'s, not the credential's issuer's",
                code=Code.STATUS_VERIFICATION,
                url=url,
            )
        answer = revocation_list_1edtech.lookup(identifier, view)
        listed = _List(status.StatusListView(None, view.issuer, ("revocation",), ""), None)
        return self._answered(answer, _SPEC_1EDTECH, url, listed)

    def _get_revocation_list(self, url: str) -> JsonObject | Check:
        fetched = self._fetch(url, _SPEC_1EDTECH)
        if isinstance(fetched, Check):
            return fetched
        try:
            return parse_object(fetched.content, max_bytes=limits.STATUS_LIST_BYTES)
        except TestamurError as error:
            return _not_had(f"what its server sent is no revocation list ({error.message})", url)

    def _fetch(self, url: str, spec: str) -> Fetched | Check:
        try:
            return self._fetcher.fetch(url, max_bytes=limits.STATUS_LIST_BYTES)
        except FetchError as error:
            if error.code is Code.URL_BLOCKED:
                return _failed(error, spec)
            known = error.code in (Code.OFFLINE, Code.RESOURCE_LIMIT)
            return _not_had(error.message, url, error.code if known else Code.STATUS_RETRIEVAL)


def _likeness(entry: JsonObject, issuer: str) -> tuple[str, ...]:
    """What entries have in common that are alike but for id and index; () for unusual ones."""
    values = [entry.get(name) for name in _USUAL]
    if len(entry) != len(_USUAL) + 2 or "statusListIndex" not in entry:
        return ()
    identifier, texts = entry.get("id"), [each for each in values if isinstance(each, str)]
    if len(texts) != len(_USUAL) or not isinstance(identifier, str):
        return ()
    if identifier in ("", texts[-1]):  # worth a remark, or refused
        return ()
    return (issuer, *texts)


def _other_id(view: StatusListView, url: str) -> list[tuple[Code, str]]:
    """Lists in use name themselves otherwise than their URL; their proof is what counts."""
    if view.id in (None, url):
        return []
    return [(Code.STATUS_VERIFICATION, f"Not withdrawn; the status list calls itself {view.id}.")]


def _unverified(url: str, reason: str) -> StatusError:
    return StatusError(
        f"the status list is not genuine ({reason})", code=Code.STATUS_VERIFICATION, url=url
    )


def _not_had(reason: str, url: str, code: Code = Code.STATUS_RETRIEVAL) -> Check:
    return answers.could_not_check(
        CheckName.STATUS,
        code,
        f"Whether it was withdrawn could not be checked: {reason.removesuffix('.')}.",
        spec=_SPEC,
        evidence={"statusListCredential": url},
    )


def _failed(error: TestamurError, spec: str) -> Check:
    return answers.failed(
        CheckName.STATUS,
        error.code,
        answers.sentence(error.message),
        spec=spec,
        path="credentialStatus",
        evidence={} if error.url is None else {"url": error.url},
    )
