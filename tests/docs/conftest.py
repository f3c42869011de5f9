"""Which pages the documentation has, and the files that their examples find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from european_documents import european_credential
from seals import KEYS, Authority, pem_of_key
from testamur import build, issue
from testamur.canon.strict_json import JsonObject, dumps
from testamur.carry import badge_png, bake_png, wallet_file
from testamur.issuing import Mechanism
from testamur.keys import Ed25519PrivateKey, Ed25519Signer, did_key, did_web
from testamur.model.ob3 import Achievement, AchievementCredential
from testamur.secured import Secured
from testamur.status import BitString, bitstring_status_list

ROOT = Path(__file__).parents[2]
_BUILT = ROOT / "docs" / "_build"
_NOW = datetime(2026, 1, 15, tzinfo=UTC)
_DID = "did:web:college.example"
_LIST = "https://college.example/status/revocation.json"


def pages() -> list[Path]:
    """Return the Markdown files of the project, the generated reference excepted."""
    in_docs = [page for page in (ROOT / "docs").rglob("*.md") if _BUILT not in page.parents]
    return sorted([*ROOT.glob("*.md"), *in_docs, ROOT / "contexts" / "README.md"])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "page" in metafunc.fixturenames:
        names = [page.relative_to(ROOT).as_posix() for page in pages()]
        metafunc.parametrize("page", pages(), ids=names)


@pytest.fixture
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture
def furnish() -> Callable[[Path], None]:
    """Fill a folder with the files of the example college; see docs/howto/index.md."""
    return _furnish


def _furnish(folder: Path) -> None:
    key, stranger = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    signer = Ed25519Signer(key, f"{_DID}#key-1")
    badge = _sign(_credential(_DID, index=1), signer)
    withdrawn = _sign(_credential(_DID, index=2), signer)
    claimed = _credential(did_key.did_key(stranger.public_key), index=None, email=None)
    picture = badge_png("Welding coordination", issuer="Example College", size=128)
    changed = badge.content.replace(b'"87"', b'"97"')
    bits = BitString(131_072)
    bits.set(2, 1)
    status_list = issue(
        bitstring_status_list.build_list_credential(
            list_url=_LIST, issuer=_DID, purposes=("revocation",), bits=bits, valid_from=_NOW
        ),
        signer=signer,
        now=_NOW,
    )
    web: JsonObject = {
        did_web.document_url(_DID): {"file": "did.json"},
        _LIST: {"file": "revocation.json"},
    }
    document = did_web.build_document(_DID, {"key-1": key.public_key})
    files = {
        "badge.json": badge.content,
        "badge.png": bake_png(picture, badge),
        "badge.jwt": issue(
            _credential(_DID, index=1), signer=signer, now=_NOW, mechanism=Mechanism.VC_JWT
        ).content,
        "withdrawn.png": bake_png(picture, withdrawn),
        "changed.json": changed,
        "stranger.json": _sign(claimed, Ed25519Signer.for_did_key(stranger)).content,
        "learner-wallet.json": wallet_file([badge, withdrawn]),
        "issuers.yaml": f"{_DID}: Example College\n".encode(),
        "web/index.json": dumps(web).encode(),
        "web/did.json": dumps(document).encode(),
        "web/revocation.json": status_list.content,
    }
    for name, content in {**files, **_seal_files()}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    (folder / "seal-key.pem").chmod(0o600)


def _seal_files() -> dict[str, bytes]:
    """What a university that seals has, and what those need who check its seals."""
    key = KEYS["P-256"]()
    authority = Authority(start=_NOW, end=_NOW.replace(year=_NOW.year + 20))
    now = datetime.now(UTC)
    certificate = authority.seal(key).certificates[0]
    leaf = x509.load_der_x509_certificate(certificate.der)
    return {
        "edc.json": dumps(european_credential("urn:epass:org:1")).encode(),
        "chain.pem": leaf.public_bytes(serialization.Encoding.PEM),
        "seal-key.pem": pem_of_key(key),
        "authorities.pem": authority.pem,
        "authorities.crl": authority.revocation_list(now=now),
    }


def _sign(credential: AchievementCredential, signer: Ed25519Signer) -> Secured:
    return issue(credential, signer=signer, now=_NOW)


def _credential(
    issuer: str, *, index: int | None, email: str | None = "ada@learner.example"
) -> AchievementCredential:
    achievement = _achievement()
    recipient = [build.recipient_by_name("Ada Nowak")]
    if email is not None:
        recipient.append(build.recipient_by_email(email))
    entries = []
    if index is not None:
        entries = [build.status_entry(list_url=_LIST, index=index, purpose="revocation")]
    return build.credential(
        build.profile(id=issuer, name="Example College"),
        achievement,
        recipient=recipient,
        valid_from=_NOW,
        results=[build.result(achievement.result_description[0], value="87")],
        evidence=[build.evidence(id="https://college.example/work/42", name="Practical task")],
        status=entries,
    )


def _achievement() -> Achievement:
    grade = build.result_description("Final grade", "Percent", value_min="0", value_max="100")
    return build.achievement(
        id="https://college.example/achievements/welding",
        name="Welding coordination",
        description="Plans and supervises welding to the standards for CE marking.",
        criteria="Supervised written test and practical task.",
        achievement_type="MicroCredential",
        credits_available=3,
        alignments=[build.eqf_level(5)],
        results=[grade],
    )
