"""What a worker does with a chunk: issue it and pack the documents, with no register at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from testamur.batch.chunk import Chunk, Job, issue_chunk
from testamur.batch.press import Issued
from testamur.register.packing import Packer

__all__ = ["PackedChunk", "Task", "issue_and_pack"]


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs to issue a chunk; `dictionary` is None where documents are not kept."""

    job: Job
    dictionary: bytes | None = field(repr=False)
    chunk: Chunk


@dataclass(frozen=True, slots=True)
class PackedChunk:
    """What a worker made: the credentials, their SHA-256, and the documents packed."""

    credentials: tuple[Issued, ...]
    digests: tuple[bytes, ...]
    packed: tuple[bytes | None, ...] = field(repr=False)


def issue_and_pack(task: Task) -> PackedChunk:
    """Issue a chunk in a worker: pure, as `testamur.batch.issue_chunk`."""
    made = issue_chunk(task.job, task.chunk).credentials
    contents = [each.content for each in made]
    packer = None if task.dictionary is None else _packer(task.dictionary)
    return PackedChunk(
        made,
        tuple(sha256(each).digest() for each in contents),
        tuple(None if packer is None else packer(each) for each in contents),
    )


@lru_cache(maxsize=4)
def _packer(dictionary: bytes) -> Packer:
    return Packer(dictionary)
