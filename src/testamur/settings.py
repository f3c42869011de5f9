"""The configuration of an issuer: one TOML file, which environment variables override.

```toml
register_url = "postgresql://testamur@db.uni.example/testamur"
issuer = "did:web:uni.example"

[signer]
service = "pkcs11:token=issuer;object=key-1?module-path=/usr/lib/softhsm/libsofthsm2.so"
verification_method = "did:web:uni.example#key-1"
```

Each key has a variable: `TESTAMUR_REGISTER_URL`, and with two underscores for what is in a table,
`TESTAMUR_SIGNER__KEY_FILE`. Secrets stand in files of their own, which are named here; the one
exception is a password inside `register_url`, which is never shown.
"""

from __future__ import annotations

import os
import re
import tomllib
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from testamur import limits
from testamur._environment import Ask, nobody, password_in, password_of, pin_of
from testamur.errors import ConfigurationError
from testamur.issuer.policy import Documents, Policy, Recipients

try:
    from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
    from pydantic_settings.exceptions import SettingsError
except ImportError as error:
    raise ConfigurationError(
        "the configuration needs pydantic-settings; install it with: pip install testamur[settings]"
    ) from error

if TYPE_CHECKING:
    from testamur.batch.signers import SignerFactory
    from testamur.issuer import Issuer
    from testamur.keys import Ed25519PrivateKey, Ed25519Signer, OutsideKey, OutsideSigner
    from testamur.register import Clock, Register

__all__ = [
    "PREFIX",
    "PolicySettings",
    "PublishSettings",
    "Settings",
    "SignerSettings",
    "WebhookSettings",
    "read_settings",
    "without_password",
]

PREFIX = "TESTAMUR_"
"""What the names of the variables begin with."""

_NESTED = "__"
_PASSWORD = re.compile(r"(://[^:@/]*):[^@/]*@")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SignerSettings(_Section):
    """With which key the issuer signs.

    Attributes:
        key_file: a private key, encrypted PEM; or
        service: where else the key is, as `pkcs11:…`, `awskms:…`, `gcpkms:…`, `vault:…`.
        password_file: the password of the key file.
        public_key: the public half, as `z6Mk…` or a PEM file, where the service cannot say it.
        verification_method: the URL under which it is published.
    """

    key_file: Path | None = None
    service: str | None = None
    password_file: Path | None = None
    public_key: str | None = None
    verification_method: str | None = None

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if (self.key_file is None) == (self.service is None):
            raise ValueError("give one of key_file and service, and not both")
        if self.key_file is None and self.password_file is not None:
            raise ValueError("password_file is for a key_file")
        return self


class PublishSettings(_Section):
    """Where what the issuer hosts goes.

    Attributes:
        folder: on this machine; a web server serves the folder `public` in it.
        url: at which that is served, with a slash at its end.
    """

    folder: Path
    url: str

    @field_validator("url")
    @classmethod
    def _https_folder(cls, value: str) -> str:
        return _folder_url(value)


class PolicySettings(_Section):
    """What the register keeps; see `testamur.issuer.Policy`.

    Attributes:
        recipients: `hashed` or `plain`.
        documents: `kept` or `digests`.
        refresh_url: the folder of the refresh service.
    """

    recipients: Recipients = Recipients.HASHED
    documents: Documents = Documents.KEPT
    refresh_url: str | None = None

    @field_validator("refresh_url")
    @classmethod
    def _https_folder(cls, value: str | None) -> str | None:
        return None if value is None else _folder_url(value)


class WebhookSettings(_Section):
    """Who is told what happens.

    Attributes:
        url: https.
        secret_file: holds the secret that both sides know, as `testamur webhooks secret` makes it.
        events: which ones, as `credential.issued`; all where it is empty.
        allow_loopback: lets the URL be one of this machine, as http://127.0.0.1:8000/hook.
    """

    url: str
    secret_file: Path
    events: tuple[str, ...] = ()
    allow_loopback: bool = False


class Settings(BaseSettings):
    """The configuration of an issuer. Use `read_settings`.

    Attributes:
        register_url: of the register's database.
        issuer: the issuer's id.
        actor: who writes into the register, where a call does not say it.
        signer: with which key the issuer signs.
        publish: where what it hosts goes.
        policy: what the register keeps.
        webhooks: who is told what happens.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=_NESTED,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    register_url: SecretStr | None = None
    issuer: str | None = None
    actor: str = Field(default="testamur", min_length=1, max_length=400)
    signer: SignerSettings | None = None
    publish: PublishSettings | None = None
    policy: PolicySettings = PolicySettings()
    webhooks: tuple[WebhookSettings, ...] = ()

    @field_validator("webhooks")
    @classmethod
    def _each_once(cls, hooks: tuple[WebhookSettings, ...]) -> tuple[WebhookSettings, ...]:
        if len({each.url for each in hooks}) != len(hooks):
            raise ValueError("two have the same url; give each receiver once, with all its events")
        return hooks

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment come before the file, and nothing else count."""
        return env_settings, init_settings

    def open_register(self, *, now: Clock) -> Register:
        """Open the register; its events are kept for delivery where there are webhooks.

        Raises:
            ConfigurationError: no register is named. RegisterError: as `Register.open`.
        """
        from testamur.register import Register

        if self.register_url is None:
            raise ConfigurationError(
                "no register is named: set register_url in the configuration, or the variable "
                f"{PREFIX}REGISTER_URL, as sqlite:///register.db"
            )
        return Register.open(
            self.register_url.get_secret_value(),
            now=now,
            actor=self.actor,
            has_outbox=bool(self.webhooks),
        )

    def open_signer(
        self, register: Register | None = None, *, ask: Ask = nobody
    ) -> Ed25519Signer | OutsideSigner:
        """Open the key with which the issuer signs.

        Args:
            register: where the URL of the key is found, if `signer.verification_method` says none.
            ask: asks for the password or the PIN, where neither a file nor the environment says
                it; given the question, it gives the answer, or None.

        Raises:
            ConfigurationError: no key is named, or what it needs is not there.
            InputError: a file cannot be read. SigningKeyError: the key cannot be had.
            RegisterError: the register does not know the key.
        """
        from testamur.keys import Ed25519PrivateKey, Ed25519Signer, OutsideSigner

        key = self._open_key(ask)
        method = self._method(key, register)
        if isinstance(key, Ed25519PrivateKey):
            return Ed25519Signer(key, method)
        return OutsideSigner(key, method)

    def open_issuer(self, register: Register, *, ask: Ask = nobody) -> Issuer:
        """Open the key, and take up the issuer's work in a register; errors as `open_signer`."""
        from testamur.issuer import Issuer

        signer = self.open_signer(register, ask=ask)
        factory = self._factory(signer)
        return Issuer(register, signer, policy=self.issuer_policy(), factory=factory)

    def _open_key(self, ask: Ask) -> Ed25519PrivateKey | OutsideKey:
        said = self.signer
        if said is None:
            raise ConfigurationError(
                "no key is named: set key_file or service in the table [signer] of the "
                f"configuration, or the variable {PREFIX}SIGNER{_NESTED}KEY_FILE"
            )
        if said.key_file is None:
            from testamur.keys.services import open_service_key

            pin = _pin_in_environment if ask is nobody else lambda token: pin_of(token, ask)
            return open_service_key(said.service or "", said.public_key, pin)
        from testamur.keys.key_file import KeyFileWarning, exposure, open_private_key

        path = said.key_file
        password = None if said.password_file is None else _password(said.password_file)
        key = open_private_key(path, password=password, ask=lambda: password_of(path, ask))
        found = exposure(path)
        if found is not None:
            warnings.warn(found, KeyFileWarning, stacklevel=3)
        return key

    def _method(self, key: Ed25519PrivateKey | OutsideKey, register: Register | None) -> str:
        said = None if self.signer is None else self.signer.verification_method
        if register is not None:
            from testamur.issuer.opening import find_verification_method

            return find_verification_method(
                register, key.public_key, verification_method=said, issuer=self.issuer
            )
        if said is not None:
            return said
        from testamur.keys import did_jwk, did_key

        public = key.public_key
        for method in (did_key.verification_method(public), did_jwk.verification_method(public)):
            if method.partition("#")[0] == self.issuer:
                return method
        raise ConfigurationError(
            "under which URL the key is published is not said: set signer.verification_method, as "
            "did:web:uni.example#key-1"
        )

    def _factory(self, signer: Ed25519Signer | OutsideSigner) -> SignerFactory | None:
        """Return what opens a key elsewhere in other processes; None for one in memory."""
        from testamur.keys import OutsideSigner

        if not isinstance(signer, OutsideSigner) or self.signer is None:
            return None
        from testamur.batch.signers import KeyElsewhere

        return KeyElsewhere(
            _open_by_itself,
            (self.signer.service, self.signer.public_key),
            signer.verification_method,
            signer.public_key.public_bytes,
        )

    def issuer_policy(self) -> Policy:
        """Return what `Issuer` takes as its policy."""
        return Policy(
            recipients=self.policy.recipients,
            documents=self.policy.documents,
            refresh_url=self.policy.refresh_url,
        )


def read_settings(path: Path | None = None) -> Settings:
    """Read the configuration: the file, and over it the environment.

    Paths in it are those of the running process, not of the file's folder.

    Args:
        path: the TOML file; None: only the environment counts.

    Raises:
        ConfigurationError: the file cannot be read, or holds what cannot be; all faults are named,
            each with where it stands, and no value of any.
    """
    said = {} if path is None else _read_file(path)
    try:
        return Settings(**said)
    except ValidationError as error:
        faults = [_fault(each, path) for each in error.errors(include_input=False)]
        raise ConfigurationError("\n".join(faults), path=str(path) if path else None) from None
    except SettingsError as error:
        field = re.search(r'field "(\w+)"', str(error))
        name = f"{PREFIX}{field[1].upper()}" if field else f"a variable of {PREFIX}…"
        raise ConfigurationError(
            f"{name} is not JSON; set single keys, as {PREFIX}SIGNER{_NESTED}KEY_FILE"
        ) from None


def without_password(url: str) -> str:
    """Return a URL as it may be shown."""
    return _PASSWORD.sub(r"\1:…@", url)


def _pin_in_environment(token: str) -> bytes | None:
    return pin_of(token, nobody)


def _open_by_itself(service: str, public_key: str | None) -> OutsideKey:
    """Open a key in a process in which nobody can be asked."""
    from testamur.keys.services import open_service_key

    return open_service_key(service, public_key, _pin_in_environment)


def _password(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            content = stream.read(limits.SETTINGS_BYTES)
    except OSError as error:
        raise ConfigurationError(
            f"signer.password_file: {file} cannot be read: {error.strerror or error}",
            path=str(file),
        ) from error
    return password_in(content, str(file))


def _read_file(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            content = stream.read(limits.SETTINGS_BYTES + 1)
        if len(content) > limits.SETTINGS_BYTES:
            raise ConfigurationError(f"{path} is larger than {limits.SETTINGS_BYTES} bytes")
        return tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"cannot read {path}: {error.strerror or error}; name the configuration with --config, "
            f"or set {PREFIX}CONFIG",
            path=str(path),
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not UTF-8; save it so", path=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\(at [^)]*\)\Z", str(error))
        raise ConfigurationError(
            f'{path} is not TOML {where[0] if where else ""}: write key = "value", and [tables] '
            "behind the keys that stand in none",
            path=str(path),
        ) from None


def _fault(error: Mapping[str, Any], path: Path | None) -> str:
    location = [str(each) for each in error["loc"]]
    key = ".".join(location)
    variable = _variable(location)
    where = variable or f"{path or 'the configuration'}: {key or 'the file'}"
    if error["type"] == "extra_forbidden":
        return f"{where} is no key of the configuration; the keys there are {_keys(location[:-1])}"
    if error["type"] == "missing":
        return f"{where} is missing; set it, or leave the whole table out"
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{where}: {message[:1].lower()}{message[1:]}"


def _variable(location: list[str]) -> str | None:
    """Return the variable that a key was read from; None where it was not."""
    set_now = {name.upper() for name in os.environ}
    for length in range(len(location), 0, -1):
        name = f"{PREFIX}{_NESTED.join(location[:length])}".upper()
        if name in set_now:
            return name
    return None


def _keys(location: list[str]) -> str:
    model: type[BaseModel] = Settings
    sections: dict[str, type[BaseModel]] = {
        "signer": SignerSettings,
        "publish": PublishSettings,
        "policy": PolicySettings,
        "webhooks": WebhookSettings,
    }
    if location:
        model = sections.get(location[0], Settings)
    return ", ".join(model.model_fields)


def _folder_url(value: str) -> str:
    if not re.fullmatch(r"https://[^\s/?#@]+/([^\s?#]*/)?", value):
        raise ValueError("it is not the https URL of a folder, as https://uni.example/badges/")
    return value
