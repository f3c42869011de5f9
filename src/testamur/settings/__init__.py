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

from testamur.errors import ConfigurationError

try:
    import pydantic_settings  # noqa: F401
except ImportError as error:
    raise ConfigurationError(
        "the configuration needs pydantic-settings; install it with: pip install testamur[settings]"
    ) from error

from testamur.settings.reading import read_settings, without_password
from testamur.settings.sections import (
    PolicySettings,
    PublishSettings,
    SignerSettings,
    WebhookSettings,
)
from testamur.settings.settings import PREFIX, Settings

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
