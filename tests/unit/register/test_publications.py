"""Public pages: only where the learner agreed, under names that nobody can guess."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from registers import registers
from testamur.errors import Code, RegisterError
from testamur.register import Register
from testamur.register.publications import TOKEN_BITS
from unit.publish.scenes import DID, NOW, College


@pytest.fixture(params=["sqlite", "postgresql"])
def college(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[College]:
    """An issuer with a register in either database."""
    with registers(request.param, tmp_path) as url:
        made = College(tmp_path, url=url)
        with made.register:
            yield made


def test_nothing_is_public_at_first(college: College) -> None:
    badge = college.issue()
    assert college.register.publications.find(badge.id) is None
    assert list(college.register.publications.of(DID)) == []


def test_agreement_gives_a_random_name_once(college: College) -> None:
    badge = college.issue()
    book = college.register.publications
    publication = book.agree(badge.id, who="Ada")
    assert re.fullmatch("[a-z2-7]{32}", publication.token)
    assert TOKEN_BITS >= 128
    assert publication.token not in repr(publication)
    assert book.agree(badge.id) == publication == book.find(badge.id)
    (found,) = book.of(DID)
    assert (found.publication, found.record.id, found.newer) == (publication, badge.id, None)
    entries = college.register.trail.read(subject=badge.id)
    assert [(each.action, each.actor) for each in entries if "publication" in each.action] == [
        ("publication.agreed", "Ada")
    ]
    assert publication.token not in repr(college.register.trail.read(limit=1000))


def test_agreement_can_be_taken_back_and_its_name_is_gone_for_good(college: College) -> None:
    badge = college.issue()
    book = college.register.publications
    first = book.agree(badge.id)
    assert book.take_back(badge.id, who="Ada")
    assert book.find(badge.id) is None
    assert not book.take_back(badge.id)
    assert book.agree(badge.id).token != first.token
    college.register.trail.check()


def test_erasure_takes_the_page_back(college: College) -> None:
    badge = college.issue()
    college.register.publications.agree(badge.id)
    college.register.credentials.erase(badge.id, reason="asked for")
    assert college.register.publications.find(badge.id) is None
    with pytest.raises(RegisterError, match="it is erased") as caught:
        college.register.publications.agree(badge.id)
    assert caught.value.code is Code.REGISTER_CONFLICT


def test_unknown_credential_cannot_be_public(college: College) -> None:
    with pytest.raises(RegisterError) as caught:
        college.register.publications.agree("urn:uuid:0")
    assert caught.value.code is Code.REGISTER_UNKNOWN


def test_all_publications_are_read_some_at_a_time(
    college: College, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testamur.register.publications._PAGE", 2)
    badges = [college.issue(f"Learner {n}") for n in range(5)]
    for each in badges:
        college.register.publications.agree(each.id)
    assert [each.record.id for each in college.register.publications.of(DID)] == [
        each.id for each in badges
    ]


def test_published_from_either_database(college: College) -> None:
    badge = college.issue()
    page = college.agree(badge)
    college.publish()
    assert f"{page}/index.html" in college.files()
    college.register.credentials.revoke(badge.id, reason="mistaken")
    college.publish()
    assert college.examine(badge.content).verdict == "revoked"


def test_register_of_the_first_version_is_upgraded(tmp_path: Path) -> None:
    college = College(tmp_path)
    badge = college.issue()
    college.register.close()
    with sqlite3.connect(tmp_path / "register.db") as database:
        database.execute("DROP TABLE publications")
        database.execute("UPDATE register_version SET version_num = '0001'")
    database.close()
    url = f"sqlite:///{tmp_path / 'register.db'}"
    with pytest.raises(RegisterError) as caught:
        Register.open(url, now=lambda: NOW)
    assert caught.value.code is Code.REGISTER_VERSION
    assert Register.upgrade(url) == "0001"
    again = College(tmp_path)
    with again.register:
        assert again.register.publications.agree(badge.id).id == badge.id
