"""One run of a batch into a folder, for processes that are killed."""

from __future__ import annotations

from pathlib import Path

from testamur.batch import InProcess
from testamur.batch.folder import open_folder
from unit.batch.batches import NOW, award, job, learners


def run(path: Path, rows: int) -> None:
    """Begin a batch, or go on with it."""
    with open_folder(
        path, plan={"what": "teamwork"}, now=NOW, chunk_rows=2, default_rows=1000
    ) as folder:
        made = job(award=award(secret=folder.journal.secret), now=folder.journal.now)
        for _ in folder.issue(made, learners(rows), InProcess()):
            pass
