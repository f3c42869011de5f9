"""Real micro-credentials: Cedefop's table of 44, described, in both formats, and back.

Cedefop (2023), "Microcredentials for labour market education and training", tables 5, 6 and 16.
"""

from __future__ import annotations

import csv
import io

import pytest

import shared_data
from descriptions import UNIVERSITY
from shacl_oracle import conforms
from simulator import NOW
from testamur.canon.contexts import Contexts
from testamur.canon.rdfc10 import canonicalize
from testamur.demo.microcredentials import Row, describe, read_table, row_of
from testamur.model.elm import EuropeanDigitalCredential, find_faults
from testamur.model.microcredential import (
    Convention,
    Learner,
    MicroCredential,
    from_open_badge,
    to_open_badge,
)
from testamur.model.microcredential.europass import from_elm, to_elm
from testamur.model.ob3 import AchievementCredential, check_for_issue

PNG = b"\x89PNG\r\n\x1a\n and whatever follows"
ROWS = read_table()
DESCRIBED = [
    describe(
        row,
        id=f"https://uni.example/achievements/{number}",
        provider_id=f"https://uni.example/providers/{number}",
        issuer=UNIVERSITY,
        learner=Learner(full_name="Ana Andromeda"),
        issued=NOW,
    )
    for number, row in enumerate(ROWS, 1)
]


def test_table_that_ships_is_the_published_one() -> None:
    text = shared_data.read_text("cedefop-2023-microcredentials.csv")
    assert [Row(**row) for row in csv.DictReader(io.StringIO(text))] == ROWS
    assert len(ROWS) == 44


@pytest.mark.parametrize("number", range(44))
def test_row_comes_back_out_of_its_description(number: int) -> None:
    assert row_of(DESCRIBED[number]) == ROWS[number]


@pytest.mark.parametrize("convention", Convention)
@pytest.mark.parametrize("description", DESCRIBED, ids=lambda each: each.title["en"])
def test_description_comes_back_out_of_an_open_badge(
    description: MicroCredential, convention: Convention
) -> None:
    badge = to_open_badge(description, id="urn:uuid:1", convention=convention)
    check_for_issue(badge)
    canonicalize(badge.to_json(), contexts=Contexts.bundled())  # loses nothing
    read = from_open_badge(AchievementCredential.from_json(badge.to_json()))
    assert read.description == description
    assert read.findings == ()


@pytest.mark.parametrize("description", DESCRIBED, ids=lambda each: each.title["en"])
def test_description_comes_back_out_of_a_european_digital_credential(
    description: MicroCredential,
) -> None:
    credential = to_elm(description, id="urn:credential:1", pages={"en": PNG})
    assert not find_faults(credential).faults
    for profile in ("generic-no-cv", "generic-full"):  # published by the European Commission
        assert conforms(credential.to_json(), profile)
    read = from_elm(EuropeanDigitalCredential.from_json(credential.to_json()))
    assert read.description == description
    # The picture of it is made for it, and no part of what is described.
    assert [each.path for each in read.findings] == ["displayParameter.individualDisplay"]


@pytest.mark.parametrize("description", DESCRIBED, ids=lambda each: each.title["en"])
def test_what_is_made_up_is_marked_as_example_data(description: MicroCredential) -> None:
    assert description.further_information is not None
    assert "example data" in description.further_information["en"]
