"""A stranger who reads a published folder all the time, and must find it whole at every moment."""

from __future__ import annotations

import json
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from faults.works import BASE
from testamur.canon.contexts import Contexts
from testamur.issuing import SUITES
from testamur.keys import multikey
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.loading import load
from testamur.secure.data_integrity import parse_proofs, verify_proof
from testamur.status import BitString

__all__ = ["Reader", "UnwholeError", "read_for_ever"]

_BREATH = 0.003  # seconds: who is read from has to get on too


class UnwholeError(Exception):
    """What was found is not whole."""


def require(holds: bool, message: str) -> None:
    """Refuse what is not whole."""
    if not holds:
        raise UnwholeError(message)


class Reader:
    """Reads the folder again and again.

    Attributes:
        rounds: how often it looked. lists: lists that were verified. pages: pages that were read.
    """

    def __init__(self, web: Path) -> None:
        self._web = web
        self._verified: dict[str, bytes] = {}
        self._bits: dict[str, BitString] = {}
        self._signed: dict[str, datetime] = {}
        self._sequence: dict[str, int] = {}
        self.rounds = self.lists = self.pages = 0

    def look(self) -> None:
        """Look at everything once.

        Raises:
            UnwholeError: with what was found.
        """
        index = self._json("index.json")
        for url, answer in index.items():
            require((self._web / answer["file"]).is_file(), f"{url} of the index has no file")
        for path, entry in self._json("manifest/site.json")["lists"].items():
            before = self._sequence.get(path, 0)
            require(entry["sequence"] >= before, f"{path}: {entry['sequence']} behind {before}")
            self._sequence[path] = entry["sequence"]
        self._look_at_pages()
        for copy in (self._web / "public/refresh").glob("[0-9a-f]*"):
            require(load(copy.read_bytes()).document["id"] is not None, f"{copy} is half a copy")
        for url, answer in index.items():
            if url.startswith(f"{BASE}status/"):
                self._look_at_list(url, self._web / answer["file"])
        self.rounds += 1

    def _look_at_list(self, url: str, path: Path) -> None:
        content = path.read_bytes()
        document = load(content).document
        proof = document["proof"]
        assert isinstance(proof, dict)
        # The list first, then the keys: whoever reads it in this order must find its key.
        did = self._json("public/.well-known/did.json")
        methods = {each["id"]: each for each in did["verificationMethod"]}
        method = methods.get(str(proof["verificationMethod"]))
        require(method is not None, f"{url} is signed with a key that did.json does not list")
        assert method is not None
        require(method["id"] in did["assertionMethod"], f"the key of {url} must not sign")
        if self._verified.get(url) == content:
            return
        self._verify(content, method["publicKeyMultibase"])
        subject: Any = document["credentialSubject"]
        bits = BitString.decode(subject["encodedList"])
        signed = datetime.fromisoformat(str(document["validFrom"]))
        if url in self._bits:
            require(signed >= self._signed[url], f"{url} was signed {signed}, and later before")
            if subject["statusPurpose"] == "revocation":
                lost = self._bits[url].missing_in(bits)
                require(not lost, f"{url}: {len(lost)} revocations were taken back")
        self._bits[url], self._signed[url], self._verified[url] = bits, signed, content
        self.lists += 1

    @staticmethod
    def _verify(content: bytes, multibase: str) -> None:
        key = multikey.decode_public_key(multibase)
        assert isinstance(key, Ed25519PublicKey)
        document = load(content).document
        proofs = parse_proofs(document, SUITES.values())
        require(len(proofs) == 1, "a list has one proof")
        for proof in proofs:
            verify_proof(document, proof, proofs=proofs, key=key, contexts=Contexts.bundled())

    def _look_at_pages(self) -> None:
        """A page has its document beside it, and says what the lists say."""
        for page in (self._web / "public/c").glob("*/index.html"):
            try:
                html = page.read_bytes()
                document = json.loads(page.with_name("credential.json").read_bytes())
            except FileNotFoundError:
                require(not page.exists(), f"{page} has no document")
                continue
            require(html.endswith(b"</html>"), f"{page} is half a page")
            if b"Withdrawn." in html:
                for entry in document["credentialStatus"]:
                    if entry["statusPurpose"] == "revocation":
                        self._require_bit(entry)
            self.pages += 1

    def _require_bit(self, entry: dict[str, str]) -> None:
        url = entry["statusListCredential"]
        path = self._web / "public" / url.removeprefix(BASE)
        document: Any = load(path.read_bytes()).document
        bits = BitString.decode(document["credentialSubject"]["encodedList"])
        is_set = bits.get(int(entry["statusListIndex"])) == 1
        require(is_set, f"a page says withdrawn, and {url} does not")

    def _json(self, name: str) -> Any:
        return json.loads((self._web / name).read_bytes())


def read_for_ever(web: Path, report: Path) -> int:
    """Read until SIGTERM; return 1 where something was not whole."""
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: ended.append(number))
    reader = Reader(web)
    try:
        while not ended:
            reader.look()
            time.sleep(_BREATH)
    except UnwholeError as error:
        print(f"FAULT: {error}", file=sys.stderr)
        return 1
    found = {"rounds": reader.rounds, "lists read": reader.lists, "pages read": reader.pages}
    report.write_text(json.dumps(found))
    return 0
