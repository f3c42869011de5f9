from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from testamur.errors import ConfigurationError
from testamur.issuer import Documents, Policy, Recipients
from testamur.settings import read_settings, without_password

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


def test_without_a_file_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESTAMUR_REGISTER_URL", "sqlite://")
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
    assert without_password("sqlite:///register.db") == "sqlite:///register.db"


def test_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml"):
        read_settings(tmp_path / "nowhere.toml")


def test_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "big.toml").write_text("# " + "x" * 1024 * 1024)
    with pytest.raises(ConfigurationError, match="larger"):
        read_settings(tmp_path / "big.toml")
