"""What is not a member is refused, and the message says what to write instead."""

from __future__ import annotations

import contextlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.errors import Code, ModelError
from testamur.model.vocabularies import Vocabulary, by_code, by_label, check, find, terms

SNB = "http://data.europa.eu/snb"
AUTHORITY = "http://publications.europa.eu/resource/authority"
ESCO = "http://data.europa.eu/esco"
SKILL = f"{ESCO}/skill/ccdf3597-5c80-410f-896d-e1bdfa223de9"


@pytest.mark.parametrize(
    ("vocabulary", "iri", "remedy"),
    [
        (Vocabulary.EQF, f"https{SNB[4:]}/eqf/6", f"write it with http: {SNB}/eqf/6"),
        (Vocabulary.ESCO_SKILL, f"https{SKILL[4:]}", f"write it with http: {SKILL}"),
        (
            Vocabulary.COUNTRY,
            f"https{AUTHORITY[4:]}/country/IRL",
            f"write it with http: {AUTHORITY}/country/IRL",
        ),
        (Vocabulary.QDR, f"{SNB}/qdr/25831c2", "that is the vocabulary itself"),
        (Vocabulary.LANGUAGE, f"{AUTHORITY}/language", "that is the vocabulary itself"),
        (Vocabulary.EQF, "6", f"that is a code; write its IRI: {SNB}/eqf/6"),
        (Vocabulary.COUNTRY, "IE", f"write its IRI: {AUTHORITY}/country/IRL"),
        (Vocabulary.COUNTRY, f"{AUTHORITY}/country/IE", f"{AUTHORITY}/country/IRL (Ireland)"),
        (Vocabulary.LANGUAGE, f"{AUTHORITY}/language/en", f"{AUTHORITY}/language/ENG (English)"),
        (
            Vocabulary.COUNTRY,
            f"{AUTHORITY}/language/ENG",
            f"it belongs to the LANGUAGE vocabulary ({AUTHORITY}/language)",
        ),
        (Vocabulary.ASSESSMENT, f"{SNB}/learning-assessment/920fbb3cbe", "LEARNING ASSESSMENT"),
        (Vocabulary.ISCED_F, f"{SNB}/isced-f/06133", f"did you mean {SNB}/isced-f/0613"),
        (Vocabulary.SKILL_TYPE, f"{SNB}/skill-type/skills", f"{SNB}/skill-type/skill (skill)"),
        (
            Vocabulary.LEARNING_SETTING,
            f"{SNB}/learning-setting/formal",
            f"{SNB}/learning-setting/6fd4685715 (formal learning)",
        ),
        (
            Vocabulary.ENTITLEMENT_STATUS,
            f"{SNB}/entitlement-status/0000000000",
            f"its members are {SNB}/entitlement-status/5b8d6b34fb (prospective), {SNB}/",
        ),
        (Vocabulary.QDR, f"{SNB}/qdr/6", f"write one as {SNB}/qdr/c_c392e7a2"),
        (Vocabulary.ATU, f"{AUTHORITY}/atu/Dublin", f"write one as {AUTHORITY}/atu/IRL_CTH_DUB"),
        (Vocabulary.ESCO_SKILL, f"{ESCO}/skill/teamwork", f"write one as {SKILL}"),
    ],
)
def test_what_is_no_member_is_refused_with_the_remedy(
    vocabulary: Vocabulary, iri: str, remedy: str
) -> None:
    with pytest.raises(ModelError) as raised:
        check(vocabulary, iri)
    assert remedy in raised.value.message
    assert repr(iri) in raised.value.message
    assert raised.value.code is Code.NOT_CONFORMANT
    assert raised.value.found == iri
    assert raised.value.expected is not None
    assert vocabulary in raised.value.expected
    assert find(vocabulary, iri) is None


@pytest.mark.parametrize(
    ("vocabulary", "code", "remedy"),
    [
        (Vocabulary.COUNTRY, "IRL", "did you mean 'IE' (Ireland)?"),
        (Vocabulary.COUNTRY, "ie", "did you mean 'IE' (Ireland)?"),
        (Vocabulary.COUNTRY, "Ireland", "'IE' (Ireland)"),
        (Vocabulary.COUNTRY, f"{AUTHORITY}/country/IRL", "did you mean 'IE' (Ireland)?"),
        (Vocabulary.LANGUAGE, "eng", "'en' (English)"),
        (Vocabulary.LANGUAGE, "en-GB", "'en' (English)"),
        (Vocabulary.EQF, "9", "its members are '1' (Level 1), '2' (Level 2)"),
        (Vocabulary.LEARNING_ASSESSMENT, "online", "did you mean '920fbb3cbe' (Online)?"),
        (Vocabulary.FILE_TYPE, "PNGG", "did you mean 'PNG' (PNG)?"),
        (Vocabulary.QDR, "c_c392e7a3", "write one as c_c392e7a2"),
        (Vocabulary.ATU, "Dublin", "write one as IRL_CTH_DUB"),
    ],
)
def test_what_is_no_code_is_refused_with_the_remedy(
    vocabulary: Vocabulary, code: str, remedy: str
) -> None:
    with pytest.raises(ModelError) as raised:
        by_code(vocabulary, code)
    assert remedy in raised.value.message
    assert raised.value.code is Code.NOT_CONFORMANT


def test_what_is_no_name_is_refused_with_the_remedy() -> None:
    with pytest.raises(ModelError, match="did you mean 'written examination'"):
        by_label(Vocabulary.ASSESSMENT, "written exam")
    with pytest.raises(ModelError, match="is not the name of a member of the ASSESSMENT"):
        by_label(Vocabulary.ASSESSMENT, "written examination", language="tlh")


@pytest.mark.parametrize(
    ("vocabulary", "iri"),
    [
        (Vocabulary.ATU, f"{AUTHORITY}/atu/DEU_LKR_TLTFLA"),
        (Vocabulary.CLAIM_TYPE, f"{SNB}/claim-type/c_0123abcd"),
        (Vocabulary.CURRENCY, f"{AUTHORITY}/currency/SLE"),
        (Vocabulary.DIGCOMP, f"{SNB}/dcf/3ol5wi3605"),
        (Vocabulary.ESCO_OCCUPATION, f"{ESCO}/occupation/f2b15a0e-e65a-438a-affb-29b9d50b77d1"),
        (Vocabulary.ESCO_OCCUPATION, f"{ESCO}/isco/C2512"),
        (Vocabulary.ESCO_SKILL, SKILL),
        (Vocabulary.ESCO_SKILL, f"{ESCO}/skill/S4.8.1"),
        (Vocabulary.LANGUAGE, f"{AUTHORITY}/language/AAB"),
        (Vocabulary.QDR, f"{SNB}/qdr/c_0123abcd"),
    ],
)
def test_unknown_member_of_an_incomplete_list_is_accepted(vocabulary: Vocabulary, iri: str) -> None:
    assert check(vocabulary, iri) == iri


@pytest.mark.parametrize(
    ("vocabulary", "iri"),
    [
        (Vocabulary.COUNTRY, f"{AUTHORITY}/country/IRL\n"),
        (Vocabulary.COUNTRY, f"{AUTHORITY}/country/IRL/"),
        (Vocabulary.COUNTRY, f"{AUTHORITY}/country/"),
        (Vocabulary.EQF, f"{SNB}/eqf/6\n"),
        (Vocabulary.EQF, f" {SNB}/eqf/6"),
        (Vocabulary.EQF, f"{SNB}/eqf/06"),
        (Vocabulary.EQF, f"{SNB}/EQF/6"),
        (Vocabulary.ESCO_SKILL, f"{SKILL}\n"),
        (Vocabulary.ESCO_SKILL, SKILL.upper()),
        (Vocabulary.ESCO_SKILL, SKILL[:-1]),
        (Vocabulary.ESCO_SKILL, f"{ESCO}/occupation/f2b15a0e-e65a-438a-affb-29b9d50b77d1"),
        (Vocabulary.TARGET_GROUP, f"{SNB}/target-group/25831c2"),
        (Vocabulary.TARGET_GROUP, f"{SNB}/target-group/a b"),
        (Vocabulary.QDR, ""),
    ],
)
def test_spelling_that_is_not_exact_is_refused(vocabulary: Vocabulary, iri: str) -> None:
    with pytest.raises(ModelError, match=f"is not a member of the {vocabulary.name.split('_')[0]}"):
        check(vocabulary, iri)


def test_code_where_no_member_is_held_makes_one_without_names() -> None:
    region = by_code(Vocabulary.ATU, "IRL_CTH_DUB")
    assert (region.iri, dict(region.labels)) == (f"{AUTHORITY}/atu/IRL_CTH_DUB", {})
    skill = by_code(Vocabulary.ESCO_SKILL, SKILL.removeprefix(f"{ESCO}/"))
    assert skill.iri == SKILL


def test_long_value_is_shown_shortened() -> None:
    with pytest.raises(ModelError) as raised:
        check(Vocabulary.ISCED_F, f"{SNB}/isced-f/" + "i" * 1_000_000)
    assert len(raised.value.message) < 1000


@given(vocabulary=st.sampled_from(Vocabulary), text=st.text())
def test_junk_raises_only_our_error(vocabulary: Vocabulary, text: str) -> None:
    for ask in (check, by_code, by_label):
        with contextlib.suppress(ModelError):
            ask(vocabulary, text)


def test_names_cannot_be_changed() -> None:
    labels = terms(Vocabulary.EQF)[0].labels
    with pytest.raises(TypeError):
        labels["en"] = "Level 9"  # type: ignore[index]


def test_nothing_is_read_before_a_member_is_asked_for() -> None:
    code = (
        "import sys; opened = []; sys.addaudithook("
        "lambda event, args: opened.append(str(args[0])) if event == 'open' else None); "
        "from testamur.model.vocabularies import Vocabulary, by_code; "
        "assert not [each for each in opened if each.endswith('.tsv')], opened; "
        "by_code(Vocabulary.EQF, '6'); "
        "print([each for each in opened if each.endswith('.tsv')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(".tsv") == 1
    assert "eqf.tsv" in done.stdout
