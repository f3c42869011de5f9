"""A run looks at what happened since the last one, and leaves what a look at everything would."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from testamur import build
from testamur.issuer import Issuer
from testamur.publish import Published
from testamur.publish.pictures import Pictures
from testamur.publish.progress import LOOK_OVER_AFTER, Progress
from testamur.register.publications import PublicationBook
from unit.publish.scenes import BASE, DID, NOW, Badge, College


def without_looking_at_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a run fail that reads all publications."""

    def refuse(*_: object) -> None:
        raise AssertionError("all publications were read")

    monkeypatch.setattr(PublicationBook, "of", refuse)


def mended_folder(college: College, tmp_path: Path) -> Published:
    """Return what a look at everything finds to do in a copy of the folder."""
    copy = tmp_path / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(college.web, copy)
    return college.publisher(folder=copy).mend()


def test_only_what_happened_is_looked_at(college: College, monkeypatch: pytest.MonkeyPatch) -> None:
    badges = [college.issue(f"Learner {n}") for n in range(6)]
    pages = [college.agree(each) for each in badges[:5]]
    college.publish()
    without_looking_at_everything(monkeypatch)
    looked_up: list[str] = []
    look_up = PublicationBook.look_up

    def spy(book: PublicationBook, issuer: str, identifiers: set[str]) -> object:
        looked_up.extend(identifiers)
        return look_up(book, issuer, identifiers)

    monkeypatch.setattr(PublicationBook, "look_up", spy)
    assert college.publish().written == ()
    assert looked_up == []
    register = college.register
    register.credentials.revoke(badges[0].id, reason="mistaken")
    register.publications.take_back(badges[1].id)
    register.credentials.erase(badges[2].id, reason="asked for")
    register.credentials.suspend(badges[3].id, reason="a doubt")
    new = college.agree(badges[5])
    published = college.publish()
    assert set(looked_up) == {badges[n].id for n in (0, 1, 2, 3, 5)}
    assert {each for each in published.written if each.endswith("/index.html")} == {
        f"{page}/index.html" for page in (pages[0], pages[3], new)
    }
    assert {each for each in published.removed if each.endswith("/index.html")} == {
        f"{page}/index.html" for page in (pages[1], pages[2])
    }
    assert published.pages == 4


def test_page_that_was_agreed_to_again_moves(
    college: College, monkeypatch: pytest.MonkeyPatch
) -> None:
    badge = college.issue()
    old = college.agree(badge)
    college.publish()
    without_looking_at_everything(monkeypatch)
    college.register.publications.take_back(badge.id)
    new = college.agree(badge)
    assert college.publish().pages == 1
    assert f"{new}/index.html" in college.files()
    assert not (college.web / "public" / old).exists()


class Chance:
    """A college in which things happen by chance."""

    def __init__(self, college: College, seed: int) -> None:
        self.college = college
        self.dice = Random(seed)
        self.badges: list[Badge] = []
        self.count = 0
        self.happenings: list[Callable[[], object]] = [
            *[self.issue] * 3,
            *[self.agree] * 6,
            *[self.take_back] * 3,
            lambda: self.change("revoke"),
            lambda: self.change("suspend"),
            lambda: self.change("reinstate"),
            lambda: self.change("erase"),
            self.replace,
            self.renew,
            lambda: college.advance(minutes=self.dice.choice((1, 20, 100))),
        ]

    def happen(self) -> None:
        """Let something happen; what cannot be, does not."""
        from testamur.errors import RegisterError

        try:
            self.dice.choice(self.happenings)()
        except RegisterError:
            return

    def some(self) -> Badge:
        if not self.badges:
            self.issue()
        return self.dice.choice(self.badges)

    def issue(self) -> None:
        self.count += 1
        end = self.dice.choice((None, self.college.now + timedelta(minutes=30)))
        self.badges.append(self.college.issue(f"Learner {self.count}", valid_until=end))

    def agree(self) -> None:
        self.college.agree(self.some())

    def take_back(self) -> None:
        self.college.register.publications.take_back(self.some().id)

    def change(self, what: str) -> None:
        getattr(self.college.register.credentials, what)(self.some().id, reason="a reason")

    def replace(self) -> None:
        college = self.college
        credential = build.credential(
            build.profile(id=DID, name="Example College"),
            build.achievement(
                id=f"{BASE}achievements/welding", name="Welding", description="D.", criteria="C."
            ),
            recipient=build.recipient_by_name("Corrected"),
            valid_from=college.now,
        )
        issuer = Issuer(college.register, college.signer, policy=college.policy)
        new = issuer.replace(self.some().id, credential, reason="a name")
        self.badges.append(Badge(new.id, new.content or b""))

    def renew(self) -> None:
        college = self.college
        new = Issuer(college.register, college.signer, policy=college.policy).renew(
            self.some().id, valid_from=college.now, valid_until=college.now + timedelta(hours=2)
        )
        self.badges.append(Badge(new.id, new.content or b""))


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_a_look_at_everything_finds_nothing_to_do(
    college: College, tmp_path: Path, seed: int
) -> None:
    chance, most = Chance(college, seed), 0
    for _ in range(20):
        for _ in range(chance.dice.randrange(6)):
            chance.happen()
        published = college.publish()
        mended = mended_folder(college, tmp_path)
        assert mended.written == mended.removed == ()
        assert mended.pages == published.pages
        assert mended.without_document == published.without_document
        # A page that was taken down may still have the next run come early, and none come late.
        assert published.due is not None
        assert mended.due is not None
        assert published.due <= mended.due
        most = max(most, published.pages)
    assert most > 0


def restore(college: College) -> None:
    """Put back a register of an earlier day, and take over what is published."""
    folder = college.web.parent
    college.register.close()
    shutil.copy(folder / "backup.db", folder / "register.db")
    again = College(folder, now=college.now)
    again.issue("Another")
    college.register = again.register
    college.publisher().recover(reason="the disk failed")


def rename(college: College) -> None:
    college.register.issuers.update(build.profile(id=DID, name="Example University"))


def lose_page(college: College) -> None:
    shutil.rmtree(next((college.web / "public/c").glob("*/")))


def lose_progress(college: College) -> None:
    path = college.web / "manifest/site.json"
    path.write_bytes(path.read_bytes().replace(b'"madeOf"', b'"madeof"'))


@pytest.mark.parametrize(
    "happen",
    [
        rename,
        lose_page,
        lose_progress,
        restore,
        lambda college: college.advance(seconds=-1),
        lambda college: college.advance(seconds=LOOK_OVER_AFTER.total_seconds()),
    ],
    ids=["renamed", "page lost", "manifest edited", "restored", "clock back", "a day later"],
)
def test_everything_is_looked_at_where_the_last_run_says_too_little(
    college: College, monkeypatch: pytest.MonkeyPatch, happen: Callable[[College], None]
) -> None:
    college.advance(days=1)
    college.agree(college.issue("Ada"))
    college.register.close()
    shutil.copy(college.web.parent / "register.db", college.web.parent / "backup.db")
    again = College(college.web.parent, now=college.now)
    college.register = again.register
    college.issue("Bo")
    college.publish()
    happen(college)
    looks: list[str] = []
    of = PublicationBook.of

    def spy(book: PublicationBook, issuer: str) -> object:
        looks.append(issuer)
        return of(book, issuer)

    monkeypatch.setattr(PublicationBook, "of", spy)
    before = set(college.files())
    try:
        college.publish()
    finally:
        college.register.close()
    assert looks == [DID]
    assert {each for each in college.files() if each.startswith("c/")} >= {
        each for each in before if each.startswith("c/")
    }


def test_files_that_somebody_damaged_are_put_right_by_a_look_at_them(college: College) -> None:
    page = college.agree(college.issue())
    college.publish()
    target = college.web / "public" / page / "badge.svg"
    kept = target.read_bytes()
    target.write_bytes(b"<svg/>")
    college.publish()
    assert college.publisher().mend().written == (f"{page}/badge.svg",)
    assert target.read_bytes() == kept


@pytest.mark.parametrize("is_wanted", [True, False], ids=["wanted page", "unknown page"])
def test_link_in_the_place_of_a_page_leads_to_nothing_that_is_touched(
    college: College, tmp_path: Path, is_wanted: bool
) -> None:
    page = college.agree(college.issue())
    college.publish()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "index.html").write_text("somebody's own")
    link = college.web / "public" / (page if is_wanted else f"c/{'a' * 32}")
    if is_wanted:
        shutil.rmtree(link)
    link.symlink_to(elsewhere)
    college.publisher().mend()
    assert [each.read_text() for each in elsewhere.iterdir()] == ["somebody's own"]
    assert not link.is_symlink()
    assert link.is_dir() is is_wanted


@pytest.mark.parametrize(
    "said",
    [None, [], {}, {"sequence": "1"}, {"sequence": 1, "hash": "00", "madeOf": "x", "changed": 1}],
)
def test_progress_that_cannot_be_read_is_none(said: object) -> None:
    assert Progress.from_json(said) is None  # type: ignore[arg-type]


def test_progress_is_read_as_it_was_written() -> None:
    made = Progress(
        sequence=7,
        hash="00",
        made_of="x",
        changed=1,
        at=NOW,
        looked_over=NOW,
        next_end=NOW,
        pages=3,
        without_document=("urn:x",),
    )
    assert Progress.from_json(made.to_json()) == made


def test_picture_is_drawn_once_for_an_achievement(
    college: College, monkeypatch: pytest.MonkeyPatch
) -> None:
    from testamur.carry import badge_svg

    drawn: list[str] = []

    def draw(title: str, *, issuer: str) -> bytes:
        drawn.append(title)
        return badge_svg(title, issuer=issuer)

    monkeypatch.setattr("testamur.publish.pictures.badge_svg", draw)
    for name in ("Ada", "Bo"):
        college.agree(college.issue(name))
    college.publish()
    assert drawn == ["Welding coordination"]
    assert Pictures(college.web / "manifest").svg("x", "y") is not None
