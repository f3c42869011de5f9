"""After a backup was restored: no withdrawal is undone, and no place is given twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from registers import postgresql_schema, registers
from testamur.errors import Code, RegisterError
from testamur.publish.pictures import Pictures
from testamur.register import Standing, statuses
from testamur.register.export import Reading, export_register, import_register
from testamur.verification import Verdict
from unit.publish.scenes import DID, Badge, College


class Restored:
    """A college whose register lost what happened since a backup."""

    def __init__(self, folder: Path) -> None:
        college = College(folder)
        self.ada, self.bo, self.cy = (college.issue(each) for each in ("Ada", "Bo", "Cy"))
        college.publish()
        college.register.close()
        shutil.copy(folder / "register.db", folder / "backup.db")
        college = College(folder)
        college.advance(hours=1)
        self.lost = college.issue("Lost")
        college.register.credentials.revoke(self.ada.id, reason="mistaken")
        college.register.credentials.suspend(self.bo.id, reason="under review")
        college.register.credentials.revoke(self.lost.id, reason="mistaken")
        college.publish()
        college.register.close()
        shutil.copy(folder / "backup.db", folder / "register.db")
        self.college = College(folder)
        self.college.advance(hours=2)

    def verdicts(self) -> list[Verdict]:
        """Return what strangers are told of all four."""
        return [self.verdict(each) for each in (self.ada, self.bo, self.cy, self.lost)]

    def verdict(self, badge: Badge) -> Verdict:
        """Return what strangers are told of one."""
        return self.college.examine(badge.content).verdict


AFTER = [Verdict.REVOKED, Verdict.SUSPENDED, Verdict.GENUINE, Verdict.REVOKED]


@pytest.fixture
def restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Restored:
    monkeypatch.setattr(Pictures, "png", lambda *_: None)
    return Restored(tmp_path)


def test_register_of_an_earlier_day_publishes_nothing(restored: Restored) -> None:
    before = restored.college.everything()
    with pytest.raises(RegisterError, match="after-restore") as caught:
        restored.college.publish()
    assert caught.value.code is Code.REGISTER_CONFLICT
    assert restored.college.everything() == before
    assert restored.verdicts() == AFTER


def test_register_of_an_earlier_day_is_told_also_where_as_much_happened_in_it_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The change gets the number of the one that was lost, so by the numbers no list is due.
    monkeypatch.setattr(Pictures, "png", lambda *_: None)
    monkeypatch.setattr(statuses, "_set_decoy", lambda *_: None)
    college = College(tmp_path)
    ada, bo = college.issue("Ada"), college.issue("Bo")
    college.publish()
    college.register.close()
    shutil.copy(tmp_path / "register.db", tmp_path / "backup.db")
    college = College(tmp_path)
    college.register.credentials.revoke(ada.id, reason="mistaken")
    college.publish()
    college.register.close()
    shutil.copy(tmp_path / "backup.db", tmp_path / "register.db")
    college = College(tmp_path)
    college.register.credentials.revoke(bo.id, reason="mistaken")
    with college.register, pytest.raises(RegisterError, match="after-restore"):
        college.publish()


def test_page_that_was_taken_down_since_the_backup_does_not_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No list changed since, so the lists do not show that the register is of an earlier day.
    monkeypatch.setattr(Pictures, "png", lambda *_: None)
    college = College(tmp_path)
    badges = [college.issue(each) for each in ("Ada", "Bo", "Cy")]
    pages = [college.agree(each) for each in badges]
    college.publish()
    college.register.close()
    shutil.copy(tmp_path / "register.db", tmp_path / "backup.db")
    college = College(tmp_path)
    college.register.publications.take_back(badges[0].id)
    college.register.credentials.erase(badges[1].id, reason="asked for")
    college.publish()
    college.register.close()
    shutil.copy(tmp_path / "backup.db", tmp_path / "register.db")
    college = College(tmp_path)
    with college.register:
        college.issue("Di")
        with pytest.raises(RegisterError, match="after-restore") as caught:
            college.publish()
        assert caught.value.code is Code.REGISTER_CONFLICT
        college.publisher().recover(reason="the disk failed")
        college.publish()
        there = {each.rpartition("/")[0] for each in college.files() if each.startswith("c/")}
        assert there & set(pages) == {pages[2]}
        assert college.register.publications.find(badges[0].id) is None
        again = college.agree(badges[0])
        college.publish()
        college.publisher().recover(reason="once too often")
        college.publish()
        assert f"{again}/index.html" in college.files()


def test_what_is_published_is_taken_over(restored: Restored) -> None:
    college = restored.college
    old = college.register.lists.series(DID)
    # Ada, Bo, and the one whom the register does not know; decoys may be among the others.
    assert college.publisher().recover(reason="the disk failed", who="registrar") >= 3
    college.publish()
    assert restored.verdicts() == AFTER
    find = college.register.credentials.find
    standings = [getattr(find(each.id), "standing", None) for each in (restored.ada, restored.bo)]
    assert standings == [Standing.REVOKED, Standing.SUSPENDED]
    new = college.register.lists.series(DID)
    assert old is not None
    assert new is not None
    assert new.number != old.number
    college.register.credentials.reinstate(restored.bo.id, reason="cleared")
    college.publish()
    assert restored.verdict(restored.bo) is Verdict.GENUINE
    college.register.trail.check()


def test_nothing_is_taken_over_from_a_list_that_somebody_else_wrote(
    restored: Restored,
) -> None:
    college = restored.college
    path = college.web / "public" / college.list_path("revocation")
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"proofValue":"z', b'"proofValue":"z1'))
    college.publisher().recover(reason="the disk failed")
    record = college.register.credentials.find(restored.ada.id)
    assert record is not None
    assert record.standing is Standing.CURRENT


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_text("")])
def test_folder_without_its_manifest_still_keeps_withdrawals(
    restored: Restored, spoil: Callable[[Path], None]
) -> None:
    # The lists alone show that the register forgot something.
    (restored.college.web / "manifest/site.json").unlink()
    with pytest.raises(RegisterError, match="withdrawals in it are not in the register"):
        restored.college.publish()
    # Where the list is gone or damaged, the register is all there is.
    for purpose in ("revocation", "suspension"):
        spoil(restored.college.web / "public" / restored.college.list_path(purpose))
    restored.college.publish()


def test_reason_is_asked_for(restored: Restored) -> None:
    with pytest.raises(RegisterError, match="say why"):
        restored.college.publisher().recover(reason=" ")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_backup_of_the_day_before_undoes_nothing_and_gives_no_place_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(Pictures, "png", lambda *_: None)
    with registers(kind, tmp_path) as url, empty_database(kind, tmp_path) as restored_url:
        college = College(tmp_path, url=url)
        ada, bo = college.issue("Ada"), college.issue("Bo")
        college.publish()
        export_register(college.register, tmp_path / "backup")
        college.advance(days=1)
        lost = college.issue("Lost")
        college.register.credentials.revoke(ada.id, reason="mistaken")
        college.register.credentials.revoke(lost.id, reason="mistaken")
        college.publish()
        taken = {place for each in (ada, bo, lost) for place in places_of(each)}
        college.register.close()

        import_register(
            tmp_path / "backup", restored_url, now=lambda: college.now, reading=Reading.RESTORED
        )
        again = College(tmp_path, url=restored_url, now=college.now)
        before = again.everything()
        with pytest.raises(RegisterError, match="after-restore") as caught:
            again.publish()
        assert caught.value.code is Code.REGISTER_CONFLICT
        assert again.everything() == before
        assert again.publisher().recover(reason="the disk failed") >= 2
        again.publish()
        verdicts = [again.examine(each.content).verdict for each in (ada, bo, lost)]
        assert verdicts == [Verdict.REVOKED, Verdict.GENUINE, Verdict.REVOKED]
        new = again.issue("New")
        assert taken.isdisjoint(places_of(new))
        again.publish()
        assert again.examine(new.content).verdict is Verdict.GENUINE
        again.register.trail.check()
        again.register.close()


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of a database without tables."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'restored.db'}"
    else:
        with postgresql_schema() as url:
            yield url


def places_of(badge: Badge) -> set[tuple[str, str]]:
    """Return the places that a badge says."""
    entries = json.loads(badge.content)["credentialStatus"]
    return {(each["statusListCredential"], each["statusListIndex"]) for each in entries}
