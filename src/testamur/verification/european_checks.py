"""What is asked of a European Digital Credential beside what is asked of any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, TestamurError
from testamur.verification import answers
from testamur.verification.policy import Policy
from testamur.verification.report import Check, CheckName, Weight

if TYPE_CHECKING:
    from testamur.model.elm.shacl import Violation
    from testamur.model.faults import Fault

__all__ = ["EUROPEAN_SPEC", "check_european_schema", "check_european_status"]

EUROPEAN_SPEC = "European Learning Model 3.1, EDC-generic; VC Data Model 1.1"


def check_european_schema(document: JsonObject, policy: Policy | None = None) -> Check:
    """Say how far a European Digital Credential follows its model; whoever signed it, signed it so.

    What it departs in is no reason to call it invalid: newer versions of the model have more.
    """
    from testamur.model.elm.issue_check import StatusUse, examine_document  # some fifty classes

    unsecured = {name: value for name, value in document.items() if name != "proof"}
    findings = examine_document(unsecured, status=StatusUse.ALLOWED)
    evidence = {"schema": _schemas(document)}
    if findings.remarks:
        evidence["probably not meant"] = "; ".join(map(str, findings.remarks))[:1000]
    if findings.faults:
        return _departs("the European Learning Model 3.1", findings.faults, evidence)
    if policy is None or policy.shapes is None:
        return answers.could_not_check(
            CheckName.SCHEMA,
            Code.SCHEMA,
            "It follows the European Learning Model as far as that is built in; the published "
            "shapes that it names were not run.",
            spec=EUROPEAN_SPEC,
            weight=Weight.INFORMATION,
            evidence=evidence,
        )
    try:
        violations = policy.shapes.find_violations(unsecured, contexts=policy.contexts)
    except TestamurError as error:
        return answers.could_not_check(
            CheckName.SCHEMA,
            Code.SCHEMA,
            f"The published shapes that it names could not be run: {error.message}.",
            spec=EUROPEAN_SPEC,
            weight=Weight.INFORMATION,
            evidence=evidence,
        )
    if violations:
        return _departs("the published shapes that it names", violations, evidence)
    return answers.passed(
        CheckName.SCHEMA,
        "It conforms to the published shapes that it names.",
        spec=EUROPEAN_SPEC,
        evidence=evidence,
    )


def _departs(model: str, faults: Sequence[Fault | Violation], evidence: Mapping[str, str]) -> Check:
    first, others = faults[0], len(faults) - 1
    more = f", in this and {others} more" if others else ""
    return answers.failed(
        CheckName.SCHEMA,
        Code.SCHEMA,
        answers.sentence(f"it departs from {model}{more}: {first}"),
        spec=EUROPEAN_SPEC,
        weight=Weight.REMARK,
        path=first.path,
        evidence=evidence,
    )


def _schemas(document: JsonObject) -> str:
    schemas = document.get("credentialSchema")
    items = schemas if isinstance(schemas, list) else [schemas]
    return ", ".join(str(each.get("id")) for each in items if isinstance(each, dict))[:1000]


def check_european_status(document: JsonObject) -> list[Check]:
    """Remark a status where no verifier looks for one, since the place for it breaks the shapes."""
    if "status" not in document:
        return []
    return [
        answers.could_not_check(
            CheckName.STATUS,
            Code.STATUS_UNKNOWN_TYPE,
            "It has a status in a place that the standards do not give one, so it was not looked "
            "at; ask the issuer whether it still holds.",
            spec=EUROPEAN_SPEC,
            weight=Weight.REMARK,
        )
    ]
