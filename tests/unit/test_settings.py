from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registers import Office, new_file
from simulator import key
from testamur.batch import Learner
from testamur.batch.engine import ProcessPool
from testamur.errors import ConfigurationError, RegisterError, SigningKeyError
from testamur.issuer import Documents, Policy, Recipients
from testamur.keys import Ed25519Signer, OutsideSigner, multikey, pem
from testamur.keys.key_file import KeyFileWarning
from testamur.keys.services import open_service_key
from testamur.register.connect import make_engine
from testamur.settings import Settings, read_settings, without_password

FULL = """
register_url = "postgresql://testamur:hunter2@db.uni.example/testamur"
issuer = "did:web:uni.example"
actor = "registry"

[signer]
key_file = "issuer.pem"
password_file = "password.txt"
verification_method = "did:web:uni.example#key-1"

[publish]
folder = "public"
url = "https://uni.example/badges/"

[policy]
recipients = "plain"
documents = "digests"
refresh_url = "https://uni.example/refresh/"

[[webhooks]]
url = "https://lms.uni.example/hook"
secret_file = "hook.txt"
events = ["credential.issued"]
"""


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in os.environ:
        if name.startswith("TESTAMUR_"):
            monkeypatch.delenv(name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "testamur.toml"
    path.write_text(FULL, encoding="utf-8")
    return path


def test_file_is_read_whole(file: Path) -> None:
    settings = read_settings(file)
    assert settings.register_url is not None
    assert settings.register_url.get_secret_value().startswith("postgresql://testamur:hunter2@")
    assert settings.issuer == "did:web:uni.example"
    assert settings.signer is not None
    assert settings.signer.key_file == Path("issuer.pem")
    assert settings.publish is not None
    assert settings.publish.url == "https://uni.example/badges/"
    assert settings.webhooks[0].events == ("credential.issued",)
    assert settings.issuer_policy() == Policy(
        recipients=Recipients.PLAIN,
        documents=Documents.DIGESTS,
        refresh_url="https://uni.example/refresh/",
    )


def test_variables_come_before_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESTAMUR_ISSUER", "did:web:other.example")
    monkeypatch.setenv("TESTAMUR_SIGNER__KEY_FILE", "/run/secrets/key.pem")
    settings = read_settings(file)
    assert settings.issuer == "did:web:other.example"
    assert settings.signer is not None
    assert settings.signer.key_file == Path("/run/secrets/key.pem")
    assert settings.signer.verification_method == "did:web:uni.example#key-1"


def test_without_a_file_the_environment_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TESTAMUR_REGISTER_URL", f"sqlite:///{new_file(tmp_path)}")
    settings = read_settings()
    assert settings.register_url is not None
    with settings.open_register(now=lambda: datetime(2026, 6, 1, tzinfo=UTC)) as register:
        assert register.dialect == "sqlite"


def test_nothing_set_is_a_configuration_that_opens_no_register() -> None:
    with pytest.raises(ConfigurationError, match="TESTAMUR_REGISTER_URL"):
        read_settings().open_register(now=lambda: datetime(2026, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("issuer =", "isuer =", "isuer is no key of the configuration; the keys there are"),
        ("key_file =", "keyfile =", "signer.keyfile is no key"),
        ('key_file = "issuer.pem"', 'service = "pkcs11:x"', "signer: password_file is for"),
        ('key_file = "issuer.pem"', "", "signer: give one of key_file and service"),
        ('recipients = "plain"', 'recipients = "clear"', "policy.recipients: "),
        ('folder = "public"', "", "publish.folder is missing"),
        ("https://uni.example/badges/", "http://uni.example/badges/", "publish.url: "),
        ('secret_file = "hook.txt"', "", "webhooks.0.secret_file is missing"),
        ("[policy]", "[policy", "is not TOML"),
        (
            "[[webhooks]]",
            '[[webhooks]]\nurl = "https://lms.uni.example/hook"\nsecret_file = "x"\n[[webhooks]]',
            "webhooks: two have the same url",
        ),
    ],
)
def test_fault_is_said_with_file_and_key(file: Path, old: str, new: str, said: str) -> None:
    assert old in FULL
    file.write_text(FULL.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        read_settings(file)
    assert said in refused.value.message
    assert str(file) in refused.value.message
    assert "hunter2" not in refused.value.message


def test_fault_of_a_variable_is_said_with_its_name(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TESTAMUR_POLICY__RECIPIENTS", "s3cret")
    with pytest.raises(ConfigurationError) as refused:
        read_settings(file)
    assert refused.value.message.startswith("TESTAMUR_POLICY__RECIPIENTS: ")
    assert "s3cret" not in refused.value.message


def test_variable_that_is_no_json_is_said_without_its_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TESTAMUR_SIGNER", "{s3cret")
    with pytest.raises(ConfigurationError) as refused:
        read_settings()
    assert "TESTAMUR_SIGNER" in refused.value.message
    assert "s3cret" not in refused.value.message


def test_all_faults_are_said_at_once(file: Path) -> None:
    file.write_text(FULL.replace("issuer =", "isuer =").replace("folder =", "folderr ="))
    with pytest.raises(ConfigurationError) as refused:
        read_settings(file)
    assert len(refused.value.message.splitlines()) == 3


def test_password_is_in_no_repr(file: Path) -> None:
    settings = read_settings(file)
    assert "hunter2" not in repr(settings) + str(settings) + settings.model_dump_json()


def test_url_is_shown_without_its_password() -> None:
    assert without_password("postgresql://a:b@h/d") == "postgresql://a:…@h/d"
    assert without_password("postgresql://a@h/d") == "postgresql://a@h/d"
    in_query = without_password("postgresql://h/d?sslmode=require&password=b&x=1")
    assert in_query == "postgresql://h/d?sslmode=require&password=…&x=1"
    assert without_password("sqlite:///register.db") == "sqlite:///register.db"


@pytest.mark.parametrize("password", ["hun/ter2", "hun:ter2", "hun@ter2", "h?u#n&ter2", "%2Fter2"])
@pytest.mark.parametrize("scheme", ["postgresql://", "postgresql//", "postgresql:/", "postgres://"])
def test_password_is_not_shown_however_it_is_written(scheme: str, password: str) -> None:
    url = f"{scheme}ada:{password}@h/d"
    assert "ter2" not in without_password(url)
    assert without_password(url).endswith("@h/d")
    with pytest.raises(ConfigurationError) as refused:
        make_engine(url.replace("postgresql:", "postgresqlx:"))
    assert "ter2" not in refused.value.message
    assert refused.value.__cause__ is None


def test_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml"):
        read_settings(tmp_path / "nowhere.toml")


def test_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "big.toml").write_text("# " + "x" * 1024 * 1024)
    with pytest.raises(ConfigurationError, match="larger"):
        read_settings(tmp_path / "big.toml")


# The key that the configuration names


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(f"sqlite:///{new_file(tmp_path)}")
    yield made
    made.close()


def with_key(tmp_path: Path, password: bytes | None = None, **said: str) -> Settings:
    path = tmp_path / "issuer.pem"
    path.write_bytes(pem.encode_private_key(key("office"), password=password))
    path.chmod(0o600)
    return Settings.model_validate({"signer": {"key_file": path, **said}})


def test_signer_is_opened_under_the_url_that_the_register_knows(
    tmp_path: Path, office: Office
) -> None:
    assert with_key(tmp_path).open_signer(office.register) == office.signer
    stranger = Settings.model_validate({"signer": {"key_file": tmp_path / "other.pem"}})
    (tmp_path / "other.pem").write_bytes(pem.encode_private_key(key("other"), password=None))
    (tmp_path / "other.pem").chmod(0o600)
    with pytest.raises(RegisterError, match="register keys add"):
        stranger.open_signer(office.register)


def test_signer_without_a_register_needs_its_url_or_is_the_issuer_itself(tmp_path: Path) -> None:
    settings = with_key(tmp_path)
    with pytest.raises(ConfigurationError, match=r"set signer\.verification_method"):
        settings.open_signer()
    method = "did:web:uni.example#key-1"
    said = with_key(tmp_path, verification_method=method)
    assert said.open_signer() == Ed25519Signer(key("office"), method)
    own = Ed25519Signer.for_did_key(key("office"))
    assert settings.model_copy(update={"issuer": own.controller}).open_signer() == own


def test_password_comes_from_its_file_the_environment_or_a_person(
    tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = with_key(tmp_path, b"s3cret")
    with pytest.raises(ConfigurationError, match="password_file"):
        settings.open_signer(office.register)
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return "s3cret"

    assert settings.open_signer(office.register, ask=ask) == office.signer
    assert asked == [f"Password of {tmp_path / 'issuer.pem'}"]
    with pytest.raises(SigningKeyError, match="the password is wrong"):
        settings.open_signer(office.register, ask=lambda _: "guess")
    monkeypatch.setenv("TESTAMUR_KEY_PASSWORD", "s3cret")
    assert settings.open_signer(office.register) == office.signer
    monkeypatch.setenv("TESTAMUR_KEY_PASSWORD", "guess")
    (tmp_path / "password").write_text("s3cret\n")
    from_file = with_key(tmp_path, b"s3cret", password_file=str(tmp_path / "password"))
    assert from_file.open_signer(office.register) == office.signer


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX file modes")
def test_key_file_that_others_can_read_is_warned_of_at_the_call(
    tmp_path: Path, office: Office
) -> None:
    settings = with_key(tmp_path)
    (tmp_path / "issuer.pem").chmod(0o644)
    with pytest.warns(KeyFileWarning, match="chmod 600") as caught:
        settings.open_signer(office.register)
    assert caught[0].filename == __file__


def test_no_key_is_said_with_the_names_of_its_settings() -> None:
    with pytest.raises(ConfigurationError, match="TESTAMUR_SIGNER__KEY_FILE"):
        Settings().open_signer()


@pytest.mark.parametrize("processes", [1, 2])
def test_issuer_is_opened_with_its_policy_and_signs_in_other_processes(
    tmp_path: Path, office: Office, processes: int
) -> None:
    script = tmp_path / "sign.py"
    script.write_text(
        "import sys\n"
        "from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey\n"
        f"key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex({key('office').seed.hex()!r}))\n"
        "print(key.sign(sys.stdin.buffer.read()).hex())\n"
    )
    said = {
        "service": f"command:{sys.executable} {script}",
        "public_key": multikey.encode_public_key(key("office").public_key),
    }
    settings = Settings.model_validate({"signer": said, "policy": {"documents": "digests"}})
    assert isinstance(settings.open_signer(office.register), OutsideSigner)
    issuer = settings.open_issuer(office.register)
    learners = [Learner(key=f"m{row}", email=f"ada.{row}@uni.example") for row in range(3)]
    model = office.credential().to_json()
    issued = list(issuer.issue_many(model, learners, engine=ProcessPool(processes), chunk_rows=2))
    open_service_key.cache_clear()
    methods = {json.loads(each.content or b"")["proof"]["verificationMethod"] for each in issued}
    assert methods == {office.signer.verification_method}
    record = office.register.credentials.find(issued[0].id)
    assert record is not None
    assert office.register.credentials.content(record) is None


def test_url_of_what_is_published_may_be_left_out(file: Path) -> None:
    file.write_text(FULL.replace('url = "https://uni.example/badges/"\n', ""), encoding="utf-8")
    publish = read_settings(file).publish
    assert publish is not None
    assert (publish.folder, publish.url) == (Path("public"), None)
