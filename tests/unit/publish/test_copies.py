"""At the URL of a refresh service stands the newest copy, as long as nobody was erased."""

from __future__ import annotations

import json
import shutil

import pytest

from testamur.errors import SigningKeyError
from testamur.fetch import FolderFetcher
from testamur.issuer import Documents, Issuer, Policy
from testamur.issuing import Mechanism
from testamur.protocols import Fetched
from testamur.trust import AllowList
from testamur.verification import Check, CheckName, Verdict, Verifier
from unit.publish.scenes import BASE, DID, Badge, College
from unit.publish.test_following import Chance, mended_folder, without_looking_at_everything

FOLDER = f"{BASE}refresh/"


class Served:
    """The published folder as its web server has it: every file at its URL, listed or not."""

    def __init__(self, college: College) -> None:
        self._college = college
        self._folder = FolderFetcher(college.web)
        self.asked: list[str] = []

    def fetch(self, url: str, *, max_bytes: int) -> Fetched:
        """Answer."""
        self.asked.append(url)
        path = self._college.web / "public" / url.removeprefix(BASE)
        if url.startswith(FOLDER) and path.is_file():
            return Fetched(url=url, content=path.read_bytes(), content_type="application/vc")
        return self._folder.fetch(url, max_bytes=max_bytes)


@pytest.fixture
def refreshing(college: College) -> College:
    """A college whose credentials have a refresh service."""
    college.policy = Policy(refresh_url=FOLDER)
    return college


def path_of(badge: Badge) -> str:
    """Return where its newest copy is to stand: the URL in the document, on this site."""
    url = str(json.loads(badge.content)["refreshService"]["id"])
    assert url == f"{FOLDER}{badge.id.removeprefix('urn:uuid:')}"
    return url.removeprefix(BASE)


def refresh_of(college: College, badge: Badge) -> tuple[Check, Verdict]:
    """Return what a stranger finds who asks for a newer version."""
    verifier = Verifier(
        now=college.now, trust=AllowList({DID: "Example College"}), fetcher=Served(college)
    )
    report = verifier.examine(badge.content)
    return report.check(CheckName.REFRESH), report.verdict


def replace(college: College, badge: Badge) -> Badge:
    """Replace a badge by one with another name."""
    chance = Chance(college, 0)
    chance.badges = [badge]
    chance.replace()
    return chance.badges[-1]


def test_newest_credential_stands_at_its_own_url(refreshing: College) -> None:
    badge = refreshing.issue()
    refreshing.publish()
    assert refreshing.files()[path_of(badge)] == badge.content
    check, verdict = refresh_of(refreshing, badge)
    assert (check.sentence, verdict) == ("It is the newest version.", Verdict.GENUINE)
    assert refreshing.publish().written == ()


def test_token_stands_there_as_it_is(refreshing: College) -> None:
    badge = refreshing.issue(mechanism=Mechanism.VC_JWT)
    refreshing.publish()
    (content,) = (
        each
        for name, each in refreshing.files().items()
        if name.startswith("refresh/") and not name.endswith("index.html")
    )
    assert content == badge.content
    assert refresh_of(refreshing, badge)[0].sentence == "It is the newest version."


def test_what_superseded_a_credential_stands_at_its_url(
    refreshing: College, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = refreshing.issue()
    second = replace(refreshing, first)
    refreshing.publish()
    without_looking_at_everything(monkeypatch)
    third = replace(refreshing, second)
    published = refreshing.publish()
    for each in (first, second, third):
        assert refreshing.files()[path_of(each)] == third.content
        assert path_of(each) in published.written
    check, _ = refresh_of(refreshing, first)
    assert f"{BASE}{path_of(first)}" in check.sentence
    assert "in its place" in check.sentence


def test_credential_that_is_not_signed_yet_takes_no_place(
    refreshing: College, monkeypatch: pytest.MonkeyPatch
) -> None:
    badge = refreshing.issue()
    refreshing.publish()

    def fail(*_: object, **__: object) -> None:
        raise SigningKeyError("the module is away")

    with monkeypatch.context() as away:
        away.setattr("testamur.issuer.desk.issue", fail)
        with pytest.raises(SigningKeyError):
            replace(refreshing, badge)
    refreshing.publish()
    assert refreshing.files()[path_of(badge)] == badge.content
    (new,) = Issuer(refreshing.register, refreshing.signer, policy=refreshing.policy).resume()
    refreshing.publish()
    assert refreshing.files()[path_of(badge)] == new.content


def test_erased_credential_stands_nowhere(refreshing: College) -> None:
    old, other = refreshing.issue("Ada"), refreshing.issue("Bo")
    new = replace(refreshing, old)
    refreshing.publish()
    refreshing.register.credentials.erase(new.id, reason="asked for")
    assert set(refreshing.publish().removed) == {path_of(old), path_of(new)}
    assert all(b"Corrected" not in each for each in refreshing.everything().values())
    assert refreshing.files()[path_of(other)] == other.content
    names = {path_of(each).rpartition("/")[2].encode() for each in (old, new)}
    everything = b"".join(refreshing.everything().values())
    assert not any(each in everything for each in names)


def test_copy_of_which_a_lost_manifest_knew_does_not_stay_public(refreshing: College) -> None:
    badge, other = refreshing.issue("Ada"), refreshing.issue("Bo")
    refreshing.publish()
    mine = refreshing.web / "public/refresh/robots.txt"
    mine.write_bytes(b"mine")
    refreshing.register.credentials.erase(badge.id, reason="asked for")
    shutil.rmtree(refreshing.web / "manifest")
    assert path_of(badge) in refreshing.publish().removed
    assert path_of(other) in refreshing.files()
    assert mine.exists()


def test_copies_that_belong_elsewhere_are_named_once_and_not_published(college: College) -> None:
    college.policy = Policy(refresh_url="https://refresh.example/x/")
    for name in ("Ada", "Bo"):
        college.issue(name)
    for _ in range(2):
        assert college.publish().elsewhere == ("https://refresh.example/x/",)
    assert "refresh" not in "".join(college.files())


def test_credential_whose_document_is_not_kept_stands_nowhere(college: College) -> None:
    college.policy = Policy(refresh_url=FOLDER, documents=Documents.DIGESTS)
    badge = college.issue()
    college.publish()
    assert path_of(badge) not in college.files()


def test_credential_without_a_refresh_service_has_no_copy(college: College) -> None:
    badge = college.issue()
    college.publish()
    assert badge.content not in college.files().values()


def test_copies_are_kept_by_no_cache_found_by_no_search_and_listed_nowhere(
    refreshing: College,
) -> None:
    from unit.publish.test_headers import headers_of

    badge = refreshing.issue()
    refreshing.publish()
    headers = headers_of(refreshing, path_of(badge))
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Type"] == "application/vc"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers_of(refreshing, "refresh/index.html")["Content-Type"] == "text/html"
    name = path_of(badge).rpartition("/")[2].encode()
    for path in ("index.json", "headers.json", "public/_headers", "public/refresh/index.html"):
        assert name not in (refreshing.web / path).read_bytes()


def test_damaged_copy_is_put_right(refreshing: College) -> None:
    badge = refreshing.issue()
    refreshing.publish()
    (refreshing.web / "public" / path_of(badge)).unlink()
    assert refreshing.publisher().mend().written == (path_of(badge),)


def test_whatever_happens_a_look_at_everything_finds_nothing_to_do(
    refreshing: College,
) -> None:
    chance = Chance(refreshing, 5)
    for _ in range(12):
        for _ in range(3):
            chance.happen()
        refreshing.publish()
        mended = mended_folder(refreshing, refreshing.web.parent)
        assert mended.written == mended.removed == ()
    assert sum(name.startswith("refresh/") for name in refreshing.files()) > 3
