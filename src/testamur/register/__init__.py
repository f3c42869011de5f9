"""The issuer's book: who was awarded what, where its status is, which key signed it, and by whom.

```python
with Register.open_or_create("sqlite:///register.db", now=lambda: datetime.now(UTC)) as register:
    register.issuers.add(profile)
    register.keys.add(signer.key.public_key, signer.verification_method)
    register.lists.open_series(profile.id, folder_url="https://uni.example/status/")
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur.register.achievements import AchievementVersion
    from testamur.register.carriers import CarrierRecord
    from testamur.register.credentials import CredentialRecord, Kind, Relation, Standing, State
    from testamur.register.events import Event
    from testamur.register.issuer_keys import KeyRecord
    from testamur.register.issuers import IssuerRecord
    from testamur.register.places import Series
    from testamur.register.publications import Disclosure, Publication
    from testamur.register.register import Callback, Clock, Register
    from testamur.register.statuses import Action, ListRecord, StatusChange
    from testamur.register.trail import AuditEntry
    from testamur.register.writing import Announcement

__all__ = [
    "AchievementVersion",
    "Action",
    "Announcement",
    "AuditEntry",
    "Callback",
    "CarrierRecord",
    "Clock",
    "CredentialRecord",
    "Disclosure",
    "Event",
    "IssuerRecord",
    "KeyRecord",
    "Kind",
    "ListRecord",
    "Publication",
    "Register",
    "Relation",
    "Series",
    "Standing",
    "State",
    "StatusChange",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.register.achievements": ("AchievementVersion",),
            "testamur.register.carriers": ("CarrierRecord",),
            "testamur.register.credentials": (
                "CredentialRecord",
                "Kind",
                "Relation",
                "Standing",
                "State",
            ),
            "testamur.register.events": ("Event",),
            "testamur.register.issuer_keys": ("KeyRecord",),
            "testamur.register.issuers": ("IssuerRecord",),
            "testamur.register.places": ("Series",),
            "testamur.register.publications": ("Disclosure", "Publication"),
            "testamur.register.register": ("Callback", "Clock", "Register"),
            "testamur.register.statuses": ("Action", "ListRecord", "StatusChange"),
            "testamur.register.trail": ("AuditEntry",),
            "testamur.register.writing": ("Announcement",),
        },
    )
