"""Many learners: one award to all rows of a roster, on all cores, resumable, in constant memory.

```python
award = Award.of(issuer, achievement, secret=secrets.token_bytes(32), valid_from=now)
learners = (Learner(email=row.email, name=row.name) for row in rows)
for issued in issue_many(award, learners, signer=signer, now=now, engine=ProcessPool()):
    hand_out(issued.key, issued.content)
```
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from testamur.batch.award import Award
    from testamur.batch.chunk import Chunk, IssuedChunk, Job, chunked, issue_chunk
    from testamur.batch.dask_engine import DaskEngine
    from testamur.batch.derived import SECRET_BYTES
    from testamur.batch.engine import Engine, InProcess, ProcessPool
    from testamur.batch.learner import Learner, LearnerEvidence, LearnerResult
    from testamur.batch.many import issue_many
    from testamur.batch.press import Issued, Press
    from testamur.batch.signers import KeyInMemory, SignerFactory
    from testamur.batch.status_lists import StatusLists, StatusPlace

__all__ = [
    "SECRET_BYTES",
    "Award",
    "Chunk",
    "DaskEngine",
    "Engine",
    "InProcess",
    "Issued",
    "IssuedChunk",
    "Job",
    "KeyInMemory",
    "Learner",
    "LearnerEvidence",
    "LearnerResult",
    "Press",
    "ProcessPool",
    "SignerFactory",
    "StatusLists",
    "StatusPlace",
    "chunked",
    "issue_chunk",
    "issue_many",
]

_HOMES = {
    "Award": "award",
    "Chunk": "chunk",
    "DaskEngine": "dask_engine",
    "Engine": "engine",
    "InProcess": "engine",
    "Issued": "press",
    "IssuedChunk": "chunk",
    "Job": "chunk",
    "KeyInMemory": "signers",
    "Learner": "learner",
    "LearnerEvidence": "learner",
    "LearnerResult": "learner",
    "Press": "press",
    "ProcessPool": "engine",
    "SECRET_BYTES": "derived",
    "SignerFactory": "signers",
    "StatusLists": "status_lists",
    "StatusPlace": "status_lists",
    "chunked": "chunk",
    "issue_chunk": "chunk",
    "issue_many": "many",
}
"""Name → the module of this room that has it; loaded when the name is first used."""


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
