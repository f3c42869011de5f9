"""Refresh: whether the issuer has a newer version (Open Badges 3.0, 8.3 Verification, step 3)."""

from __future__ import annotations

from collections.abc import Callable

from testamur import limits
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, TestamurError
from testamur.loading import load
from testamur.protocols import Fetcher
from testamur.secured import Secured
from testamur.verification.document_checks import issuer_id
from testamur.verification.report import Answer, Check, CheckName, Report, Weight

__all__ = ["check_refresh"]

_SPEC = "Open Badges 3.0, 8.3 Verification, step 3 (Refresh)"
_TYPE = "1EdTechCredentialRefresh"


def check_refresh(
    document: JsonObject, fetcher: Fetcher, examine: Callable[[Secured], Report]
) -> Check:
    """Ask once for a newer version; without an answer the credential at hand stands.

    What comes back must have the same id and issuer and a genuine proof; the answer is reported and
    never put in the place of the credential that was examined.

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
        return _check(Answer.NOT_APPLICABLE, "It offers no way to ask for a newer version.", None)
    url = str(urls[0])
    try:
        newer = load(fetcher.fetch(url, max_bytes=limits.FETCH_BYTES).content)
    except TestamurError as error:
        return _check(
            Answer.COULD_NOT_CHECK,
            f"Whether there is a newer version could not be asked: {error.message}.",
            error.code,
        )
    if newer.document.get("id") != document.get("id") or issuer_id(newer.document) != issuer_id(
        document
    ):
        return _check(
            Answer.COULD_NOT_CHECK,
            "What is offered as a newer version is another credential; it was ignored.",
            Code.ISSUER_MISMATCH,
        )
    report = examine(newer)
    if report.contents is None:
        return _check(
            Answer.COULD_NOT_CHECK,
            f"What is offered as a newer version is not genuine; it was ignored. {report.reason}",
            Code.PROOF_INVALID,
        )
    if newer.document == document:
        return _check(Answer.PASSED, "It is the newest version.", None)
    return _check(
        Answer.PASSED, f"The issuer offers another version of it at {url}.", Code.REFRESH_AVAILABLE
    )


def _check(answer: Answer, sentence: str, code: Code | None) -> Check:
    return Check(
        name=CheckName.REFRESH,
        answer=answer,
        code=code,
        weight=Weight.INFORMATION,
        sentence=sentence,
        spec=_SPEC,
    )
