"""Every credential that a register keeps, verified by a second implementation.

What our own paths agree on could still be wrong. Here the documents of a register, of every way in
which they come to be there, and the folder that is published from it are given to Digital Bazaar's
packages, which know nothing else. Opt-in, as `test_digitalbazaar`.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from interop.digitalbazaar import run_tasks
from registers import new_file
from testamur import build
from testamur.batch import Learner
from testamur.canon.contexts import Contexts
from testamur.issuer import Issuer
from testamur.keys import Ed25519PrivateKey, Ed25519Signer
from testamur.publish import Publisher
from testamur.register import Register

DID = "did:web:college.example"
SITE = "https://college.example/"
LEARNERS = 40

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(
        os.environ.get("TESTAMUR_INTEROP") != "1",
        reason="runs other people's software; set TESTAMUR_INTEROP=1",
    ),
]


def test_every_credential_of_a_register_is_verified_by_theirs(node: Path, tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)  # their check of a list goes by the real clock
    key, newer = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    signer = Ed25519Signer(key, f"{DID}#key-1")
    college = build.profile(id=DID, name="Example College", url=SITE)
    achievement = build.achievement(
        id=f"{SITE}achievements/welding",
        name="Welding coordination",
        description="Plans and supervises welding.",
        criteria="Supervised written test and practical task.",
    )

    def badge(email: str) -> Any:
        recipient = build.recipient_by_email(email)
        return build.credential(college, achievement, recipient=recipient, valid_from=now)

    with Register.open(f"sqlite:///{new_file(tmp_path)}", now=lambda: now) as register:
        register.issuers.add(college)
        register.keys.add(key.public_key, signer.verification_method)
        register.lists.open_series(DID, folder_url=f"{SITE}status/")
        issuer = Issuer(register, signer)
        one, two, three = (
            issuer.issue(badge(f"{name}@learner.example"), key=name).id for name in ("a", "b", "c")
        )
        issuer.revoke(one, reason="by mistake")
        replaced = issuer.replace(two, badge("ben@learner.example"), reason="address").id
        renewed = issuer.renew(three, valid_from=now, valid_until=now + timedelta(days=365)).id
        endorsed = issuer.endorse(SITE, "Well taught.", valid_from=now).id
        rows = [Learner(name=f"Learner {number}") for number in range(LEARNERS)]
        many = [each.id for each in issuer.issue_many(badge("model@learner.example"), rows)]
        register.keys.add(newer.public_key, f"{DID}#key-2")
        second = Issuer(register, Ed25519Signer(newer, f"{DID}#key-2"))
        rotated = second.issue(badge("d@learner.example"), key="d").id
        issuer.suspend(many[5], reason="under review")
        web = tmp_path / "web"
        Publisher(register, signer=signer, folder=web, now=lambda: now).publish()
        contents = {
            record.id: register.credentials.content(record) for record in register.credentials.all()
        }
    assert set(contents) == {one, two, three, replaced, renewed, endorsed, rotated, *many}
    tasks = [
        {"do": "verify", "credential": json.loads(content or b""), "now": now.isoformat()}
        for content in contents.values()
    ]
    answers = run_tasks(node, published(web), tasks)
    withdrawn = {one: [True, False], two: [True, False], many[5]: [False, True]}
    for identifier, answer in zip(contents, answers, strict=True):
        expected = withdrawn.get(identifier, [False, False])
        assert answer == {"ok": True, "statuses": expected}, identifier


def published(web: Path) -> dict[str, Any]:
    """Return what the issuer's web server answers, with our contexts."""
    contexts = Contexts.bundled()
    documents: dict[str, Any] = {url: contexts.document(url) for url in contexts.urls}
    index = json.loads((web / "index.json").read_bytes())
    for url, entry in index.items():
        content = (web / entry["file"]).read_bytes()
        if content.startswith(b"{"):
            documents[url] = json.loads(content)
    documents[DID] = documents[f"{SITE}.well-known/did.json"]
    return documents
