"""Short ways to say what a check found."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from testamur.errors import Code, FetchError, TestamurError
from testamur.verification.report import Answer, Check, CheckName, Weight

__all__ = ["could_not_check", "failed", "from_error", "not_applicable", "passed", "sentence"]

_ABOUT_A_PERSON = frozenset({CheckName.RECIPIENT, CheckName.HOLDER})  # not to be remembered
_TRANSIENT = frozenset({Code.OFFLINE, Code.UNREACHABLE})


def passed(
    name: CheckName,
    sentence: str,
    *,
    spec: str,
    code: Code | None = None,
    evidence: Mapping[str, str] | None = None,
) -> Check:
    """The check was made, and nothing is wrong; a code notes something worth knowing."""
    return _check(name, Answer.PASSED, code, sentence, spec=spec, evidence=evidence)


def not_applicable(name: CheckName, sentence: str, *, spec: str) -> Check:
    """There was nothing to check."""
    return _check(name, Answer.NOT_APPLICABLE, None, sentence, spec=spec)


def failed(
    name: CheckName,
    code: Code,
    sentence: str,
    *,
    spec: str,
    weight: Weight = Weight.REQUIRED,
    path: str | None = None,
    evidence: Mapping[str, str] | None = None,
) -> Check:
    """The check was made, and something is wrong."""
    return _check(
        name, Answer.FAILED, code, sentence, spec=spec, weight=weight, path=path, evidence=evidence
    )


def could_not_check(
    name: CheckName,
    code: Code | None,
    sentence: str,
    *,
    spec: str,
    weight: Weight = Weight.REQUIRED,
    evidence: Mapping[str, str] | None = None,
) -> Check:
    """The check could not be made, so nobody knows."""
    return _check(
        name, Answer.COULD_NOT_CHECK, code, sentence, spec=spec, weight=weight, evidence=evidence
    )


def from_error(
    name: CheckName,
    error: TestamurError,
    *,
    spec: str,
    evidence: Mapping[str, str] | None = None,
) -> Check:
    """The check ended in an error: failed, or could not be made where no answer came at all."""
    facts = dict(evidence or {})
    if error.url is not None:
        facts["url"] = error.url
    transient = isinstance(error, FetchError) and error.code in _TRANSIENT
    return _check(
        name,
        Answer.COULD_NOT_CHECK if transient else Answer.FAILED,
        error.code,
        sentence(error.message),
        spec=spec,
        path=error.path,
        evidence=facts,
    )


def sentence(message: str) -> str:
    """Write an error's message as a sentence; a URL or a member's path at its start stays."""
    first = message.split(" ", 1)[0]
    begun = message if ":" in first or "." in first else message[:1].upper() + message[1:]
    return begun + ("" if begun.endswith(".") else ".")


def _check(
    name: CheckName,
    answer: Answer,
    code: Code | None,
    sentence: str,
    *,
    spec: str,
    weight: Weight = Weight.REQUIRED,
    path: str | None = None,
    evidence: Mapping[str, str] | None = None,
) -> Check:
    facts = tuple(evidence.items()) if evidence else ()
    make = _new if name in _ABOUT_A_PERSON else _known
    return make(name, answer, code, sentence, spec, weight, path, facts)


def _new(
    name: CheckName,
    answer: Answer,
    code: Code | None,
    sentence: str,
    spec: str,
    weight: Weight,
    path: str | None,
    facts: tuple[tuple[str, str], ...],
) -> Check:
    return Check(
        name=name,
        answer=answer,
        code=code,
        sentence=sentence,
        spec=spec,
        weight=weight,
        path=path,
        evidence=dict(facts),
    )


# Checks cannot be changed, and most credentials of a run get the same ones.
_known = functools.lru_cache(maxsize=4096)(_new)
