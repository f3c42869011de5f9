"""The issuer at work: everything is recorded before it is signed, and nothing is issued twice.

```python
issuer = Issuer(register, signer)
issued = issuer.issue(credential, key="diploma 2026/117", recipient="ada@example.org")
issuer.revoke(issued.id, reason="issued by mistake", who="registrar")
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur.issuer.changes import ChangeReport, RowResult, change_many
    from testamur.issuer.issued import IssuedCredential
    from testamur.issuer.issuer import Issuer
    from testamur.issuer.policy import Documents, Policy, Recipients

__all__ = [
    "ChangeReport",
    "Documents",
    "IssuedCredential",
    "Issuer",
    "Policy",
    "Recipients",
    "RowResult",
    "change_many",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.issuer.changes": ("ChangeReport", "RowResult", "change_many"),
            "testamur.issuer.issued": ("IssuedCredential",),
            "testamur.issuer.issuer": ("Issuer",),
            "testamur.issuer.policy": ("Documents", "Policy", "Recipients"),
        },
    )
