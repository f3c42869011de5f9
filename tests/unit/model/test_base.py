"""The common base: names, strictness, faults with paths, documents written as they were read."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from testamur.canon import strict_json
from testamur.canon.strict_json import JsonValue
from testamur.errors import Code, ModelError
from testamur.model.base import One
from testamur.model.ob3 import (
    Achievement,
    AchievementCredential,
    Alignment,
    Criteria,
    Image,
    Profile,
    ResultDescription,
)
from unit.model.documents import achievement, badge, badge_with_achievement, complete_badge


def _achievement(**members: Any) -> Achievement:
    known: dict[str, Any] = {
        "id": "urn:x:a",
        "name": "A",
        "description": "B",
        "criteria": Criteria(narrative="C"),
    }
    return Achievement(**{**known, **members})


def test_both_names_are_taken_by_the_constructor() -> None:
    by_field = _achievement(human_code="R1", in_language="pl")
    by_alias = _achievement(humanCode="R1", inLanguage="pl")
    assert by_field == by_alias
    assert by_field.to_json()["inLanguage"] == "pl"


def test_a_member_given_under_both_names_is_a_programming_mistake() -> None:
    with pytest.raises(TypeError, match="humanCode twice"):
        _achievement(human_code="R1", humanCode="R2")


def test_a_python_name_in_a_document_is_an_unknown_member_and_not_an_alias() -> None:
    document = badge(valid_until="2027-01-01T00:00:00Z", context="https://evil.example")
    credential = AchievementCredential.from_json(document)
    assert credential.valid_until is None
    assert credential.context[0] == "https://www.w3.org/ns/credentials/v2"
    assert credential.to_json() == document


def test_constructor_names_the_class_in_type() -> None:
    assert _achievement().to_json()["type"] == ["Achievement"]
    assert Image(id="urn:x:i").to_json() == {"id": "urn:x:i", "type": "Image"}


def test_type_is_demanded_of_a_document() -> None:
    with pytest.raises(ModelError, match=r"^achievement\.type: is missing; add it"):
        Achievement.from_json(achievement(type=...))


def test_further_types_are_kept() -> None:
    document = achievement(type=["https://uni.example/Course", "Achievement"])
    assert Achievement.from_json(document).to_json() == document


def test_none_means_not_there() -> None:
    assert _achievement(image=None, tag=None) == _achievement()
    assert "image" not in _achievement(image=None).to_json()


def test_empty_sets_are_not_written() -> None:
    # Open Badges 3.0, Serialization: nulls and empty arrays MUST be omitted.
    assert "tag" not in _achievement(tag=()).to_json()
    assert "tag" not in Achievement.from_json(achievement(tag=[])).to_json()


def test_null_is_refused_in_a_document() -> None:
    with pytest.raises(ModelError, match=r"^achievement\.image: is null; write an object"):
        Achievement.from_json(achievement(image=None))


@pytest.mark.parametrize(
    ("member", "value", "reason"),
    [
        ("name", 5, "is a number; write a string"),
        ("name", True, "is a boolean; write a string"),
        ("name", ["Teamwork"], "is an array; write a string"),
        ("creditsAvailable", "5", "is a string; write a number"),
        ("creditsAvailable", True, "is a boolean; write a number"),
        ("tag", [1], "is a number; write a string"),
        ("criteria", "https://uni.example", "is a string; write an object (Criteria)"),
        ("image", "https://uni.example/a.png", "is a string; write an object (Image)"),
    ],
)
def test_values_are_not_converted(member: str, value: object, reason: str) -> None:
    with pytest.raises(ModelError) as caught:
        Achievement.from_json(achievement(**{member: value}))
    assert reason in caught.value.message
    assert caught.value.message.startswith(f"achievement.{member}")


def test_a_wrong_model_fails_when_it_is_built() -> None:
    with pytest.raises(ModelError, match=r"^achievement\.criteria: is missing; add it$") as caught:
        Achievement(id="urn:x:a", name="A", description="B")
    assert caught.value.path == "achievement.criteria"
    assert caught.value.code is Code.NOT_CONFORMANT


def test_a_wrong_part_is_named_with_its_whole_path() -> None:
    with pytest.raises(ModelError) as caught:
        _achievement(result_description=[{"id": "urn:x:r", "type": "ResultDescription"}])
    assert caught.value.path == "achievement.resultDescription[0].name"


def test_a_field_name_in_a_path_is_the_standards_name() -> None:
    with pytest.raises(ModelError) as caught:
        _achievement(achievement_type="Microcredential")
    assert caught.value.path == "achievement.achievementType"


def test_first_fault_is_named_and_all_are_listed() -> None:
    document = badge_with_achievement(criteria=..., name=5)
    document["issuer"] = "Example University"
    with pytest.raises(ModelError) as caught:
        AchievementCredential.from_json(document)
    error = caught.value
    assert (error.path, error.code) == ("credential.issuer", Code.ISSUER_INVALID)
    assert [line.split(": ")[0] for line in error.message.splitlines()] == [
        "credential.issuer",
        "credential.credentialSubject.achievement.name",
        "credential.credentialSubject.achievement.criteria",
    ]


def test_many_faults_are_counted_and_not_all_listed() -> None:
    with pytest.raises(ModelError) as caught:
        Achievement.from_json(achievement(tag=[1] * 1_000))
    lines = caught.value.message.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "and 980 more"


def test_index_of_a_set_written_without_its_array_is_left_out() -> None:
    alignment = {"type": "Alignment", "targetName": "x", "targetUrl": "not a url"}
    for written, path in ((alignment, "alignment"), ([alignment], "alignment[0]")):
        with pytest.raises(ModelError) as caught:
            Achievement.from_json(achievement(alignment=written))
        assert caught.value.path == f"achievement.{path}.targetUrl"


def test_sets_are_read_as_tuples_and_written_as_they_were() -> None:
    alignment = {"type": "Alignment", "targetName": "x", "targetUrl": "urn:x:y"}
    for written in (alignment, [alignment], [alignment, alignment]):
        document = achievement(alignment=written)
        model = Achievement.from_json(document)
        assert all(isinstance(each, Alignment) for each in model.alignment)
        assert model.to_json() == document


def test_a_set_of_one_given_in_python_is_written_without_its_array() -> None:
    assert _achievement(tag="x").to_json()["tag"] == "x"
    assert _achievement(tag=One(("x",))).to_json()["tag"] == "x"
    assert _achievement(tag=["x"]).to_json()["tag"] == ["x"]


def test_closed_objects_refuse_unknown_members() -> None:
    with pytest.raises(ModelError, match=r"^achievement\.image\.width: is not a member"):
        Achievement.from_json(achievement(image={"id": "urn:x:i", "type": "Image", "width": 5}))


def test_unknown_members_are_kept_and_written_as_they_were() -> None:
    document = badge_with_achievement(ects={"points": [5, None, {"x": []}]})
    assert AchievementCredential.from_json(document).to_json() == document


def test_written_document_is_a_copy() -> None:
    document = badge(extra={"list": [1]})
    credential = AchievementCredential.from_json(document)
    written: Any = credential.to_json()
    written["extra"]["list"].append(2)
    written["@context"].append("x")
    assert credential.to_json() == document
    assert document["extra"] == {"list": [1]}


def test_numbers_are_written_as_they_were() -> None:
    text = strict_json.dumps(badge_with_achievement(creditsAvailable=0)).replace(
        '"creditsAvailable":0', '"creditsAvailable":6.50'
    )
    credential = AchievementCredential.from_json(strict_json.parse(text))
    assert credential.credential_subject.achievement.credits_available == 6.5
    assert '"creditsAvailable":6.50' in strict_json.dumps(credential.to_json())


def test_members_are_written_in_the_customary_order() -> None:
    document = complete_badge()
    document["zz"] = 1
    backwards = dict(reversed(document.items()))
    written = AchievementCredential.from_json(backwards).to_json()
    names = list(written)
    assert names[:3] == ["@context", "id", "type"]
    assert names.index("name") < names.index("issuer") < names.index("validFrom")
    assert names.index("validFrom") < names.index("credentialSubject")
    assert names[-2:] == ["zz", "proof"]


def test_models_are_frozen() -> None:
    model = _achievement()
    with pytest.raises(ValueError, match="frozen"):
        model.name = "B"  # type: ignore[misc]


def test_arguments_are_not_changed() -> None:
    document = complete_badge()
    before = copy.deepcopy(document)
    AchievementCredential.from_json(document)
    assert document == before
    tags = ["a"]
    _achievement(tag=tags)
    assert tags == ["a"]


def test_models_survive_pickling_and_copying() -> None:
    credential = AchievementCredential.from_json(complete_badge())
    for other in (pickle.loads(pickle.dumps(credential)), copy.deepcopy(credential)):  # noqa: S301
        assert other == credential
        assert other.to_json() == complete_badge()


def test_anything_but_an_object_is_refused() -> None:
    values: list[JsonValue] = [None, 5, "x", [], True]
    for value in values:
        with pytest.raises(ModelError, match=r"^profile: is .*write an object \(Profile\)"):
            Profile.from_json(value)


def test_circles_of_profiles_are_refused() -> None:
    profile: dict[str, Any] = {"id": "urn:x:p", "type": ["Profile"]}
    profile["parentOrg"] = profile
    with pytest.raises(ModelError, match="is nested too deep") as caught:
        Profile.from_json(profile)
    assert caught.value.code is Code.RESOURCE_LIMIT


def test_hostile_text_is_shortened_in_messages() -> None:
    with pytest.raises(ModelError) as caught:
        Achievement.from_json(achievement(id="x" * 100_000, achievementType="\x1b[31m" * 1_000))
    assert len(caught.value.message) < 1_000
    assert "\x1b" not in caught.value.message
    assert len(str(caught.value.found)) < 100


def test_hostile_member_names_are_shortened_and_quoted() -> None:
    with pytest.raises(ModelError) as caught:
        Image.from_json({"id": "urn:x:i", "type": "Image", "\x1b" + "y" * 5_000: 1})
    assert "\x1b" not in caught.value.message
    assert len(caught.value.message) < 300


def test_result_types_are_listed_where_they_are_few() -> None:
    with pytest.raises(ModelError, match="write 'LetterGrade', or a term of your own"):
        ResultDescription(id="urn:x:r", name="x", result_type="lettergrade")
