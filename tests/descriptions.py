"""Descriptions of micro-credentials for tests: one with everything, and any at all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from testamur.model.microcredential import (
    Address,
    Assessment,
    AssessmentType,
    Cost,
    Credit,
    CreditSystem,
    Cycle,
    Evidence,
    Grade,
    GradeStatus,
    HashedIdentity,
    Identifier,
    Learner,
    LearningOutcome,
    LearningSetting,
    Level,
    MicroCredential,
    Mode,
    NationalLevel,
    Organisation,
    OutcomeType,
    Participation,
    PriorLearning,
    QualityAssurance,
    QualityAssuranceType,
    Reference,
    Resource,
    Reusability,
    Stackability,
    Stacking,
    Supervision,
    Workload,
)

T = TypeVar("T")

UNIVERSITY = Organisation(
    id="did:web:uni.example",
    name={"en": "University of the Examples", "pl": "Uniwersytet Przykładowy"},
    alternative_name={"en": "UoE"},
    address=Address(
        country="IE",
        region="Dublin",
        region_code="IRL_CTH_DUB",
        locality="Dublin",
        postal_code="D08",
        street="Instant Street 16",
    ),
    identifiers=(Identifier(value="VATIE-0000000A", scheme="VAT number", country="IE"),),
    website="https://uni.example/",
    email="info@uni.example",
)

FULL = MicroCredential(
    language="en",
    id="https://uni.example/achievements/sensors",
    title={"en": "Sensors in the field", "pl": "Czujniki w terenie"},
    description={"en": "Plan, install and read sensors that measure soil and weather."},
    content={"en": "Week 1: what can be measured. Week 2: power and radio."},
    criteria={"en": "Pass the practical assessment and the quiz."},
    learner=Learner(
        id="did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH",
        full_name="Ana Andromeda",
        given_name="Ana",
        family_name="Andromeda",
        date_of_birth=date(1999, 10, 2),
        email="ana@learner.example",
        identifiers=(Identifier(value="LA-234218", scheme="national identifier", country="IT"),),
        identities=(HashedIdentity.of_email("ana@learner.example", "salt"),),
    ),
    issuer=UNIVERSITY,
    awarding_body=Organisation(
        name={"en": "School of Farming"}, address=Address(country="FR", region="Bretagne")
    ),
    issued=datetime(2026, 6, 1, 12, tzinfo=UTC),
    valid_until=datetime(2031, 6, 1, tzinfo=UTC),
    started=date(2026, 3, 2),
    ended=date(2026, 5, 29),
    learning_outcomes=(
        LearningOutcome(
            id="https://uni.example/outcomes/1",
            title={"en": "Choose sensors that fit a task", "pl": "Dobiera czujniki"},
            kind=OutcomeType.SKILL,
            reusability=Reusability.CROSS_SECTOR,
            skills=(
                Reference(
                    name={"en": "develop digital content"},
                    url="http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a",
                    framework="ESCO",
                ),
                Reference(name={"en": "Managing data"}, framework="DigComp 2.2", code="1.3"),
                Reference(
                    name={"en": "Agricultural technicians"},
                    url="https://www.onetonline.org/link/summary/19-4012.00",
                    framework="O*NET-SOC",
                    code="19-4012.00",
                ),
            ),
        ),
        LearningOutcome(
            title={"en": "Explain how a radio link fails"},
            description={"en": "Names four causes and how each is found."},
            kind=OutcomeType.KNOWLEDGE,
            reusability=Reusability.SECTOR_SPECIFIC,
        ),
    ),
    outcome_summary={"en": "Works with sensors outdoors without help."},
    workload=Workload(
        credits=(
            Credit(points=2.5, system=CreditSystem.ECTS),
            Credit(points=5, other_system="NZQCF credits"),
        ),
        effort="PT62H30M",
        contact="PT20H",
        duration="P3M",
    ),
    level=Level(
        eqf=5,
        cycle=Cycle.SHORT,
        national=(NationalLevel(framework="NFQ", level="6", country="IE"),),
    ),
    assessments=(
        Assessment(
            title={"en": "Field work"},
            description={"en": "Installs three sensors."},
            types=(AssessmentType.PRACTICAL_ASSESSMENT, AssessmentType.PORTFOLIO),
            modes=(Mode.ON_SITE,),
            supervision=Supervision.SUPERVISED_WITH_IDENTITY_CHECK,
            grade=Grade(
                value="87",
                status=GradeStatus.PASSED,
                minimum="0",
                maximum="100",
                required="50",
                scheme={"en": "Points", "pl": "Punkty"},
            ),
        ),
        Assessment(
            types=(AssessmentType.QUIZ,),
            other_types=(Reference(name={"en": "Open-book test"}),),
            modes=(Mode.ONLINE,),
            supervision=Supervision.UNSUPERVISED,
        ),
    ),
    participation=Participation(
        modes=(Mode.BLENDED, Mode.WORK_BASED),
        setting=LearningSetting.NON_FORMAL,
        description={"en": "Evenings online, Saturdays outdoors."},
    ),
    quality_assurance=(
        QualityAssurance(
            title={"en": "Qualiopi"},
            kind=QualityAssuranceType.INSTITUTION_ASSURED,
            description={"en": "Certified for training."},
            agency=Organisation(
                name={"fr": "Certificateur"},
                address=Address(country="FR"),
                website="https://qa.example/",
            ),
            url="https://qa.example/register/17",
            report="https://qa.example/reports/17.pdf",
            issued=date(2025, 1, 15),
            valid_until=date(2028, 1, 15),
        ),
        QualityAssurance(title={"en": "Review"}, kind=QualityAssuranceType.PROGRAMME_ASSURED),
    ),
    prerequisites={"en": "School mathematics."},
    prior_learning=PriorLearning(recognized=True, note={"en": "By portfolio."}),
    stackability=(
        Stacking(
            relation=Stackability.PART_OF,
            target=Reference(name={"en": "Diploma in Farming"}, url="https://uni.example/diploma"),
            note={"en": "One of six."},
        ),
        Stacking(relation=Stackability.STAND_ALONE),
    ),
    further_information={"en": "Bring boots."},
    links=(
        Resource(url="https://uni.example/sensors", title={"en": "Course page"}, language="en"),
    ),
    evidence=(
        Evidence(title="Report", description="Three weeks of data.", url="https://uni.example/e/1"),
    ),
    category={"en": "Agriculture"},
    fields=("0811",),
    languages=("en", "pl"),
    cost=Cost(
        text={"en": "EUR 320, half for members"},
        amount=320,
        currency="EUR",
        funding={"en": "Skillnet"},
    ),
    image="https://uni.example/sensors.png",
)
"""A description with every member."""

_LANGUAGES = ("en", "pl", "de", "pt-BR")
_WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=20
)
_TEXT = _WORDS.filter(lambda text: bool(text.strip()))
_URL = st.integers(1, 50).map(lambda number: f"https://uni.example/{number}")
_DATES = st.dates(date(1950, 1, 1), date(2080, 1, 1))
_SECONDS = st.integers(0, 3_000_000_000)
_POINTS = st.sampled_from([0.5, 1, 2.5, 3, 30])
_EFFORT = st.sampled_from(["PT60H", "PT1H30M", "PT45M"])


def texts() -> SearchStrategy[dict[str, str]]:
    """A text in one or more languages."""
    return st.dictionaries(st.sampled_from(_LANGUAGES), _TEXT, min_size=1, max_size=2)


def maybe(strategy: SearchStrategy[T]) -> SearchStrategy[T | None]:
    """Something, or nothing."""
    return st.none() | strategy


def some(strategy: SearchStrategy[T], most: int = 2) -> SearchStrategy[tuple[T, ...]]:
    """A few."""
    return st.lists(strategy, max_size=most).map(tuple)


def references() -> SearchStrategy[Reference]:
    """A reference."""
    return st.builds(
        Reference, name=texts(), url=maybe(_URL), framework=maybe(_TEXT), code=maybe(_TEXT)
    )


def addresses() -> SearchStrategy[Address]:
    """An address with a country."""
    return st.builds(
        Address,
        country=st.sampled_from(["IE", "PL", "FR"]),
        country_name=maybe(_TEXT),
        region=maybe(_TEXT),
        region_code=maybe(st.sampled_from(["IRL_CTH_DUB"])),
        locality=maybe(_TEXT),
        postal_code=maybe(_TEXT),
        street=maybe(_TEXT),
        full_address=maybe(texts()),
    )


def identifiers() -> SearchStrategy[Identifier]:
    """An identifier."""
    return st.builds(
        Identifier, value=_TEXT, scheme=maybe(_TEXT), country=maybe(st.sampled_from(["IE", "PL"]))
    )


def organisations(
    identifier: SearchStrategy[str | None] | None = None,
) -> SearchStrategy[Organisation]:
    """An organization, which has an address."""
    return st.builds(
        Organisation,
        id=maybe(_URL) if identifier is None else identifier,
        name=texts(),
        alternative_name=maybe(texts()),
        description=maybe(texts()),
        address=addresses(),
        identifiers=some(identifiers()),
        website=maybe(_URL),
        email=st.sampled_from([None, "info@uni.example"]),
    )


def assessments() -> SearchStrategy[Assessment]:
    """An assessment, graded or not."""
    grade = st.builds(
        Grade,
        value=_TEXT,
        status=maybe(st.sampled_from(GradeStatus)),
        minimum=maybe(_TEXT),
        maximum=maybe(_TEXT),
        required=maybe(_TEXT),
        scheme=maybe(texts()),
    )
    return st.builds(
        Assessment,
        title=maybe(texts()),
        description=maybe(texts()),
        types=some(st.sampled_from(AssessmentType)),
        other_types=some(references()),
        modes=some(st.sampled_from(Mode)),
        supervision=maybe(st.sampled_from(Supervision)),
        grade=maybe(grade),
    ).filter(lambda each: each != Assessment())


def outcomes() -> SearchStrategy[LearningOutcome]:
    """A learning outcome."""
    return st.builds(
        LearningOutcome,
        title=texts(),
        id=maybe(_URL),
        description=maybe(texts()),
        kind=maybe(st.sampled_from(OutcomeType)),
        reusability=maybe(st.sampled_from(Reusability)),
        skills=some(references()),
    )


def _workloads() -> SearchStrategy[Workload]:
    of_list = st.builds(Credit, points=_POINTS, system=st.sampled_from(CreditSystem))
    of_others = st.builds(Credit, points=_POINTS, other_system=_TEXT)
    return st.builds(
        Workload,
        credits=some(of_list | of_others),
        effort=maybe(_EFFORT),
        contact=maybe(_EFFORT),
        duration=maybe(st.sampled_from(["P14D", "P3M", "P1Y"])),
    ).filter(lambda each: each != Workload())


def _levels() -> SearchStrategy[Level]:
    national = st.builds(
        NationalLevel,
        framework=_TEXT,
        level=_TEXT,
        url=maybe(_URL),
        country=maybe(st.sampled_from(["IE"])),
    )
    return st.builds(
        Level,
        eqf=maybe(st.integers(1, 8)),
        cycle=maybe(st.sampled_from(Cycle)),
        national=some(national),
    ).filter(lambda each: each != Level())


def _learners() -> SearchStrategy[Learner]:
    hashed = _TEXT.map(lambda text: HashedIdentity.of_email("a@b.example", text))
    return st.builds(
        Learner,
        id=_URL,
        full_name=maybe(_TEXT),
        given_name=maybe(_TEXT),
        family_name=maybe(_TEXT),
        date_of_birth=maybe(_DATES),
        email=st.sampled_from([None, "ana@learner.example"]),
        identifiers=some(identifiers()),
        identities=some(hashed),
    )


def _quality() -> SearchStrategy[QualityAssurance]:
    return st.builds(
        QualityAssurance,
        title=texts(),
        kind=maybe(st.sampled_from(QualityAssuranceType)),
        description=maybe(texts()),
        agency=maybe(organisations()),
        url=maybe(_URL),
        report=maybe(_URL),
        issued=maybe(_DATES),
        valid_until=maybe(_DATES),
    )


@st.composite
def descriptions(draw: st.DrawFn) -> MicroCredential:
    """Any description that both formats have what they need of."""
    language = draw(st.sampled_from(_LANGUAGES))
    title = {**draw(texts()), language: draw(_TEXT)}
    participation = st.builds(
        Participation,
        modes=some(st.sampled_from(Mode)),
        setting=maybe(st.sampled_from(LearningSetting)),
        description=maybe(texts()),
    ).filter(lambda each: each != Participation())
    stacking = st.builds(
        Stacking,
        relation=st.sampled_from(Stackability),
        target=maybe(references()),
        note=maybe(texts()),
    )
    cost = st.builds(
        Cost,
        text=maybe(texts()),
        amount=maybe(_POINTS),
        currency=st.sampled_from([None, "EUR", "PLN"]),
        funding=maybe(texts()),
    ).filter(lambda each: each != Cost())
    evidence = st.builds(
        Evidence, title=maybe(_TEXT), description=maybe(_TEXT), url=maybe(_URL)
    ).filter(lambda each: each != Evidence())
    prior = st.builds(PriorLearning, recognized=st.booleans(), note=maybe(texts()))
    resources = st.builds(
        Resource, url=_URL, title=maybe(texts()), language=st.sampled_from([None, "en"])
    )
    members: dict[str, SearchStrategy[Any]] = {
        "id": _URL,
        "description": maybe(texts()),
        "content": maybe(texts()),
        "criteria": maybe(texts()),
        "learner": _learners(),
        "issuer": organisations(_URL),
        "awarding_body": maybe(organisations()),
        "issued": _SECONDS.map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
        "valid_until": st.sampled_from([None, datetime(2090, 1, 1, tzinfo=UTC)]),
        "started": maybe(_DATES),
        "ended": maybe(_DATES),
        "learning_outcomes": some(outcomes()),
        "outcome_summary": maybe(texts()),
        "workload": maybe(_workloads()),
        "level": maybe(_levels()),
        "assessments": some(assessments(), 3),
        "participation": maybe(participation),
        "quality_assurance": some(_quality()),
        "prerequisites": maybe(texts()),
        "prior_learning": maybe(prior),
        "stackability": some(stacking),
        "further_information": maybe(texts()),
        "links": some(resources),
        "evidence": some(evidence),
        "category": maybe(texts()),
        "fields": some(st.sampled_from(["0613", "061", "08"])),
        "languages": some(st.sampled_from(["en", "pl"])),
        "cost": maybe(cost),
        "image": maybe(_URL),
    }
    return MicroCredential(
        language=language, title=title, **{name: draw(each) for name, each in members.items()}
    )
