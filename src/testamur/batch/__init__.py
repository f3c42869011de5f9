"""Many learners: one award to all rows of a roster, on all cores, resumable, in constant memory.

```python
award = Award.of(issuer, achievement, secret=secrets.token_bytes(32), valid_from=now)
learners = (Learner(email=row.email, name=row.name) for row in rows)
for issued in issue_many(award, learners, signer=signer, now=now, engine=ProcessPool()):
    hand_out(issued.key, issued.content)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur.batch.award import Award
    from testamur.batch.chunk import Chunk, IssuedChunk, Job, chunked, issue_chunk
    from testamur.batch.dask_engine import DaskEngine
    from testamur.batch.derived import SECRET_BYTES
    from testamur.batch.engine import Engine, InProcess, ProcessPool
    from testamur.batch.learner import Learner, LearnerEvidence, LearnerResult
    from testamur.batch.many import issue_many
    from testamur.batch.press import Issued, Press
    from testamur.batch.signers import KeyElsewhere, KeyInMemory, SignerFactory
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
    "KeyElsewhere",
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

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.batch.award": ("Award",),
            "testamur.batch.chunk": (
                "Chunk",
                "IssuedChunk",
                "Job",
                "chunked",
                "issue_chunk",
            ),
            "testamur.batch.dask_engine": ("DaskEngine",),
            "testamur.batch.derived": ("SECRET_BYTES",),
            "testamur.batch.engine": (
                "Engine",
                "InProcess",
                "ProcessPool",
            ),
            "testamur.batch.learner": (
                "Learner",
                "LearnerEvidence",
                "LearnerResult",
            ),
            "testamur.batch.many": ("issue_many",),
            "testamur.batch.press": (
                "Issued",
                "Press",
            ),
            "testamur.batch.signers": (
                "KeyElsewhere",
                "KeyInMemory",
                "SignerFactory",
            ),
            "testamur.batch.status_lists": (
                "StatusLists",
                "StatusPlace",
            ),
        },
    )
