"""The configuration as an object, and what it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from testamur._environment import Ask, nobody
from testamur.errors import ConfigurationError
from testamur.issuer.policy import Policy
from testamur.settings.sections import (
    PolicySettings,
    PublishSettings,
    SignerSettings,
    WebhookSettings,
)

if TYPE_CHECKING:
    from testamur.issuer import Issuer
    from testamur.keys import Ed25519Signer, OutsideSigner
    from testamur.register import Clock, Register

__all__ = ["NESTED", "PREFIX", "Settings"]

PREFIX = "TESTAMUR_"
"""What the names of the variables begin with."""

NESTED = "__"
"""What stands between a table and its key in the name of a variable."""


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
        env_nested_delimiter=NESTED,
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
        from testamur.settings.signing import open_signer

        return open_signer(self.signer, issuer=self.issuer, register=register, ask=ask)

    def open_issuer(self, register: Register, *, ask: Ask = nobody) -> Issuer:
        """Open the key, and take up the issuer's work in a register; errors as `open_signer`."""
        from testamur.issuer import Issuer
        from testamur.settings.signing import factory_of

        signer = self.open_signer(register, ask=ask)
        factory = factory_of(self.signer, signer)
        return Issuer(register, signer, policy=self.issuer_policy(), factory=factory)

    def issuer_policy(self) -> Policy:
        """Return what `Issuer` takes as its policy."""
        return Policy(
            recipients=self.policy.recipients,
            documents=self.policy.documents,
            refresh_url=self.policy.refresh_url,
        )
