"""Descriptions as Open Badges, and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from descriptions import FULL, descriptions
from testamur import limits
from testamur.canon import fast_path
from testamur.canon.contexts import Contexts
from testamur.canon.rdfc10 import canonicalize
from testamur.errors import CanonicalizationError, Code, ModelError
from testamur.model.microcredential import (
    Assessment,
    AssessmentType,
    Convention,
    Credit,
    CreditSystem,
    Fate,
    LearningOutcome,
    MicroCredential,
    Mode,
    Participation,
    Reading,
    Supervision,
    Workload,
    from_open_badge,
    to_achievement,
    to_open_badge,
)
from testamur.model.microcredential.documents import read_document
from testamur.model.ob3 import (
    Achievement,
    AchievementCredential,
    Alignment,
    check_for_issue,
)

ID = "urn:uuid:6f2a9a1c-2f2e-4a37-8a39-3d4a1f3d0a11"


def read_back(document: dict[str, Any]) -> MicroCredential:
    return from_open_badge(AchievementCredential.from_json(document)).description


def foreign(**members: Any) -> AchievementCredential:
    """A badge of somebody else's with these members in its achievement."""
    document: dict[str, Any] = to_open_badge(
        MicroCredential(
            language="en",
            title={"en": "T"},
            id="https://a.example/1",
            issuer=FULL.issuer,
            issued=FULL.issued,
            learner=FULL.learner,
        ),
        id=ID,
    ).to_json()
    document["credentialSubject"]["achievement"] |= {"alignment": [], **members}
    return AchievementCredential.from_json(document)


def aligned(**members: str) -> AchievementCredential:
    alignment = {"type": ["Alignment"], "targetName": "N", "targetUrl": "https://f.example/1"}
    return foreign(alignment=[{**alignment, **members}])


def test_full_description_comes_back_out_of_a_badge() -> None:
    badge = to_open_badge(FULL, id=ID)
    check_for_issue(badge)
    read = from_open_badge(AchievementCredential.from_json(badge.to_json()))
    assert read.description == FULL
    assert read.findings == ()


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(description=descriptions(), convention=st.sampled_from(Convention))
def test_any_description_comes_back_out_of_a_badge(
    description: MicroCredential, convention: Convention
) -> None:
    badge = to_open_badge(description, id=ID, convention=convention)
    assert read_back(badge.to_json()) == description


def test_extension_holds_every_element_and_all_of_it_is_signed() -> None:
    badge = to_open_badge(FULL, id=ID, convention=Convention.EXTENSION)
    check_for_issue(badge)
    read = from_open_badge(AchievementCredential.from_json(badge.to_json()))
    assert read == Reading(FULL)
    canonical = canonicalize(badge.to_json(), contexts=Contexts.bundled()).decode()
    assert '#title> "Dobiera czujniki"@pl' in canonical  # the language as well
    with fast_path.general_path_only():
        assert canonicalize(badge.to_json(), contexts=Contexts.bundled()).decode() == canonical


def test_member_that_the_extension_does_not_define_is_not_signed_silently() -> None:
    document: dict[str, Any] = to_open_badge(FULL, id=ID, convention=Convention.EXTENSION).to_json()
    document["credentialSubject"]["achievement"]["microCredential"]["workload"]["efort"] = "PT1H"
    with pytest.raises(CanonicalizationError, match="efort"):
        canonicalize(document, contexts=Contexts.bundled())


def test_nothing_of_it_is_lost_under_the_published_contexts() -> None:
    """Every member is a term of these contexts: canonicalization refuses what is not."""
    canonicalize(to_open_badge(FULL, id=ID).to_json(), contexts=Contexts.bundled())


def test_reader_who_knows_only_the_standard_sees_a_complete_badge() -> None:
    achievement = to_achievement(FULL)
    assert achievement.name == "Sensors in the field"
    assert achievement.description.startswith("Plan, install and read sensors that measure")
    assert achievement.criteria.narrative == "Pass the practical assessment and the quiz."
    assert achievement.credits_available == 2.5
    assert achievement.field_of_study == "Agriculture"
    assert achievement.creator is not None
    assert achievement.creator.name == "School of Farming"
    said = {(str(each.target_type), each.target_name) for each in achievement.alignment}
    assert said >= {
        ("ext:EQF", "EQF level 5"),
        ("ext:LearningOutcome", "Choose sensors that fit a task"),
        ("ext:ESCO", "develop digital content"),
        ("ext:AssessmentType", "Practical assessment"),
        ("ext:Cost", "EUR 320, half for members"),
    }


def test_concepts_are_named_by_their_iris() -> None:
    urls = {each.target_url for each in to_achievement(FULL).alignment}
    assert urls >= {
        "http://data.europa.eu/snb/eqf/5",
        "http://data.europa.eu/snb/isced-f/0811",
        "http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a",
        "http://data.europa.eu/snb/supervision-verification/70be69aaf9",
        "http://publications.europa.eu/resource/authority/language/POL",
    }


def test_grades_stay_with_their_assessments_whatever_the_order() -> None:
    # The order of an array is not signed by the RDF suites, so anybody may change it.
    document: dict[str, Any] = to_open_badge(
        FULL.model_copy(update={"assessments": tuple(reversed(FULL.assessments))}), id=ID
    ).to_json()
    subject = document["credentialSubject"]
    subject["achievement"]["alignment"].reverse()
    read = read_back(document).assessments
    assert {each.modes[0]: each.grade for each in read} == {
        Mode.ON_SITE: FULL.assessments[0].grade,
        Mode.ONLINE: None,
    }


@pytest.mark.parametrize("missing", ["learner", "issuer", "issued"])
def test_badge_needs_whom_by_whom_and_when(missing: str) -> None:
    with pytest.raises(ModelError, match=f"description.{missing}: is missing"):
        to_open_badge(FULL.model_copy(update={missing: None}), id=ID)


def test_issuer_without_an_id_and_achievement_without_an_id_are_refused() -> None:
    nameless = FULL.issuer and FULL.issuer.model_copy(update={"id": None})
    with pytest.raises(ModelError, match=r"description\.issuer\.id: is missing"):
        to_open_badge(FULL.model_copy(update={"issuer": nameless}), id=ID)
    with pytest.raises(ModelError, match=r"description\.id: is missing"):
        to_achievement(FULL.model_copy(update={"id": None}))


@pytest.mark.parametrize(
    "members",
    [
        {"targetType": "ext:EQF", "targetCode": "6"},  # SURF
        {"targetType": "ext:EQFLevel", "targetCode": "6"},  # edubadges
        {"targetType": "ext:EQFAlignment", "targetName": "EQF 6"},
        {"targetUrl": "http://data.europa.eu/snb/eqf/6"},
    ],
)
def test_level_is_read_by_the_conventions_in_use(members: dict[str, str]) -> None:
    level = from_open_badge(aligned(**members)).description.level
    assert level is not None
    assert level.eqf == 6


def test_level_is_the_one_of_the_address_that_all_readers_see() -> None:
    name = "European Qualifications Framework (EQF)"
    own = {"targetType": "ext:EQF", "targetFramework": name, "targetName": "EQF level 3"}
    url = "http://data.europa.eu/snb/eqf/3"
    level = from_open_badge(aligned(**own, targetUrl=url, targetCode="8")).description.level
    assert level is not None
    assert level.eqf == 3


def test_alignments_that_are_the_same_are_named_each_in_its_place() -> None:
    # Looking for its place took quadratic time, too.
    alignment = {"type": ["Alignment"], "targetName": "N", "targetUrl": "https://f.example/1"}
    read = from_open_badge(foreign(alignment=[alignment, alignment]))
    assert [each.path for each in read.findings] == [
        "credentialSubject.achievement.alignment[0]",
        "credentialSubject.achievement.alignment[1]",
    ]


def test_badge_with_more_values_than_are_verified_is_not_read() -> None:
    document = foreign(tag=["t"] * limits.DOCUMENT_VALUES).to_json()
    with pytest.raises(ModelError, match="more than 10000 values") as caught:
        read_document(document)
    assert caught.value.code is Code.RESOURCE_LIMIT


def test_skill_of_esco_without_a_type_is_a_learning_outcome() -> None:
    url = "http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a"
    read = from_open_badge(aligned(targetUrl=url, targetName="develop digital content"))
    (outcome,) = read.description.learning_outcomes
    assert outcome.title == {"en": "develop digital content"}
    assert [(each.framework, each.url) for each in outcome.skills] == [("ESCO", url)]
    assert read.findings == ()


def test_credits_without_a_unit_are_not_taken_for_ects() -> None:
    read = from_open_badge(foreign(creditsAvailable=3))
    workload = read.description.workload
    assert workload is not None
    assert workload.credits[0].points == 3
    assert workload.credits[0].system is None
    assert [each.path for each in read.findings] == [
        "credentialSubject.achievement.creditsAvailable"
    ]


def test_members_of_surf_are_read() -> None:
    # Values of SURF's example of a micro-credential of higher education.
    badge = foreign(
        ECTS=3.0,
        participationType="onsite or blended",
        assessmentType="testing",
        identityChecked=True,
        supervisionType="onsite with identity verification",
    )
    read = from_open_badge(badge)
    described = read.description
    assert described.workload == Workload(credits=(Credit(points=3, system=CreditSystem.ECTS),))
    assert described.participation == Participation(modes=(Mode.BLENDED,))
    assert described.assessments == (
        Assessment(
            types=(AssessmentType.WRITTEN_EXAMINATION,),
            supervision=Supervision.SUPERVISED_WITH_IDENTITY_CHECK,
        ),
    )
    path = "credentialSubject.achievement"
    assert {(each.path, each.fate) for each in read.findings} == {
        (f"{path}.assessmentType", Fate.APPROXIMATED),  # "testing" is any test
        (f"{path}.participationType", Fate.APPROXIMATED),
    }


@pytest.mark.parametrize(
    "members",
    [{"ECTS": "3"}, {"ECTS": True}, {"SBU": -1}, {"supervisionType": "x"}, {"identityChecked": 1}],
)
def test_members_of_surf_with_other_values_have_no_place(members: dict[str, Any]) -> None:
    read = from_open_badge(foreign(**members))
    assert [each.fate for each in read.findings] == [Fate.NO_PLACE]
    assert read.description.workload is None
    assert read.description.assessments == ()


def test_what_has_no_place_is_named() -> None:
    read = from_open_badge(foreign(humanCode="X1", tag=["a"]))
    assert {(each.path, each.fate) for each in read.findings} == {
        ("credentialSubject.achievement.humanCode", Fate.NO_PLACE),
        ("credentialSubject.achievement.tag", Fate.NO_PLACE),
    }


@pytest.mark.parametrize(
    "code",
    [
        "9",
        "[" * 2000,
        '{"relation":"part-of","extra":1}',
        '{"relation":"nonsense"}',
        '{"relation":"part-of","relation":"stand-alone"}',
        "\u2028",
        "",
    ],
)
def test_machine_value_that_is_none_is_read_as_by_others(code: str) -> None:
    badge = aligned(targetType="ext:Stackability", targetFramework="Stackability", targetCode=code)
    read = from_open_badge(badge)
    assert read.description.stackability == ()
    assert [each.fate for each in read.findings] == [Fate.APPROXIMATED]


def test_results_of_others_become_assessments() -> None:
    document: dict[str, Any] = foreign(
        resultDescription=[
            {
                "id": "https://a.example/r",
                "type": ["ResultDescription"],
                "name": "Final exam",
                "resultType": "RubricCriterionLevel",
                "rubricCriterionLevel": [
                    {
                        "id": "https://a.example/l1",
                        "type": ["RubricCriterionLevel"],
                        "name": "Mastered",
                    }
                ],
            }
        ]
    ).to_json()
    document["credentialSubject"]["result"] = [
        {
            "type": ["Result"],
            "resultDescription": "https://a.example/r",
            "achievedLevel": "https://a.example/l1",
            "status": "Completed",
        }
    ]
    (assessment,) = read_back(document).assessments
    assert assessment.title == {"en": "Final exam"}
    assert assessment.grade is not None
    assert (assessment.grade.value, assessment.grade.status) == ("Mastered", "passed")


def test_empty_parts_are_nothing() -> None:
    assert Assessment().to_json() == {}
    with pytest.raises(ModelError):
        LearningOutcome(title={})


def test_alignments_of_two_kinds_of_one_url_are_kept_apart() -> None:
    alignment = Alignment(target_name="N", target_url="https://f.example/1")
    other = alignment.model_copy(update={"target_name": "M"})
    achievement: Achievement = foreign().credential_subject.achievement
    badge = foreign(alignment=[alignment.to_json(), other.to_json()])
    titles = [each.title["en"] for each in from_open_badge(badge).description.learning_outcomes]
    assert titles == ["N", "M"]
    assert achievement.alignment == ()
