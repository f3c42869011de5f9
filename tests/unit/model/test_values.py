"""URLs, numbers, compact JWS, vocabularies, and texts with a language."""

from __future__ import annotations

import pytest

from testamur.canon.strict_json import JsonFloat
from testamur.errors import ModelError
from testamur.model.ob3 import (
    Achievement,
    AchievementCredential,
    AchievementType,
    AlignmentTargetType,
    Criteria,
    GeoCoordinates,
    IdentifierType,
    Profile,
    ResultStatus,
    ResultType,
)
from unit.model.documents import achievement, badge


@pytest.mark.parametrize(
    "url",
    [
        "https://uni.example/a?b=c#d",
        "HTTPS://UNI.EXAMPLE/",
        "http://[::1]:8080/",
        "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj",
        "did:web:uni.example%3A8443:physics",
        "urn:uuid:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0001",
        "mailto:ada@uni.example",
        "data:image/png;base64,iVBORw0KGgo=",
        "data:,",
        "tag:uni.example,2026:x",
        "https://uni.example/za%C5%BC%C3%B3%C5%82%C4%87",
        "https://uni.example/zażółć/é",
        "x-custom+scheme.1:anything",
    ],
)
def test_absolute_urls_are_accepted(url: str) -> None:
    assert Criteria(id=url).id == url


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("", "it has no scheme"),
        ("fake-issuer", "it has no scheme"),
        ("/credentials/1", "it has no scheme"),
        ("//uni.example/1", "it has no scheme"),
        ("z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj", "it has no scheme"),
        ("_:b0", "it has no scheme"),
        ("1x:y", "it has no scheme"),
        ("żółć:y", "it has no scheme"),
        ("https:", "it has no scheme"),
        ("https ://not-a-url/vcs/1", "percent-encode it"),
        ("https://uni.example/a b", "percent-encode it"),
        ("https://uni.example/a\n", "percent-encode it"),
        ("https://uni.example/\u00a0", "percent-encode it"),
        ("https://uni.example/\u202emoc.live", "percent-encode it"),
        ("https://uni.example/\ud800", "percent-encode it"),
        ("https://uni.example/\x00", "percent-encode it"),
        ("https://uni.example/<script>", "percent-encode it"),
        ("https://uni.example/a|b", "percent-encode it"),
        ("https://uni.example/a\\b", "percent-encode it"),
        ("https://uni.example/{id}", "percent-encode it"),
        ("https://uni.example/`", "percent-encode it"),
        ("https://uni.example/%zz", "write the % itself as %25"),
        ("https://uni.example/100%", "write the % itself as %25"),
        ("https:uni.example", "it names no host"),
        ("https:///path", "it names no host"),
        ("http://?x", "it names no host"),
        ("did:key:", "did:method:identifier"),
        ("did:KEY:z6Mk", "did:method:identifier"),
    ],
)
def test_anything_else_is_not_a_url(url: str, remedy: str) -> None:
    with pytest.raises(ModelError) as caught:
        Criteria(id=url)
    assert caught.value.message.startswith("criteria.id: ")
    assert remedy in caught.value.message


@pytest.mark.parametrize("number", [0, 5, -5, 6.5, 2**53, -(2**53), JsonFloat("1E2")])
def test_numbers_are_kept_as_they_are(number: float) -> None:
    place = GeoCoordinates(latitude=number, longitude=0)
    assert place.latitude is number


@pytest.mark.parametrize(
    "number",
    [True, "5", None, 2**53 + 1, -(2**53) - 1, float("nan"), float("inf"), [1], {"@value": 1}],
)
def test_anything_else_is_not_a_number(number: object) -> None:
    with pytest.raises(ModelError, match=r"^geoCoordinates\.latitude: "):
        GeoCoordinates.from_json(
            {"type": "GeoCoordinates", "latitude": number, "longitude": 0}  # type: ignore[dict-item]
        )


# The terms as they are printed in Open Badges 3.0, section "Enumerations".
ACHIEVEMENT_TYPES = (
    "Achievement ApprenticeshipCertificate Assessment Assignment AssociateDegree Award Badge "
    "BachelorDegree Certificate CertificateOfCompletion Certification CommunityService Competency "
    "Course CoCurricular Degree Diploma DoctoralDegree Fieldwork GeneralEducationDevelopment "
    "JourneymanCertificate LearningProgram License Membership ProfessionalDoctorate "
    "QualityAssuranceCredential MasterCertificate MasterDegree MicroCredential ResearchDoctorate "
    "SecondarySchoolDiploma"
)
TARGET_TYPES = (
    "ceasn:Competency ceterms:Credential CFItem CFRubric CFRubricCriterion "
    "CFRubricCriterionLevel CTDL"
)
IDENTIFIER_TYPES = (
    "name sourcedId systemId productId userName accountId emailAddress nationalIdentityNumber "
    "isbn issn lisSourcedId oneRosterSourcedId sisSourcedId ltiContextId ltiDeploymentId ltiToolId "
    "ltiPlatformId ltiUserId identifier"
)
RESULT_TYPES = (
    "GradePointAverage LetterGrade Percent PerformanceLevel PredictedScore RawScore Result "
    "RubricCriterion RubricCriterionLevel RubricScore ScaledScore Status"
)
RESULT_STATUSES = "Completed Enrolled Failed InProgress OnHold Provisional Withdrew"


@pytest.mark.parametrize(
    ("vocabulary", "terms"),
    [
        (AchievementType, ACHIEVEMENT_TYPES),
        (AlignmentTargetType, TARGET_TYPES),
        (IdentifierType, IDENTIFIER_TYPES),
        (ResultType, RESULT_TYPES),
        (ResultStatus, RESULT_STATUSES),
    ],
)
def test_vocabulary_has_the_terms_of_the_standard(vocabulary: type[str], terms: str) -> None:
    assert {str(term) for term in vocabulary} == set(terms.split())  # type: ignore[attr-defined]


@pytest.mark.parametrize("term", ["ext:Microcredential", "ext:ISCED-F", "ext:a.b_c|d-1"])
def test_extended_terms_are_kept(term: str) -> None:
    document = achievement(achievementType=term)
    model = Achievement.from_json(document)
    assert model.achievement_type == term
    assert model.to_json() == document


@pytest.mark.parametrize(
    "term",
    [
        "Microcredential",
        "Program",
        "fooext:bar",
        "ext:",
        "ext:a b",
        "Ext:a",
        "ext:é",
        "",
        "x" * 9_999,
    ],
)
def test_terms_that_are_not_in_the_vocabulary_are_refused(term: str) -> None:
    with pytest.raises(ModelError, match="is not in the vocabulary AchievementType") as caught:
        Achievement.from_json(achievement(achievementType=term))
    assert caught.value.path == "achievement.achievementType"


@pytest.mark.parametrize("term", [None, 5, ["Badge"]])
def test_terms_are_strings(term: object) -> None:
    with pytest.raises(ModelError, match=r"^achievement\.achievementType: is .*write a string"):
        Achievement.from_json(achievement(achievementType=term))


def test_the_nearest_term_is_suggested() -> None:
    with pytest.raises(ModelError, match="write 'MicroCredential'"):
        Achievement.from_json(achievement(achievementType="Microcredential"))


@pytest.mark.parametrize("tag", ["en", "en-us", "pt-BR", "zh-Hant-TW", "de-CH-1996", "x-private"])
def test_language_tags_are_accepted(tag: str) -> None:
    assert Achievement.from_json(achievement(inLanguage=tag)).in_language == tag


@pytest.mark.parametrize("tag", ["", "e", "en_US", "englishlanguage", "en-", "-en", "pl PL", "ℯn"])
def test_anything_else_is_not_a_language_tag(tag: str) -> None:
    with pytest.raises(ModelError, match="is not a language tag"):
        Achievement.from_json(achievement(inLanguage=tag))


@pytest.mark.parametrize(
    "token", ["a.b", "a.b.c.d", "a..", "a.b.c\n", "a b.c.d", "a.b.c=", "", "ł.b.c"]
)
def test_text_that_is_not_a_compact_jws_is_refused(token: str) -> None:
    with pytest.raises(ModelError, match=r"endorsementJwt\[0\]: .* is not a compact JWS"):
        Achievement.from_json(achievement(endorsementJwt=[token]))


@pytest.mark.parametrize(
    "name",
    [
        "Teamwork",
        {"@value": "Teamwork", "@language": "en"},
        {"@value": "עבודת צוות", "@language": "he", "@direction": "rtl"},
        [{"@value": "Dog", "@language": "en"}, {"@value": "Chien", "@language": "fr"}],
        [{"@value": "Dog"}],
    ],
)
def test_texts_with_a_language_are_kept(name: object) -> None:
    document = badge(name=name, description=name)
    assert AchievementCredential.from_json(document).to_json() == document
    profile = {"id": "urn:x:p", "type": ["Profile"], "name": name}
    assert Profile.from_json(profile).to_json() == profile  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "path", "reason"),
    [
        ({"en": "Dog", "fr": "Chien"}, "name", "Language maps are not defined"),
        ({"@language": "en"}, "name", "is an object without @value"),
        ({"@value": "Dog", "url": "urn:x:y"}, "name.url", "is not a member"),
        ({"@value": 5}, "name.@value", "is a number; write a string"),
        ({"@value": "Dog", "@language": "e"}, "name.@language", "is not a language tag"),
        ({"@value": "Dog", "@direction": "up"}, "name.@direction", "write one of ltr, rtl"),
        ({"@value": "Dog", "@language": None}, "name.@language", "is null"),
        ([{"@value": "Dog"}, "Chien"], "name[1]", "is a string; write an object"),
        (5, "name", "is a number"),
        (None, "name", "is null"),
    ],
)
def test_other_texts_are_refused(name: object, path: str, reason: str) -> None:
    with pytest.raises(ModelError) as caught:
        AchievementCredential.from_json(badge(name=name))
    assert caught.value.path == f"credential.{path}"
    assert reason in caught.value.message


def test_language_map_where_a_string_belongs_is_refused_with_the_remedy() -> None:
    with pytest.raises(ModelError, match="a map's texts would not be signed") as caught:
        Achievement.from_json(achievement(name={"en": "Dog", "fr": "Chien"}))
    assert caught.value.path == "achievement.name"
