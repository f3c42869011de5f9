"""Chunks: all or nothing, the same bytes every time, and a sample of them verified."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from testamur import Ed25519PrivateKey, Ed25519Signer, Verdict, Verifier
from testamur.batch import Chunk, Issued, KeyInMemory, Learner, Press, StatusLists, chunked
from testamur.batch import issue_chunk as issue
from testamur.batch.chunk import CHUNK_ROWS
from testamur.canon.strict_json import dumps
from testamur.errors import BatchError, Code, ConfigurationError, ModelError, TestamurError
from testamur.fetch import MemoryFetcher
from testamur.issuing import Mechanism
from testamur.keys import did_web
from testamur.trust import AllowList
from unit.batch.batches import (
    DID,
    FACTORY,
    LISTS,
    NOW,
    SIGNER,
    Counted,
    award,
    job,
    learner,
    learners,
)

CHUNK = Chunk(number=2, first=5, learners=tuple(learners(3)))


def test_chunks_are_whole_but_for_the_last_and_none_is_read_ahead() -> None:
    rows = Counted(7)
    chunks = chunked(rows, 3)
    first = next(chunks)
    assert (first.number, first.first, len(first.learners), rows.taken) == (1, 0, 3, 3)
    rest = [(each.number, each.first, len(each.learners)) for each in chunks]
    assert rest == [(2, 3, 3), (3, 6, 1)]
    assert list(chunked([])) == []
    assert CHUNK_ROWS > 1
    with pytest.raises(ValueError, match="at least one"):
        next(chunked([], 0))


@pytest.mark.parametrize("mechanism", list(Mechanism))
def test_every_credential_is_genuine_and_on_one_line(mechanism: Mechanism) -> None:
    issued = issue(job(mechanism=mechanism), CHUNK)
    place = issued.credentials[0].places[0]
    web = {
        did_web.document_url(DID): dumps(
            did_web.build_document(DID, {"key-1": SIGNER.key.public_key})
        ).encode(),
        place.list_url: LISTS.empty(place, signer=SIGNER, now=NOW).content,
    }
    verifier = Verifier(now=NOW, trust=AllowList({DID: "U"}), fetcher=MemoryFetcher(web))
    assert [each.position for each in issued.credentials] == [5, 6, 7]
    for each in issued.credentials:
        report = verifier.examine(each.secured)
        assert report.verdict is Verdict.GENUINE, report.reason
        assert each.secured.document["id"] == each.id
        assert b"\n" not in each.content


def test_computed_again_it_gives_the_same_bytes() -> None:
    again = pickle.loads(pickle.dumps((job(), CHUNK)))  # noqa: S301
    assert issue(*again) == issue(job(), CHUNK)


def test_rows_do_not_depend_on_how_the_roster_is_cut() -> None:
    rows = learners(4)
    whole = issue(job(), Chunk(1, 0, tuple(rows))).credentials
    cut = [issue(job(), chunk).credentials for chunk in chunked(rows, 3)]
    assert whole == cut[0] + cut[1]


def test_first_and_another_are_inspected() -> None:
    inspected = {issue(job(), Chunk(n, 0, tuple(learners(3)))).inspected for n in range(8)}
    assert inspected == {(0, 1), (0, 2)}
    assert issue(job(), Chunk(1, 9, (learner(1),))).inspected == (9,)


def test_bad_row_is_named_and_nothing_of_its_chunk_comes_out() -> None:
    rows = (*learners(2), Learner(name="Ada", id="not a url"))
    with pytest.raises(ModelError, match=r"^row 13, id: .*not a url") as caught:
        issue(job(), Chunk(2, 10, rows))
    assert caught.value.path == "credential.credentialSubject.id"


def test_row_that_could_not_be_signed_as_it_is_is_named() -> None:
    # A lone surrogate is no Unicode text, so it has no canonical form.
    rows = (learner(1), Learner(name="Ada \ud800"))
    with pytest.raises(TestamurError, match=r"^row 7"):
        issue(job(mechanism=Mechanism.EDDSA_RDFC_2022), Chunk(2, 5, rows))


def test_key_of_another_issuer_is_refused() -> None:
    other = Ed25519Signer.for_did_key(Ed25519PrivateKey(bytes(32)))
    with pytest.raises(ConfigurationError, match="not one of the issuer"):
        issue(job(signer=KeyInMemory.of(other)), CHUNK)


@pytest.mark.parametrize("issuer", ["did:key", "did:web:uni.example", "https://uni.example/issuer"])
def test_sample_is_verified_for_every_kind_of_issuer(issuer: str) -> None:
    key = SIGNER.key
    signer = Ed25519Signer.for_did_key(key)
    if issuer != "did:key":
        signer = Ed25519Signer(key, f"{issuer}#key-1")
    made = job(award=award(issuer=signer.controller), signer=KeyInMemory.of(signer))
    assert len(issue(made, CHUNK).credentials) == 3


def test_credentials_of_other_times_are_issued() -> None:
    future = replace(learner(1), valid_from=NOW.replace(year=2100))
    past = replace(learner(1), valid_until=NOW.replace(year=2027))
    for row, now in ((future, NOW), (past, NOW.replace(year=2030))):
        assert len(issue(job(now=now), Chunk(1, 0, (row,))).credentials) == 1


def test_two_purposes_are_both_inspected() -> None:
    lists = StatusLists("https://uni.example/status/", ("revocation", "suspension"))
    made = issue(job(award=award(status=lists)), CHUNK)
    assert [each.purpose for each in made.credentials[0].places] == ["revocation", "suspension"]


class OtherKey:
    """A factory that signs with another key than it says."""

    public_key = FACTORY.public_key

    def __call__(self) -> Ed25519Signer:
        return Ed25519Signer(Ed25519PrivateKey(bytes(32)), SIGNER.verification_method)


def test_sample_under_another_key_lets_nothing_of_the_chunk_out() -> None:
    with pytest.raises(BatchError, match=r"row 6: .* does not verify") as caught:
        issue(job(signer=OtherKey()), CHUNK)
    assert caught.value.code is Code.PROOF_INVALID


def spoil(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    """Let the press print something else from now on."""
    print_all, print_it = Press.print_all, Press.issue

    def changed(self: Press, learners: Sequence[Learner], first: int) -> list[Issued | None]:
        printed = enumerate(print_all(self, learners, first))
        return [each and change(each, (learners[n], first + n)) for n, each in printed]

    monkeypatch.setattr(Press, "print_all", changed)
    monkeypatch.setattr(Press, "issue", lambda self, *args: change(print_it(self, *args), args))


def test_sample_that_was_changed_after_signing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(issued: Issued, _: Any) -> Issued:
        return replace(issued, content=issued.content.replace(b"Teamwork", b"Welding!"))

    spoil(monkeypatch, change)
    with pytest.raises(BatchError, match="row 6"):
        issue(job(), CHUNK)


def test_sample_of_another_learner_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    # Genuine, but printed with another learner's values: as a stale template would.
    genuine = Press(award(), SIGNER, now=NOW, mechanism=Mechanism.EDDSA_JCS_2022)
    wrong = genuine.issue(learner(77), 5)
    spoil(monkeypatch, lambda issued, args: wrong if args[1] == 5 else issued)
    with pytest.raises(BatchError, match="does not say what was to be said") as caught:
        issue(job(), CHUNK)
    assert caught.value.code is Code.DATA_LOSS


def test_sample_under_another_id_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(monkeypatch, lambda issued, _: replace(issued, id="urn:uuid:0"))
    with pytest.raises(BatchError, match="does not say"):
        issue(job(), CHUNK)


def test_errors_of_a_worker_come_home() -> None:
    with pytest.raises(BatchError) as caught:
        issue(job(signer=OtherKey()), CHUNK)
    home = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert (home.message, home.code) == (caught.value.message, caught.value.code)


def test_key_in_memory_never_prints_the_key() -> None:
    assert "seed" not in repr(FACTORY)
    assert FACTORY() == SIGNER
