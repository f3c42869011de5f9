"""The tables of the configuration."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from testamur.issuer.policy import Documents, Recipients

__all__ = ["PolicySettings", "PublishSettings", "SignerSettings", "WebhookSettings"]


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
        url: at which that is served, with a slash at its end; the host of the issuer's did:web
            where it is not said.
    """

    folder: Path
    url: str | None = None

    @field_validator("url")
    @classmethod
    def _https_folder(cls, value: str | None) -> str | None:
        return None if value is None else _folder_url(value)


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


def _folder_url(value: str) -> str:
    if not re.fullmatch(r"https://[^\s/?#@]+/([^\s?#]*/)?", value):
        raise ValueError("it is not the https URL of a folder, as https://uni.example/badges/")
    return value
