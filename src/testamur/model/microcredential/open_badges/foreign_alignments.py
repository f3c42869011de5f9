"""Alignments of badges that others issued: which element each is, by the conventions in use.

SURF writes `ext:EQF`, edubadges `ext:EQFLevel` and `ext:…Alignment`, MyNextID leaves the type out
and lets the URL speak; 1EdTech and Credential Engine have terms of the standard. What is none of
these is read as a learning outcome, which is what most alignments are.
"""

from __future__ import annotations

import re
from typing import Any

from testamur.model.microcredential.description import LearningOutcome, QualityAssurance
from testamur.model.microcredential.parts import Reference, Resource
from testamur.model.ob3.achievement import Alignment
from testamur.model.ob3.vocabulary import AlignmentTargetType

__all__ = ["read_foreign"]

_EQF_URL = re.compile(r"https?://data\.europa\.eu/snb/eqf/([1-8])")
_ISCED_URL = re.compile(r"https?://data\.europa\.eu/snb/isced-f/([0-9]{2,4})")
_ESCO_URL = re.compile(r"https?://data\.europa\.eu/esco/skill/.+")
_LEVEL = re.compile(r"\b([1-8])\b")
_ISCED_CODE = re.compile("[0-9]{2,4}")


def read_foreign(alignment: Alignment, *, language: str) -> tuple[str, Any, str | None]:
    """Return (member of a description, its value, what was lost on the way; None: nothing)."""
    kind = str(alignment.target_type or "").removeprefix("ext:").casefold()
    url, code = alignment.target_url, alignment.target_code or ""
    name = alignment.target_name.strip() or url
    if (found := _EQF_URL.fullmatch(url)) is not None:
        return "level.eqf", int(found[1]), None
    if kind.startswith("eqf"):
        found = _LEVEL.fullmatch(code) or _LEVEL.search(name)
        if found is not None:
            return "level.eqf", int(found[1]), None
    if (found := _ISCED_URL.fullmatch(url)) is not None:
        return "fields", found[1], None
    if kind.startswith("isced") and _ISCED_CODE.fullmatch(code):
        return "fields", code, None
    title = {language: name}
    more = alignment.target_description
    description = {language: more} if more and more.strip() else None
    if kind.startswith("qualityassurance"):
        assured = QualityAssurance(title=title, description=description, url=url)
        return "quality_assurance", assured, "what was assured, and by whom, is not said"
    if alignment.target_type == AlignmentTargetType.CETERMS_CREDENTIAL:
        return "links", Resource(url=url, title=title), "how it relates to this one is not said"
    framework = alignment.target_framework
    if _ESCO_URL.fullmatch(url):
        framework = "ESCO"
    skill = Reference(name=title, url=url, framework=framework, code=alignment.target_code)
    outcome = LearningOutcome(title=title, description=description, skills=(skill,))
    is_skill = framework == "ESCO" or isinstance(alignment.target_type, AlignmentTargetType)
    lost = None if is_skill else "it is read as a learning outcome; its kind is not known here"
    return "learning_outcomes", outcome, lost
