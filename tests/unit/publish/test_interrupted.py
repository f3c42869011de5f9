"""Killed at any moment, a publication leaves a folder in which nothing contradicts anything."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from testamur.errors import ConfigurationError
from testamur.loading import load
from testamur.publish.pictures import Pictures
from testamur.status import BitString
from testamur.verification import Verdict
from unit.publish import killed
from unit.publish.scenes import DID, Badge, College

SPAWN = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Story:
    """What was published, and what happened since.

    Attributes:
        revoked: with a page. hidden: revoked, without a page. sound: with a page, of a new key.
        gone: of a learner who agrees no more. come: of one who agrees now.
    """

    college: College
    revoked: Badge
    hidden: Badge
    sound: Badge
    gone: str
    come: str


def tell(folder: Path, *, compromised: bool) -> Story:
    college = College(folder)
    revoked, hidden, gone, come = (college.issue(each) for each in ("Ada", "Bo", "Cy", "Di"))
    college.add_key("key-2")
    college.signer = college.signer_of("key-2")
    sound = college.issue("Eve")
    college.signer = college.signer_of("key-1")
    college.agree(revoked)
    college.agree(sound)
    page = college.agree(gone)
    college.publish()
    college.advance(hours=1)
    college.register.credentials.revoke(revoked.id, reason="mistaken")
    college.register.credentials.revoke(hidden.id, reason="mistaken")
    college.register.publications.take_back(gone.id)
    if compromised:
        college.register.keys.mark_compromised(
            f"{DID}#key-1", since=college.now + timedelta(days=1), reason="lost"
        )
        college.signer = college.signer_of("key-2")
    return Story(college, revoked, hidden, sound, page, college.agree(come))


def require_whole(story: Story) -> None:
    """Require that whatever is public can be read, and that pages, documents and lists agree."""
    college = story.college
    files = college.files()
    for path, content in files.items():
        if path.endswith(".json") and not path.rpartition("/")[2].startswith("."):
            json.loads(content)
    assert college.examine(story.sound.content).verdict is Verdict.GENUINE
    for each in (story.revoked, story.hidden):
        assert college.examine(each.content).verdict in (Verdict.GENUINE, Verdict.REVOKED)
    for path, content in files.items():
        if path.endswith("/index.html") and path != "c/index.html":
            document = files[path.replace("index.html", "credential.json")]
            assert b"</html>" in content
            if b"Withdrawn." in content:
                assert college.examine(document).verdict is Verdict.REVOKED
    known = {
        folder
        for part in (college.web / "manifest").glob("pages-*.json")
        for folder in json.loads(part.read_bytes())
    }
    assert {
        path.rpartition("/")[0] for path in files if path.count("/") == 2 and path[:2] == "c/"
    } <= known


def finish(story: Story) -> dict[str, bytes]:
    """Publish in peace, and return what does not depend on when lists were signed."""
    college = story.college
    college.publish()
    assert college.examine(story.hidden.content).verdict is Verdict.REVOKED
    assert college.examine(story.revoked.content).verdict is Verdict.REVOKED
    assert story.gone not in {path.rpartition("/")[0] for path in college.files()}
    assert f"{story.come}/index.html" in college.files()
    assert college.publish().written == ()
    assert not list(college.web.rglob(".*.tmp"))
    return {
        name: content if not name.startswith("status/") else b""
        for name, content in college.files().items()
    }


@pytest.mark.parametrize("behind", [False, True], ids=["before", "behind"])
def test_killed_at_any_change_of_the_disk_the_folder_is_whole_and_the_next_run_completes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behind: bool
) -> None:
    monkeypatch.setattr(Pictures, "png", lambda *_: None)
    told = tmp_path / "told"
    told.mkdir()
    story = tell(told, compromised=False)
    story.college.register.close()
    expected: dict[str, bytes] | None = None
    step = 0
    while True:
        step += 1
        folder = tmp_path / str(step)
        shutil.copytree(told, folder)
        process = SPAWN.Process(
            target=killed.publish_and_die,
            args=(folder, story.college.now, "key-1", step),
            kwargs={"behind": behind},
        )
        process.start()
        process.join(60)
        again = Story(
            College(folder, now=story.college.now),
            story.revoked,
            story.hidden,
            story.sound,
            story.gone,
            story.come,
        )
        require_whole(again)
        found = finish(again)
        expected = expected if expected is not None else found
        assert found == expected
        again.college.register.close()
        shutil.rmtree(folder)
        if process.exitcode == killed.ENDED:
            break
        assert process.exitcode == killed.KILLED
    assert step > 10


def test_killed_while_a_compromised_key_is_revoked_no_badge_of_another_key_suffers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pictures, "png", lambda *_: None)
    told = tmp_path / "told"
    told.mkdir()
    story = tell(told, compromised=True)
    story.college.register.close()
    step = 0
    while True:
        step += 1
        folder = tmp_path / str(step)
        shutil.copytree(told, folder)
        process = SPAWN.Process(
            target=killed.publish_and_die,
            args=(folder, story.college.now, "key-2", step),
            kwargs={"behind": True},
        )
        process.start()
        process.join(60)
        college = College(folder, now=story.college.now)
        college.signer = college.signer_of("key-2")
        assert college.examine(story.sound.content).verdict is Verdict.GENUINE
        college.publish()
        assert college.examine(story.sound.content).verdict is Verdict.GENUINE
        methods = college.read(".well-known/did.json")["verificationMethod"]
        assert [each["id"] for each in methods if "revoked" in each] == [f"{DID}#key-1"]
        college.register.close()
        if process.exitcode == killed.ENDED:
            break
    assert step > 5


def test_readers_always_find_a_list_that_verifies_and_never_an_older_one(college: College) -> None:
    badges = [college.issue(f"Learner {n}") for n in range(12)]
    college.publish()
    path = college.web / "public" / college.list_path("revocation")
    faults: list[str] = []
    ended = threading.Event()

    def read() -> None:
        changed = 0
        while not ended.is_set():
            document = load(path.read_bytes()).document
            sequence = int(str(document["validFrom"])[17:19])
            if sequence < changed:
                faults.append(f"{sequence} behind {changed}")
            changed = sequence
            verdict = college.examine(badges[-1].content).verdict
            if verdict is not Verdict.GENUINE:
                faults.append(verdict)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for each in readers:
        each.start()
    try:
        for badge in badges[:-1]:
            college.advance(seconds=1)  # a reader whose clock is behind by all of them may verify
            college.register.credentials.revoke(badge.id, reason="mistaken")
            college.publish()
    finally:
        ended.set()
        for each in readers:
            each.join()
    assert faults == []


def test_full_disk_leaves_what_was_published_and_the_next_run_completes_it(
    college: College, monkeypatch: pytest.MonkeyPatch
) -> None:
    badge = college.issue()
    college.publish()
    before = college.files()
    college.register.credentials.revoke(badge.id, reason="mistaken")
    with monkeypatch.context() as full:

        def no_room(_path: Path, _target: Path) -> None:
            raise OSError(28, "No space left on device")

        full.setattr(Path, "replace", no_room)
        with pytest.raises(ConfigurationError, match="the disk has room"):
            college.publish()
    assert college.files() == before
    college.publish()
    assert college.examine(badge.content).verdict is Verdict.REVOKED


def withdrawn(college: College, badges: list[Badge]) -> set[str]:
    """Return the ids of those whose bits are set in the list that is published."""
    document = college.read(college.list_path("revocation"))
    bits = BitString.decode(document["credentialSubject"]["encodedList"])
    places = {
        each.id: int(entry["statusListIndex"])
        for each in badges
        for entry in json.loads(each.content)["credentialStatus"]
        if entry["statusPurpose"] == "revocation"
    }
    return {identifier for identifier, place in places.items() if bits.get(place)}


def test_killed_at_random_again_and_again_no_withdrawal_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pictures, "png", lambda *_: None)
    times = int(os.environ.get("TESTAMUR_KILLS", "20"))
    college = College(tmp_path)
    badges = [college.issue(f"Learner {n}") for n in range(times + 1)]
    college.publish()
    dice, seen = random.Random(7), set[str]()
    for number in range(times):
        college.advance(minutes=1)
        badge = badges[number]
        college.register.credentials.revoke(badge.id, reason="mistaken")
        college.agree(badge)
        process = SPAWN.Process(target=killed.publish, args=(tmp_path, college.now))
        process.start()
        time.sleep(dice.uniform(0, 0.25))
        process.kill()
        process.join()
        assert college.examine(badges[-1].content).verdict is Verdict.GENUINE
        revoked = withdrawn(college, badges)
        assert seen <= revoked <= {each.id for each in badges[: number + 1]}
        seen = revoked
        for path, content in college.files().items():
            if path.endswith("/index.html") and b"Withdrawn." in content:
                document = load(college.files()[path.replace("index.html", "credential.json")])
                assert document.document["id"] in revoked
    college.publish()
    assert withdrawn(college, badges) == {each.id for each in badges[:-1]}
    assert sum(path.endswith("/credential.json") for path in college.files()) == times
    college.register.trail.check()
    college.register.close()
