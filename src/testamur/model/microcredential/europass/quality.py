"""Quality assurance in the European Learning Model, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from testamur.model.elm import (
    Accreditation,
    LanguageMap,
    WebResource,
)
from testamur.model.microcredential.description import (
    QualityAssurance,
)
from testamur.model.microcredential.europass.elements import (
    Json,
    attempt,
    day_of,
    midnight,
    page,
    set_of,
    texts_of,
    told,
    url_of,
    word_concept,
)
from testamur.model.microcredential.europass.organisations import organisation_of, read_organisation
from testamur.model.microcredential.europass.taken import Taken
from testamur.model.microcredential.terms import (
    QualityAssuranceType,
    word,
)

__all__ = [
    "accreditations_of_institution",
    "accreditations_of_programme",
    "read_accreditation",
]

_INSTITUTIONAL = frozenset(
    {QualityAssuranceType.INSTITUTION_ASSURED, QualityAssuranceType.INSTITUTION_LICENSED}
)


def accreditations_of_institution(
    assured: Iterable[QualityAssurance], *, language: str
) -> tuple[Accreditation, ...]:
    """Write what is assured of the institution, as far as it says what, and by whom."""
    kept = (each for each in assured if each.kind in _INSTITUTIONAL)
    return tuple(_accreditations(kept, language))


def accreditations_of_programme(
    assured: Iterable[QualityAssurance], *, language: str
) -> tuple[Accreditation, ...]:
    """Write what is assured of the programme, as far as it says what, and by whom."""
    kept = (each for each in assured if each.kind not in _INSTITUTIONAL)
    return tuple(_accreditations(kept, language))


def _accreditations(assured: Iterable[QualityAssurance], language: str) -> Iterator[Accreditation]:
    for each in assured:
        found = _accreditation(each, language=language)
        if found is not None:
            yield found


def _accreditation(quality: QualityAssurance, *, language: str) -> Accreditation | None:
    """Write quality assurance; None where it does not say of what kind, or by whom, in full."""
    agency = quality.agency
    if quality.kind is None or agency is None:
        return None
    who = attempt(lambda: organisation_of(agency, language=language, at="agency"))
    if who is None:
        return None
    description = quality.description
    return Accreditation(
        title=LanguageMap(quality.title),
        description=LanguageMap(description) if description else None,
        dc_type=word_concept(quality.kind),
        accrediting_agent=who,
        landing_page=_pages(quality.url),
        report=next(iter(_pages(quality.report)), None),
        date_issued=midnight(quality.issued),
        expiry_date=midnight(quality.valid_until),
    )


def read_accreditation(taken: Taken, found: Accreditation) -> Json:
    """Read quality assurance."""
    kind = word(QualityAssuranceType, taken.take(found, "dc_type").id or "")
    pages = taken.take(found, "landing_page")
    if not pages:
        pages = taken.take(found, "homepage")
    report = taken.take(found, "report")
    return told(
        title=texts_of(taken.take(found, "title")) or {"en": "?"},
        kind=kind.value if kind is not None else None,
        description=texts_of(taken.take(found, "description")),
        agency=read_organisation(taken, taken.take(found, "accrediting_agent")),
        url=url_of(taken, pages),
        report=url_of(taken, (report,)) if report is not None else None,
        issued=day_of(taken, found, "date_issued"),
        validUntil=day_of(taken, found, "expiry_date"),
    )


def _pages(url: str | None) -> tuple[WebResource, ...]:
    found: WebResource | None = page(url) if url is not None else None
    return () if found is None else set_of([found])
