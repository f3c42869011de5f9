"""What is asked of a badge before it is signed: the schemas' gaps and the field's traps."""

from __future__ import annotations

from typing import Any

import pytest

from testamur.errors import Code, ModelError
from testamur.model.ob3 import EndorsementCredential, check_for_issue
from testamur.model.parse import parse_credential
from unit.model.documents import (
    EXTENSIONS,
    OB,
    OB_FIRST,
    V2,
    achievement,
    badge,
    badge_with_achievement,
    badge_with_subject,
    complete_badge,
    endorsement,
    vc,
)

SUBJECT = ".credentialSubject"
ACHIEVEMENT = f"{SUBJECT}.achievement"


def refused(
    document: dict[str, Any], path: str, reason: str, code: Code = Code.NOT_CONFORMANT
) -> None:
    """Assert that the document is read, and not fit to be issued for this reason."""
    credential = parse_credential(document)
    with pytest.raises(ModelError) as caught:
        check_for_issue(credential)
    assert caught.value.path == f"credential{path}"
    assert reason in caught.value.message
    assert caught.value.message.startswith(f"credential{path}: ")
    assert caught.value.code is code


def with_result(
    result: dict[str, object], description: dict[str, object] | None = None
) -> dict[str, Any]:
    """A badge with one result and one result description."""
    document = badge_with_subject(
        result=[{"type": "Result", "resultDescription": "urn:x:r", **result}],
    )
    document["credentialSubject"]["achievement"] = achievement(
        resultDescription=[
            {
                "id": "urn:x:r",
                "type": "ResultDescription",
                "name": "Result",
                "resultType": "Result",
                **(description or {}),
            }
        ]
    )
    return document


def test_good_badges_are_fit() -> None:
    check_for_issue(parse_credential(badge()))
    check_for_issue(EndorsementCredential.from_json(endorsement()))


def test_other_credentials_have_nothing_to_check() -> None:
    check_for_issue(parse_credential(vc()))


def test_badge_with_every_property_is_fit() -> None:
    document = complete_badge()
    # The endorsement in the documents endorses the achievement.
    for holder in (document, document["issuer"], document["credentialSubject"]["achievement"]):
        holder.pop("endorsement")
    document["credentialSubject"]["achievement"]["creator"].pop("endorsement", None)
    check_for_issue(parse_credential(document))


@pytest.mark.parametrize("older", [OB_FIRST, OB.replace("3.0.3", "3.0.2")])
def test_badges_are_published_under_the_current_context(older: str) -> None:
    document = badge(**{"@context": [V2, older]})
    refused(document, ".@context[1]", f"write {OB}", Code.CONTEXT_REJECTED)


def test_inline_context_is_not_published() -> None:
    document = badge(**{"@context": [V2, OB, {"ects": "urn:x:ects"}]})
    refused(document, ".@context", "publish it and write its URL", Code.CONTEXT_REJECTED)


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        ("credentialSchema", "1EdTechJsonSchemaValidator2019"),
        ("refreshService", "1EdTechCredentialRefresh"),
    ],
)
def test_types_of_1edtech_need_the_extensions_context(member: str, kind: str) -> None:
    method = {"id": "https://uni.example/x", "type": kind}
    document = badge(**{member: method})
    refused(document, ".@context", f"add {EXTENSIONS}", Code.CONTEXT_REJECTED)
    document["@context"].append(EXTENSIONS)
    check_for_issue(parse_credential(document))


def test_deprecated_revocation_list_is_not_published() -> None:
    status = {"id": "https://uni.example/revocations", "type": "1EdTechRevocationList"}
    document = badge(credentialStatus=status, **{"@context": [V2, OB, EXTENSIONS]})
    refused(document, ".credentialStatus", "use a BitstringStatusListEntry")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (..., "is missing"),
        ("", "is missing"),
        (" \n", "is blank"),
        ({"@value": "Teamwork", "@language": "en"}, "is not a plain string"),
    ],
)
def test_credential_is_always_named_in_one_string(name: object, reason: str) -> None:
    refused(badge(name=name), ".name", reason)


def test_description_is_one_string() -> None:
    refused(badge(description=[{"@value": "x"}]), ".description", "is not a plain string")


def test_issuer_is_an_object_with_a_name() -> None:
    refused(badge(issuer="did:web:uni.example"), ".issuer", "write a Profile", Code.ISSUER_INVALID)
    refused(badge(issuer={"id": "urn:x:p", "type": ["Profile"]}), ".issuer.name", "is missing")


def test_country_code_is_two_capital_letters() -> None:
    profile = {
        "id": "urn:x:p",
        "type": ["Profile"],
        "name": "Uni",
        "address": {"type": ["Address"], "addressCountryCode": "POL"},
    }
    refused(badge(issuer=profile), ".issuer.address.addressCountryCode", "as PL")
    refused(
        badge_with_subject(source=profile), f"{SUBJECT}.source.address.addressCountryCode", "as PL"
    )
    refused(
        badge_with_achievement(creator=profile),
        f"{ACHIEVEMENT}.creator.address.addressCountryCode",
        "as PL",
    )


@pytest.mark.parametrize("criteria", [{}, {"narrative": ""}, {"note": "x"}])
def test_criteria_must_say_something(criteria: object) -> None:
    refused(badge_with_achievement(criteria=criteria), f"{ACHIEVEMENT}.criteria", "add an id")


@pytest.mark.parametrize(
    "kind", ["ext:MicroCredential", "ext:Microcredential", "ext:micro-credential"]
)
def test_micro_credential_has_one_name(kind: str) -> None:
    document = badge_with_achievement(achievementType=kind)
    refused(document, f"{ACHIEVEMENT}.achievementType", "write 'MicroCredential'")


def test_micro_credential_is_a_term_of_the_standard() -> None:
    check_for_issue(parse_credential(badge_with_achievement(achievementType="MicroCredential")))


@pytest.mark.parametrize("tag", ["en-us", "EN", "de-CH-1996", "x-private"])
def test_language_is_a_language_code_of_the_standard(tag: str) -> None:
    refused(badge_with_achievement(inLanguage=tag), f"{ACHIEVEMENT}.inLanguage", "as en, pl")


def test_result_descriptions_have_their_own_ids() -> None:
    document = with_result({})
    descriptions = document["credentialSubject"]["achievement"]["resultDescription"]
    descriptions.append({**descriptions[0], "name": "Other"})
    refused(document, f"{ACHIEVEMENT}.resultDescription[1].id", "is used twice")


@pytest.mark.parametrize(
    ("identity", "member", "reason"),
    [
        ({"identityHash": "md5$" + "0" * 32, "salt": "x"}, "identityHash", "use SHA-256"),
        ({"identityHash": "sha256$" + "0" * 64}, "salt", "add a random salt"),
        ({"identityHash": "sha256$" + "0" * 64, "salt": ""}, "salt", "add a random salt"),
    ],
)
def test_identifiers_are_hashed_so_that_they_cannot_be_looked_up(
    identity: dict[str, object], member: str, reason: str
) -> None:
    entry = {"type": "IdentityObject", "hashed": True, "identityType": "emailAddress", **identity}
    document = badge_with_subject(identifier=[entry])
    refused(document, f"{SUBJECT}.identifier[0].{member}", reason)


@pytest.mark.parametrize("date", ["2025-10-01", "2025-10-01T00:00:00"])
def test_activity_dates_have_a_time_zone(date: str) -> None:
    document = badge_with_subject(activityEndDate=date)
    refused(document, f"{SUBJECT}.activityEndDate", "has no time zone", Code.VALIDITY_MALFORMED)


def test_activity_ends_after_it_starts() -> None:
    document = badge_with_subject(
        activityStartDate="2025-10-02T00:00:00Z", activityEndDate="2025-10-01T00:00:00Z"
    )
    refused(document, f"{SUBJECT}.activityEndDate", "is before", Code.VALIDITY_MALFORMED)


LEVELS = [{"id": "urn:x:l", "type": "RubricCriterionLevel", "name": "Mastery"}]
RESULT = f"{SUBJECT}.result[0]"
DESCRIPTION = f"{ACHIEVEMENT}.resultDescription[0]"


@pytest.mark.parametrize(
    ("result", "description", "path", "reason"),
    [
        ({"resultDescription": "urn:x:none"}, {}, f"{RESULT}.resultDescription", "is no result"),
        ({"achievedLevel": "urn:x:l"}, {}, f"{RESULT}.achievedLevel", "is no rubricCriterionLevel"),
        (
            {},
            {"requiredLevel": "urn:x:l"},
            f"{DESCRIPTION}.requiredLevel",
            "name one of its levels",
        ),
        ({"value": "E"}, {"allowedValue": ["D", "C"]}, f"{RESULT}.value", "write one of D, C"),
        ({}, {"allowedValue": ["D"], "requiredValue": "E"}, f"{DESCRIPTION}.requiredValue", "of D"),
        ({"value": "101"}, {"valueMin": "0", "valueMax": "100"}, f"{RESULT}.value", "outside 0 to"),
        ({"value": "-0.5"}, {"valueMin": "0"}, f"{RESULT}.value", "is outside"),
        ({}, {"valueMax": "5", "requiredValue": "6"}, f"{DESCRIPTION}.requiredValue", "outside"),
        ({}, {"resultType": "Status"}, f"{RESULT}.status", "is missing though"),
    ],
)
def test_results_fit_their_descriptions(
    result: dict[str, object], description: dict[str, object], path: str, reason: str
) -> None:
    refused(with_result(result, description), path, reason)


def test_level_needs_a_description() -> None:
    document = with_result({"achievedLevel": "urn:x:l"}, {"rubricCriterionLevel": LEVELS})
    check_for_issue(parse_credential(document))
    document["credentialSubject"]["result"][0].pop("resultDescription")
    refused(document, f"{RESULT}.resultDescription", "is missing")


def test_result_without_a_description_and_a_level_is_fit() -> None:
    check_for_issue(parse_credential(badge_with_subject(result=[{"type": "Result", "value": "A"}])))


@pytest.mark.parametrize(
    ("result", "description"),
    [
        ({"value": "C"}, {"allowedValue": ["D", "C"]}),
        ({"value": "100"}, {"valueMin": "0", "valueMax": "100"}),
        ({"value": "9.50"}, {"valueMin": "0", "valueMax": "1e1"}),
        ({"value": "B"}, {"valueMin": "D", "valueMax": "A"}),
        ({"value": "NaN"}, {"valueMin": "0", "valueMax": "1"}),
        ({"status": "Completed"}, {"resultType": "Status"}),
        ({}, {"rubricCriterionLevel": LEVELS, "requiredLevel": "urn:x:l"}),
    ],
)
def test_fitting_results_are_fit(result: dict[str, object], description: dict[str, object]) -> None:
    check_for_issue(parse_credential(with_result(result, description)))


def test_endorsement_endorses_what_it_is_attached_to() -> None:
    other = endorsement(
        credentialSubject={"id": "https://other.example/x", "type": ["EndorsementSubject"]}
    )
    path = "endorsement[0].credentialSubject.id"
    code = Code.ENDORSEMENT_INVALID
    refused(badge(endorsement=[other]), f".{path}", "is not what the endorsement", code)
    refused(
        badge_with_achievement(endorsement=[other]), f"{ACHIEVEMENT}.{path}", "is not what", code
    )
    profile = {"id": "urn:x:p", "type": ["Profile"], "name": "Uni", "endorsement": [endorsement()]}
    refused(badge(issuer=profile), f".issuer.{path}", "is not what", code)
    refused(
        badge_with_achievement(creator=profile), f"{ACHIEVEMENT}.creator.{path}", "is not", code
    )
    check_for_issue(parse_credential(badge(endorsement=[endorsement()])))
    check_for_issue(parse_credential(badge_with_achievement(endorsement=[endorsement()])))


def test_embedded_endorsement_is_signed() -> None:
    document = badge(endorsement=[endorsement(proof=...)])
    refused(
        document, ".endorsement[0].proof", "embed an endorsement after", Code.ENDORSEMENT_INVALID
    )
