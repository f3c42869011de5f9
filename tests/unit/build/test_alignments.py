"""Alignments to known frameworks: the identifiers that the frameworks publish."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testamur import build
from testamur.errors import ModelError
from testamur.model.ob3 import Alignment, AlignmentTargetType

SKILL = "http://data.europa.eu/esco/skill/335228d2-297d-4e0e-a6ee-bc6a8dc110d9"
CTID = "ce-98cb027b-95ef-4494-908d-6f7790ec6b6b"


@pytest.mark.parametrize(
    ("alignment", "url", "code", "kind"),
    [
        (build.esco_skill(SKILL, "x"), SKILL, SKILL[-36:], "ext:ESCO"),
        (build.eqf_level(6), "http://data.europa.eu/snb/eqf/6", "6", "ext:EQF"),
        (
            build.isced_f("0613", "x"),
            "http://data.europa.eu/snb/isced-f/0613",
            "0613",
            "ext:ISCED-F",
        ),
        (build.isced_f("06", "x"), "http://data.europa.eu/snb/isced-f/06", "06", "ext:ISCED-F"),
        (
            build.onet("15-1252.00", "x"),
            "https://www.onetonline.org/link/summary/15-1252.00",
            "15-1252.00",
            "ext:ONET",
        ),
        (
            build.ctdl("https://registry.example/1", "x", ctid=CTID),
            "https://registry.example/1",
            CTID,
            "CTDL",
        ),
        (
            build.digcomp("5.4", "x"),
            "https://publications.jrc.ec.europa.eu/repository/handle/JRC128415",
            "5.4",
            "ext:DigComp",
        ),
    ],
)
def test_alignment_names_the_frameworks_node(
    alignment: Alignment, url: str, code: str, kind: str
) -> None:
    written = alignment.to_json()
    assert written["type"] == ["Alignment"]
    assert (written["targetUrl"], written["targetCode"]) == (url, code)
    assert written["targetType"] == kind
    assert written["targetFramework"]


def test_eqf_level_is_named() -> None:
    assert build.eqf_level(8).target_name == "EQF level 8"


def test_ctdl_credential_has_the_standards_term() -> None:
    alignment = build.ctdl(
        "https://registry.example/1", "x", target_type=AlignmentTargetType.CETERMS_CREDENTIAL
    )
    assert alignment.to_json()["targetType"] == "ceterms:Credential"
    assert "targetCode" not in alignment.to_json()


def test_alignment_to_any_framework_is_built() -> None:
    alignment = build.alignment(
        name="Teamwork",
        url="https://uni.example/skills#teamwork",
        code="T1",
        description="Works in teams",
        framework="Skills",
        target_type="ext:Skill",
    )
    assert alignment.to_json() == {
        "type": ["Alignment"],
        "targetName": "Teamwork",
        "targetUrl": "https://uni.example/skills#teamwork",
        "targetCode": "T1",
        "targetDescription": "Works in teams",
        "targetFramework": "Skills",
        "targetType": "ext:Skill",
    }


@pytest.mark.parametrize(
    ("make", "remedy"),
    [
        (
            lambda: build.esco_skill(SKILL.replace("http", "https"), "x"),
            "http://data.europa.eu/esco/skill/",
        ),
        (lambda: build.esco_skill("http://data.europa.eu/esco/occupation/1", "x"), "esco/skill"),
        (lambda: build.esco_skill(SKILL + "/..", "x"), "esco/skill"),
        (lambda: build.eqf_level(0), "1 to 8"),
        (lambda: build.eqf_level(9), "1 to 8"),
        (lambda: build.isced_f("6", "x"), "two to four digits"),
        (lambda: build.isced_f("06133", "x"), "two to four digits"),
        (lambda: build.isced_f("٠٦", "x"), "two to four digits"),
        (lambda: build.onet("15-1252", "x"), "15-1252.00"),
        (lambda: build.ctdl("https://registry.example/1", "x", ctid="98cb027b"), "a UUID"),
        (lambda: build.digcomp("1.4", "x"), "as '1.3'"),
        (lambda: build.digcomp("6.1", "x"), "as '1.3'"),
    ],
)
def test_codes_that_a_framework_does_not_have_are_refused(
    make: Callable[[], Alignment], remedy: str
) -> None:
    with pytest.raises(ModelError, match=r"^alignment: ") as caught:
        make()
    assert remedy in caught.value.message
