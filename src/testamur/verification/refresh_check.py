"""Refresh: whether the issuer has a newer version (Open Badges 3.0, 8.3 Verification, step 3)."""

from __future__ import annotations

from collections.abc import Callable

from testamur import limits
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, TestamurError
from testamur.loading import load
from testamur.protocols import Fetcher
from testamur.secured import Secured
from testamur.verification import answers
from testamur.verification.document_checks import issuer_id
from testamur.verification.report import Check, CheckName, Report, Verdict, Weight

__all__ = ["check_refresh"]

_SPEC = "Open Badges 3.0, 8.3 Verification, step 3 (Refresh)"
_NO_LONGER = frozenset({Verdict.REVOKED, Verdict.SUSPENDED, Verdict.EXPIRED})
_TYPE = "1EdTechCredentialRefresh"


def check_refresh(
    document: JsonObject, fetcher: Fetcher, examine: Callable[[Secured], Report]
) -> Check:
    """Ask once for a newer version; without an answer the credential at hand stands.

    What comes back must have the same issuer and a genuine proof; with another id it is another
    credential, which its issuer offers in the place of this one. The answer is reported and never
    put in the place of the credential that was examined.

    Args:
        document: a credential whose proof is genuine.
        fetcher: gets the newer version.
        examine: takes it down the line.
    """
    value = document.get("refreshService")
    services = value if isinstance(value, list) else [value]
    urls = [
        service["id"]
        for service in services
        if isinstance(service, dict) and service.get("type") in (_TYPE, [_TYPE])
        if isinstance(service.get("id"), str)
    ]
    if not urls:
        return answers.not_applicable(
            CheckName.REFRESH, "It offers no way to ask for a newer version.", spec=_SPEC
        )
    url = str(urls[0])
    try:
        newer = load(fetcher.fetch(url, max_bytes=limits.FETCH_BYTES).content)
    except TestamurError as error:
        return _could_not_check(
            f"Whether there is a newer version could not be asked: {error.message}.",
            error.code,
        )
    if issuer_id(newer.document) != issuer_id(document):
        return _could_not_check(
            "What is offered as a newer version is another issuer's; it was ignored.",
            Code.ISSUER_MISMATCH,
        )
    report = examine(newer)
    if report.contents is None:
        return _could_not_check(
            f"What is offered as a newer version is not genuine; it was ignored. {report.reason}",
            Code.PROOF_INVALID,
        )
    if report.verdict in _NO_LONGER:
        return answers.failed(
            CheckName.REFRESH,
            Code.REFRESH_AVAILABLE,
            f"The issuer has another version of it, which no longer stands: {report.headline}",
            spec=_SPEC,
            weight=Weight.REMARK,
        )
    if newer.document == document:
        return answers.passed(CheckName.REFRESH, "It is the newest version.", spec=_SPEC)
    is_of_this_id = newer.document.get("id") == document.get("id")
    return answers.passed(
        CheckName.REFRESH,
        f"The issuer offers another {'version of it' if is_of_this_id else 'in its place'} "
        f"at {url}.",
        spec=_SPEC,
        code=Code.REFRESH_AVAILABLE,
    )


def _could_not_check(sentence: str, code: Code) -> Check:
    """The credential at hand stands, so this changes no verdict."""
    return answers.could_not_check(
        CheckName.REFRESH, code, sentence, spec=_SPEC, weight=Weight.INFORMATION
    )
