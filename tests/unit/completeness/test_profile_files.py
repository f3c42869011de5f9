"""completeness: profiles of somebody's own, and what is wrong with those that cannot be used."""

from __future__ import annotations

import json
from typing import Any

import pytest

from complete import COMPLETE
from testamur.completeness import Standing, check, named_profile, parse_profile
from testamur.errors import ConfigurationError

OWN = """
id: our-college
title: {en: What our college asks for, pl: Czego oczekujemy}
items:
  - like: eu/learning-outcomes
    need: required
    usefulIf:
      - minCount: 3
        at: learningOutcomes
        say: {en: We ask for three.}
  - id: contact
    title: {en: Whom to ask}
    need: recommended
    where: issuer.email
    why: {en: People have questions.}
    write: {en: An e-mail address.}
"""


def test_profile_of_one_s_own_is_used() -> None:
    report = check(COMPLETE, parse_profile(OWN.encode()))
    assert report.profile == "our-college"
    assert report.element("contact").standing is Standing.THERE
    outcomes = report.element("learning-outcomes")
    assert outcomes.remarks[0].sentence.text == "We ask for three."
    assert outcomes.why.text == named_profile("eu").items[5].why["en"]


def test_profile_speaks_the_language_that_is_asked_for() -> None:
    assert check(COMPLETE, parse_profile(OWN.encode()), language="pl").profile_title.text == (
        "Czego oczekujemy"
    )


def test_profile_may_be_json() -> None:
    profile = named_profile("eu").to_json()
    assert parse_profile(json.dumps(profile).encode()) == named_profile("eu")


def changed(**members: Any) -> bytes:
    item = {
        "id": "it",
        "title": {"en": "It"},
        "need": "required",
        "where": ["title"],
        "why": {"en": "Because."},
        "write": {"en": "Write it."},
    }
    profile = {"id": "mine", "title": {"en": "Mine"}, "items": [{**item, **members}]}
    return json.dumps(profile).encode()


FAULTS: list[tuple[bytes, str]] = [
    (b"", "profile"),
    (b"- a\n- b\n", "profile: is an array"),
    (b"a: b: c", "line 1"),
    (b"id: &x mine\ntitle: *x", "used again"),
    (b"id: 2026-01-01", "no text, number, true or false"),
    (b"id: a\nid: b", "'id' is there twice"),
    (b"? [a]\n: b", "a name is no plain text"),
    (b"!!python/object/apply:os.system ['true']", "no YAML|profile"),
    (b"a: " * 500 + b"1", "no YAML"),
    (b"[" * 100_000, "no YAML|nested"),
    (b"[" * 30 + b"]" * 30, "nested deeper"),
    (b" " * 300_000, "longer than 262144 bytes"),
    (b"\xff\xfe\x00", "no YAML"),
    (changed(were=["title"]), "items.0..were: is not a member"),
    (changed(id="a b"), "items.0..id: is no id"),
    (changed(need="mandatory"), "items.0..need: 'mandatory' is not in the vocabulary"),
    (changed(where=["learningOutcome"]), "did you mean learningOutcomes"),
    (changed(where=["title.en"]), "without members"),
    (changed(where=["title..en"]), "is no path"),
    (changed(where=[]), "is no path, and no list"),
    (changed(where=[7]), "holds something that is no path"),
    (changed(where=["workload.credits[unit=ECTS].points"]), "nothing at 'unit'"),
    (changed(where=[".".join(["a"] * 13)]), "is no path"),
    (changed(onlyIf=["nothing"]), "onlyIf"),
    (changed(title="It"), "write the language with the text"),
    (changed(why={"english": "x" * 3, "": "y"}), "is not a language tag"),
    (changed(usefulIf=[{}]), "must hold exactly one of"),
    (changed(usefulIf=[{"url": True, "minWords": 3}]), "it holds min_words and url"),
    (changed(usefulIf=[{"minWords": 0}]), "no whole number from 1"),
    (changed(usefulIf=[{"minWords": True}]), "no whole number from 1"),
    (changed(usefulIf=[{"notPlaceholder": False}]), "can only be true"),
    (changed(usefulIf=[{"matches": "(a+)+$"}]), "is not a member"),
    (changed(usefulIf=[{"includes": []}]), "no list of 1 to 100 texts"),
    (changed(usefulIf=[{"includes": [7]}]), "no text; put it in quotes"),
    (changed(usefulIf=[{"hasAny": ["agency"]}]), "usefulIf.0..has_any"),
    (changed(usefulIf=[{"any": [{"any": [{"url": True}]}]}]), "rules that hold no others"),
    (changed(usefulIf=[{"url": True}] * 21), "more than 20 rules"),
    (changed(like="eu/nothing"), "no item of a profile"),
    (changed(like="mine/it"), "no item of a profile"),
    (changed(like=7), "no item of a profile"),
    (b'{"id": "mine", "title": {"en": "Mine"}, "items": []}', "has 0 elements"),
    (b'{"id": "mine", "title": {"en": "Mine"}}', "items: is missing"),
    (
        json.dumps(
            {
                "id": "mine",
                "title": {"en": "Mine"},
                "items": [{"like": "eu/level"}, {"like": "eu/level"}],
            }
        ).encode(),
        "'level' is there twice",
    ),
]


@pytest.mark.parametrize(("content", "message"), FAULTS, ids=lambda value: str(value)[:40])
def test_profile_that_cannot_be_used_is_an_error_that_says_where(
    content: bytes, message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        parse_profile(content)
    assert len(str(caught.value)) < 2_000


def test_profile_of_credentials_has_paths_of_its_own() -> None:
    content = json.loads(changed(where=["credentialSubject.achievement.tag"]))
    content["looksAt"] = "credential"
    profile = parse_profile(json.dumps(content).encode())
    badge: Any = {
        "type": ["VerifiableCredential"],
        "credentialSubject": {"achievement": {"tag": ["x"]}},
    }
    assert check(badge, profile).element("it").standing is Standing.THERE
