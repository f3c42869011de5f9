"""After a backup was restored: no withdrawal is undone, and no place is given twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from testamur.errors import Code, RegisterError
from testamur.publish.pictures import Pictures
from testamur.register import Standing
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
