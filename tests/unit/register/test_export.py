from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from filled_register import ISSUER, SIGNER, clock, fill, postgresql_database
from registers import Office, new_file
from simulator import NOW, key
from testamur import build
from testamur.batch import Learner
from testamur.errors import Code, RegisterError, SigningKeyError, TestamurError
from testamur.issuer import Issuer, Policy
from testamur.issuer.policy import Recipients
from testamur.keys import Ed25519PrivateKey
from testamur.register import Register
from testamur.register.checking import check_register
from testamur.register.export import Reading, export_register, import_register
from testamur.register.versions import NEWEST


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    with postgresql_database() as url:
        if url is None:
            pytest.skip("no PostgreSQL answers at 127.0.0.1:5432")
        yield url


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """The folder of an export of a register on SQLite."""
    with Register.open_or_create(
        f"sqlite:///{tmp_path / 'old.db'}", now=clock, has_outbox=True
    ) as register:
        fill(register)
        export_register(register, tmp_path / "exported")
    return tmp_path / "exported"


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir())}


def test_import_gives_a_register_whose_export_is_the_same_to_the_byte(
    exported: Path, database: str, tmp_path: Path
) -> None:
    import_register(exported, database, now=clock, reading=Reading.MOVED)
    with Register.open(database, now=clock) as register:
        assert check_register(register).faults == ()
        export_register(register, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(exported)


def test_imported_register_goes_on_where_the_old_one_was(exported: Path, database: str) -> None:
    import_register(exported, database, now=clock, reading=Reading.MOVED)
    with Register.open(database, now=clock, has_outbox=True) as register:
        first = "urn:uuid:00000000-0000-4000-8000-000000000001"
        assert register.credentials.revoke(first, reason="Wrong person")
        assert (
            register.credentials.find(first)
            == register.credentials.of_recipient("ada1@learner.example")[0]
        )
        assert check_register(register).faults == ()


def test_restored_backup_gives_no_place_of_an_old_list_away(exported: Path, database: str) -> None:
    with_lists = json.loads((exported / "status_series.jsonl").read_bytes())
    import_register(exported, database, now=clock, reading=Reading.RESTORED)
    with Register.open(database, now=clock) as register:
        series = register.lists.series(ISSUER)
        assert series is not None
        assert series.next_position == 0
        assert base64.b64encode(series.lists.secret or b"").decode() != with_lists["secret"]
        assert "register.restored" in [each.action for each in register.trail.read()]
        assert check_register(register).faults == ()


def test_manifest_says_what_is_there_as_independent_tools_see_it(exported: Path) -> None:
    manifest = json.loads((exported / "manifest.json").read_bytes())
    tables = {each["table"]: each for each in manifest["tables"]}
    assert {f"{name}.jsonl" for name in tables} | {"manifest.json"} == set(contents(exported))
    for name, each in tables.items():
        content = (exported / f"{name}.jsonl").read_bytes()
        assert each["sha256"] == hashlib.sha256(content).hexdigest()
        assert (each["bytes"], each["rows"]) == (len(content), content.count(b"\n"))
    last = json.loads((exported / "audit_trail.jsonl").read_bytes().splitlines()[-1])
    assert manifest["audit_head"]["sequence"] == last["sequence"]
    assert bytes.fromhex(manifest["audit_head"]["hash"]) == base64.b64decode(last["hash"])
    lines = (exported / "credentials.jsonl").read_bytes().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [1, 2, 3]
    assert json.loads((exported / "issuers.jsonl").read_bytes())["created_at"] == (
        "2026-06-01T12:00:00Z"
    )


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_export_is_for_its_owner_alone(exported: Path) -> None:
    for each in (exported, *exported.iterdir()):
        assert stat.S_IMODE(each.stat().st_mode) & 0o077 == 0


def test_export_sees_one_moment_while_another_writes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    with (
        Register.open_or_create(url, now=clock) as register,
        Register.open(url, now=clock) as other,
    ):
        fill(register)
        with register.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM audit_trail").scalar_one()
            other.credentials.revoke(
                "urn:uuid:00000000-0000-4000-8000-000000000001", reason="Meanwhile"
            )
        export_register(register, tmp_path / "exported")
    import_register(
        tmp_path / "exported", f"sqlite:///{tmp_path}/new.db", now=clock, reading=Reading.MOVED
    )


def _change(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        content = (folder / name).read_bytes()
        assert old in content
        (folder / name).write_bytes(content.replace(old, new, 1))

    return change


def _cut(folder: Path) -> None:
    content = (folder / "credentials.jsonl").read_bytes()
    (folder / "credentials.jsonl").write_bytes(content[: content.rindex(b"\n", 0, -1) + 1])


def _add_line(folder: Path) -> None:
    with (folder / "outbox.jsonl").open("ab") as stream:
        stream.write(b"{}\n")


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (_change("credentials.jsonl", b"ada1@", b"eve1@"), "credentials.jsonl"),
        (_cut, "credentials.jsonl"),
        (_add_line, "outbox.jsonl"),
        (lambda folder: (folder / "keys.jsonl").unlink(), "keys.jsonl"),
        (lambda folder: (folder / "more.jsonl").write_bytes(b""), "more.jsonl"),
        (lambda folder: (folder / "manifest.json").unlink(), "manifest.json"),
        (_change("manifest.json", b'"tables"', b'"tab1es"'), "manifest.json"),
        (_change("manifest.json", b'"table": "keys"', b'"table": "../keys"'), "manifest.json"),
    ],
)
def test_damaged_export_is_refused_by_the_name_of_its_file(
    exported: Path, tmp_path: Path, damage: Callable[[Path], None], named: str
) -> None:
    damage(exported)
    with pytest.raises(RegisterError) as refused:
        import_register(exported, f"sqlite:///{tmp_path}/new.db", now=clock, reading=Reading.MOVED)
    assert refused.value.code is Code.REGISTER_DAMAGED
    assert named in refused.value.message
    assert not (tmp_path / "new.db").exists()


def _forge(folder: Path, name: str, old: bytes, new: bytes) -> None:
    """Change a file, and the manifest with it, as somebody would who wants it to be believed."""
    before = (folder / name).read_bytes()
    _change(name, old, new)(folder)
    after = (folder / name).read_bytes()
    manifest = (folder / "manifest.json").read_bytes()
    for each, other in ((before, after),):
        manifest = manifest.replace(
            hashlib.sha256(each).hexdigest().encode(), hashlib.sha256(other).hexdigest().encode()
        )
        manifest = manifest.replace(b'"bytes": %d' % len(each), b'"bytes": %d' % len(other))
    (folder / "manifest.json").write_bytes(manifest)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("audit_trail.jsonl", b'"action":"key.added"', b'"action":"key.adde_"'),
        ("keys.jsonl", b'"issuer_id":1', b'"issuer_id":7'),
        ("keys.jsonl", b'"issuer_id":1', b'"issuer_id":true'),
        ("keys.jsonl", b'"valid_from":"2026-', b'"valid_from":"20x6-'),
        ("keys.jsonl", b'"retired_at":null', b'"retired_by":null'),
        ("credentials.jsonl", b'"kind":"achievement"', b'"kind":null'),
        ("credentials.jsonl", b'"id":2,', b'"id":1,'),
        ("credentials.jsonl", b'"tag":"', b'"tag":"*'),
        ("issuers.jsonl", b'{"id"', b'{"x":1,"id"'),
        ("issuers.jsonl", b"}\n", b"\n"),
        ("register_facts.jsonl", b'"register_id":"', b'"register_id":"0'),
    ],
)
def test_forged_export_leaves_nothing_behind(
    exported: Path, database: str, name: str, old: bytes, new: bytes
) -> None:
    _forge(exported, name, old, new)
    with pytest.raises(RegisterError) as refused:
        import_register(exported, database, now=clock, reading=Reading.MOVED)
    assert refused.value.code in (Code.REGISTER_DAMAGED, Code.REGISTER_CONFLICT, Code.REGISTER)
    with pytest.raises(RegisterError) as nothing:
        Register.open(database, now=clock)
    assert nothing.value.code is Code.REGISTER_UNKNOWN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f'"schema_version": "{NEWEST}"'.encode(), b'"schema_version": "9001"'),
        (b'"format_version": 1', b'"format_version": 2, "more": 1'),
    ],
)
def test_export_of_a_newer_version_is_refused(
    exported: Path, tmp_path: Path, old: bytes, new: bytes
) -> None:
    _change("manifest.json", old, new)(exported)
    with pytest.raises(RegisterError, match="newer testamur") as refused:
        import_register(exported, f"sqlite:///{tmp_path}/new.db", now=clock, reading=Reading.MOVED)
    assert refused.value.code is Code.REGISTER_VERSION


def test_export_of_the_first_version_is_brought_up_to_date(exported: Path, database: str) -> None:
    (exported / "publications.jsonl").unlink()
    manifest = json.loads((exported / "manifest.json").read_bytes())
    tables = [each for each in manifest["tables"] if each["table"] != "publications"]
    old = manifest | {"schema_version": "0001", "tables": tables}
    (exported / "manifest.json").write_text(json.dumps(old))
    import_register(exported, database, now=clock, reading=Reading.MOVED)
    with Register.open(database, now=clock) as register:
        checked = check_register(register)
    assert checked.faults == ()
    assert checked.counts["credentials"] == 3


def test_interrupted_issuing_goes_on_in_the_imported_register(
    database: str, tmp_path: Path
) -> None:
    url, signer = f"sqlite:///{tmp_path / 'old.db'}", Interrupted()
    badge = build.credential(
        build.profile(id=ISSUER, name="Uniwersytet Przykładowy"),
        build.achievement(
            id="https://uni.example/b", name="B", description="Of data.", criteria="A test."
        ),
        recipient=build.recipient_by_name("Ada"),
        valid_from=clock(),
    )
    with Register.open_or_create(url, now=clock) as register:
        fill(register)
        learners = [Learner(name=f"Learner {number}") for number in range(5)]
        list(Issuer(register, SIGNER).issue_many(badge, learners))
        with pytest.raises(SigningKeyError):
            Issuer(register, signer).issue(badge, key="7")
        export_register(register, tmp_path / "exported")
        [at_home] = Issuer(register, SIGNER).resume()
    import_register(tmp_path / "exported", database, now=clock, reading=Reading.MOVED)
    with Register.open(database, now=clock) as register:
        assert [each.state for each in register.credentials.unfinished()] == ["planned"]
        [moved] = Issuer(register, SIGNER).resume()
        assert (moved.id, moved.content) == (at_home.id, at_home.content)
        assert check_register(register).faults == ()


class Interrupted:
    """A signer whose key is out of reach."""

    verification_method = SIGNER.verification_method

    def sign(self, data: bytes) -> bytes:
        raise SigningKeyError(f"the key cannot be reached to sign {len(data)} bytes")


def test_import_into_a_register_is_refused(exported: Path, tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="empty") as refused:
        import_register(exported, f"sqlite:///{tmp_path}/old.db", now=clock, reading=Reading.MOVED)
    assert refused.value.code is Code.REGISTER_CONFLICT


def test_export_overwrites_nothing(exported: Path, tmp_path: Path) -> None:
    before = contents(exported)
    with (
        Register.open_or_create(f"sqlite:///{tmp_path / 'old.db'}", now=clock) as register,
        pytest.raises(RegisterError, match="exists") as refused,
    ):
        export_register(register, exported)
    assert refused.value.code is Code.REGISTER_CONFLICT
    assert contents(exported) == before


def test_export_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with (
        Register.open_or_create(f"sqlite:///{tmp_path / 'old.db'}", now=clock) as register,
        pytest.raises(RegisterError) as refused,
    ):
        export_register(register, tmp_path / "missing" / "exported")
    assert refused.value.code is Code.REGISTER_UNAVAILABLE


def test_no_private_key_is_exported(exported: Path) -> None:
    seed = hashlib.sha256(b"testamur tests: register").digest()
    assert Ed25519PrivateKey(seed).public_key.to_jwk() == SIGNER.key.public_key.to_jwk()
    spellings = (b"PRIVATE", seed, seed.hex().encode(), base64.b64encode(seed)[:-1])
    for content in contents(exported).values():
        assert not any(each in content for each in spellings)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE signatures SET content = x'00' WHERE credential_id = 1", "damaged"),
        ("DELETE FROM personal_data", None),
        ("UPDATE status_lists SET length = 99", "as long as"),
        ("DROP TRIGGER audit_trail_no_update; UPDATE audit_trail SET actor = 'x'", "audit trail"),
        (
            (
                "INSERT INTO status_changes (list_id, place, value, action, at, actor) SELECT "
                "list_id, place, 0, 'decoy', '2026-06-01T12:00:00Z', 'x' FROM status_entries"
            ),
            "belongs to another",
        ),
    ],
)
def test_check_names_what_does_not_fit(tmp_path: Path, statement: str, said: str | None) -> None:
    with Register.open_or_create(f"sqlite:///{tmp_path / 'old.db'}", now=clock) as register:
        fill(register)
        assert check_register(register).faults == ()
        with register.writing() as writing:
            for each in statement.split("; "):
                writing.connection.exec_driver_sql(each)
        faults = check_register(register).faults
    assert (faults == ()) if said is None else any(said in each for each in faults)


def test_check_counts(tmp_path: Path) -> None:
    with Register.open_or_create(f"sqlite:///{tmp_path / 'old.db'}", now=clock) as register:
        fill(register, count=7)
        checked = check_register(register, head=register.trail.head())
        assert checked.head == register.trail.head()
    assert checked.counts["credentials"] == 7
    assert checked.counts["status_entries"] == 14


@pytest.mark.parametrize("text", ["a\0b", "a\udcffb"], ids=["null", "no UTF-8"])
@pytest.mark.parametrize(
    "write",
    [
        lambda office, text: office.issuer.revoke(issued(office), reason=text),
        lambda office, text: office.issuer.revoke(issued(office), reason="mistaken", who=text),
        lambda office, text: office.issuer.issue(office.credential(), key="2", recipient=text),
        lambda office, text: office.register.keys.add(
            key("another").public_key, f"{office.id}#b", signer_hint=text
        ),
        lambda office, text: office.register.credentials.add_carrier(
            office.register.credentials.find(issued(office)), "png", bytes(32), location=text
        ),
    ],
    ids=["reason", "who", "recipient", "signer_hint", "location"],
)
def test_text_that_no_export_could_give_back_is_not_recorded(
    tmp_path: Path, write: Callable[[Office, str], object], text: str
) -> None:
    office = Office(f"sqlite:///{new_file(tmp_path)}", policy=Policy(recipients=Recipients.PLAIN))
    with pytest.raises(TestamurError, match=r"no text|Unicode text"):
        write(office, text)
    export_register(office.register, tmp_path / "export")
    office.close()
    import_register(
        tmp_path / "export", f"sqlite:///{tmp_path}/b.db", now=lambda: NOW, reading=Reading.MOVED
    )


def issued(office: Office) -> str:
    return office.issuer.issue(office.credential(), key="1").id
