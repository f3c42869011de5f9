"""Alignments: links from an achievement to skills, levels and fields of study of known frameworks.

Open Badges 3.0 has terms of its own only for CASE and Credential Engine; for the others the target
type is an extension, `ext:` and the framework's short name.
"""

from __future__ import annotations

import re

from testamur.errors import ModelError
from testamur.model.ob3 import Alignment, AlignmentTargetType

__all__ = [
    "alignment",
    "ctdl",
    "digcomp",
    "eqf_level",
    "esco_skill",
    "isced_f",
    "onet",
]

_ESCO_SKILL = re.compile(r"http://data\.europa\.eu/esco/skill/([A-Za-z0-9.-]+)")
_ISCED_F = re.compile("[0-9]{2,4}")
_ONET = re.compile(r"[0-9]{2}-[0-9]{4}\.[0-9]{2}")
_CTID = re.compile("ce-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# DigComp 2.2: five areas, and how many competences each has.
_DIGCOMP = re.compile(r"1\.[1-3]|2\.[1-6]|[345]\.[1-4]")
_DIGCOMP_2_2 = "https://publications.jrc.ec.europa.eu/repository/handle/JRC128415"


def alignment(
    *,
    name: str,
    url: str,
    code: str | None = None,
    description: str | None = None,
    framework: str | None = None,
    target_type: AlignmentTargetType | str | None = None,
) -> Alignment:
    """Build an alignment to a node of any framework (Open Badges 3.0, Alignment).

    Args:
        url: the official description of the node.
        target_type: a term of the vocabulary, or one of your own that begins with "ext:".
    """
    return Alignment(
        target_name=name,
        target_url=url,
        target_code=code,
        target_description=description,
        target_framework=framework,
        target_type=target_type,
    )


def esco_skill(uri: str, name: str) -> Alignment:
    """Build an alignment to a skill of ESCO.

    Args:
        uri: the skill's URI, "http://data.europa.eu/esco/skill/…"; it begins with http, not https.
        name: the skill's preferred label.
    """
    match = _ESCO_SKILL.fullmatch(uri)
    if match is None:
        raise _unusable(uri, "an ESCO skill", "http://data.europa.eu/esco/skill/<uuid>")
    return alignment(
        name=name,
        url=uri,
        code=match[1],
        framework="European Skills, Competences, Qualifications and Occupations (ESCO)",
        target_type="ext:ESCO",
    )


def eqf_level(level: int) -> Alignment:
    """Build an alignment to a level, 1 to 8, of the European Qualifications Framework."""
    if level not in range(1, 9):
        raise _unusable(str(level), "an EQF level", "a number from 1 to 8")
    return alignment(
        name=f"EQF level {level}",
        url=f"http://data.europa.eu/snb/eqf/{level}",
        code=str(level),
        framework="European Qualifications Framework (EQF)",
        target_type="ext:EQF",
    )


def isced_f(code: str, name: str) -> Alignment:
    """Build an alignment to a field of education of ISCED-F 2013.

    Args:
        code: two digits for a broad field, three for a narrow, four for a detailed one: "0613".
        name: the field's name, as "Software and applications development and analysis".
    """
    if not _ISCED_F.fullmatch(code):
        raise _unusable(code, "an ISCED-F code", "two to four digits, as '0613'")
    return alignment(
        name=name,
        url=f"http://data.europa.eu/snb/isced-f/{code}",
        code=code,
        framework="International Standard Classification of Education: Fields (ISCED-F 2013)",
        target_type="ext:ISCED-F",
    )


def onet(code: str, name: str) -> Alignment:
    """Build an alignment to an occupation of O*NET.

    Args:
        code: the O*NET-SOC code, as "15-1252.00".
        name: the occupation's title.
    """
    if not _ONET.fullmatch(code):
        raise _unusable(code, "an O*NET-SOC code", "'15-1252.00'")
    return alignment(
        name=name,
        url=f"https://www.onetonline.org/link/summary/{code}",
        code=code,
        framework="O*NET-SOC",
        target_type="ext:ONET",
    )


def ctdl(
    url: str,
    name: str,
    *,
    ctid: str | None = None,
    target_type: AlignmentTargetType = AlignmentTargetType.CTDL,
) -> Alignment:
    """Build an alignment to an entry of the Credential Registry (Credential Engine, CTDL).

    Args:
        url: the entry's page or resource.
        ctid: the entry's CTID, "ce-" and a UUID.
        target_type: CETERMS_CREDENTIAL for a credential, CEASN_COMPETENCY for a competency.
    """
    if ctid is not None and not _CTID.fullmatch(ctid):
        raise _unusable(ctid, "a CTID", "'ce-' and a UUID in lower case")
    return alignment(
        name=name,
        url=url,
        code=ctid,
        framework="Credential Transparency Description Language (CTDL)",
        target_type=target_type,
    )


def digcomp(code: str, name: str) -> Alignment:
    """Build an alignment to a competence of DigComp 2.2.

    DigComp gives its competences numbers and no URLs, so the URL is that of the framework.

    Args:
        code: area and competence, "1.1" to "5.4".
        name: the competence's name, as "Managing data, information and digital content".
    """
    if not _DIGCOMP.fullmatch(code):
        raise _unusable(code, "a competence of DigComp 2.2", "area and number, as '1.3'")
    return alignment(
        name=name,
        url=_DIGCOMP_2_2,
        code=code,
        framework="Digital Competence Framework for Citizens (DigComp 2.2)",
        target_type="ext:DigComp",
    )


def _unusable(value: str, what: str, remedy: str) -> ModelError:
    return ModelError(
        f"alignment: {value[:80]!r} is not {what}; write {remedy}",
        path="alignment",
        expected=remedy,
        found=value[:80],
    )
