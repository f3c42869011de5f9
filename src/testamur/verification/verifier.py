"""The line in: from a carrier to a report.

1. Parse: the carrier is read, the exact bytes kept.
2. Structure: the document has the members its standard asks for.
3. Compacted and lossless: its members are terms, and each is covered by a signature.
4. Proof: it holds, for the right purpose.
5. Issuer binding: the key is the issuer's.
6. Trust: the issuer is known here.
7. Validity period.
8. Status: every entry.
9. Schema, refresh, recipient, endorsements, embedded credentials, evidence, related resources.

Until 2 to 5 have passed nothing that the document names is fetched, but for the issuer's key, and
nothing that it says is shown as fact.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from testamur._frozen import dataclass, replace
from testamur._telemetry import annotate, count, traced
from testamur.errors import (
    Code,
    ConfigurationError,
    InputError,
    TestamurError,
    VerificationError,
)
from testamur.loading import Source, load, read_file
from testamur.protocols import Fetcher, OfflineFetcher, Recognition, Trust
from testamur.secure import vc_jwt
from testamur.secured import Secured, Securing
from testamur.trust import NoTrust
from testamur.verification.credential_examiner import CredentialExaminer, Depth
from testamur.verification.form_checks import parse_failure
from testamur.verification.policy import Policy
from testamur.verification.presentation_examiner import PresentationExaminer
from testamur.verification.reading import issuer_of
from testamur.verification.recognition import Templates
from testamur.verification.report import Report, Verdict
from testamur.verification.verdict import conclude, decide

if TYPE_CHECKING:
    from testamur.model.vcdm import Credential

__all__ = ["VerifiedCredential", "Verifier"]


@dataclass(frozen=True, slots=True)
class VerifiedCredential:
    """A credential that passed every required check; only a Verifier makes one.

    Attributes:
        credential: its model.
        secured: what arrived.
        issuer: what the trust source says of the issuer.
        report: everything that was checked.
    """

    credential: Credential
    secured: Secured
    issuer: Recognition
    report: Report


class Verifier:
    """Examines credentials against one trust source, one policy and one clock.

    Remembers the keys and status lists of a run, so make a new one for a new run. Threads may share
    one.
    """

    def __init__(
        self,
        *,
        now: datetime,
        trust: Trust | None = None,
        policy: Policy | None = None,
        fetcher: Fetcher | None = None,
    ) -> None:
        """Prepare a run.

        Args:
            now: the clock, aware; given once for the whole run.
            trust: which issuers are known; nobody by default.
            policy: what is accepted and expected.
            fetcher: gets keys and status lists; offline by default.

        Raises:
            ConfigurationError: `now` has no time zone.
        """
        if now.tzinfo is None:
            raise ConfigurationError("now has no time zone; use datetime.now(UTC)")
        if trust is not None and not isinstance(trust, Trust):
            raise TypeError("trust has no recognize(); put your mapping into AllowList({id: name})")
        self._now = now.astimezone(UTC)
        self._trust: Trust = trust if trust is not None else NoTrust()
        self._policy = policy if policy is not None else Policy()
        self._templates = Templates(self._policy.contexts)
        self._credentials = CredentialExaminer(
            now=self._now,
            trust=self._trust,
            policy=self._policy,
            fetcher=fetcher if fetcher is not None else OfflineFetcher(),
            templates=self._templates,
        )
        self._presentations = PresentationExaminer(
            self._credentials, policy=self._policy, now=self._now
        )

    def examine(self, source: Source | Secured) -> Report:
        """Examine a credential or a presentation; always answers.

        Args:
            source: bytes, text or path of any carrier, or what `load` made of it.

        Raises:
            InputError: the file cannot be opened, so there is nothing to report on.
        """
        return self._observed(source)[1]

    def verify(self, source: Source | Secured) -> VerifiedCredential:
        """Return a credential that can be relied on, or raise.

        Raises:
            VerificationError: any required check failed or could not be made, or the issuer is not
                known; `.report` has everything. A presentation is refused: verify its credentials.
            InputError: the file cannot be opened.
        """
        secured, report = self._observed(source)
        if secured is not None and not secured.is_presentation:
            from copy import deepcopy

            # A copy of its own: parts of what was examined may be shared within a run.
            secured = replace(secured, document=deepcopy(secured.document))
            issuer = issuer_of(secured)
            recognition = self._trust.recognize(issuer) if issuer is not None else None
            if recognition is not None and report.verdict in _RELIABLE:
                from testamur.model.parse import parse_received  # examine() needs no model

                return VerifiedCredential(
                    credential=parse_received(secured.document),
                    secured=secured,
                    issuer=recognition,
                    report=report,
                )
        inside = report.credentials if secured is not None and secured.is_presentation else ()
        deciding = decide(report.checks, inside)[1]
        code = deciding.code if deciding is not None else None
        raise VerificationError(
            f"{report.headline} {report.reason}".strip(),
            report=report,
            code=code if code is not None else Code.NOT_CONFORMANT,
        )

    @traced("testamur.verify")
    def _observed(self, source: Source | Secured) -> tuple[Secured | None, Report]:
        found = self._examine(source)
        verdict = found[1].verdict.value
        annotate("testamur.verdict", verdict)
        count("testamur.verifications", verdict=verdict)
        return found

    def _examine(self, source: Source | Secured) -> tuple[Secured | None, Report]:
        # 1. Parse.
        if not isinstance(source, (Secured, bytes, bytearray, str, os.PathLike)):
            raise TypeError(
                f"a {type(source).__name__} cannot be examined; give bytes, the text, a "
                "pathlib.Path or what load() returned"
            )
        try:
            if not isinstance(source, Secured):
                source = read_file(source) if isinstance(source, os.PathLike) else source
                recognized = self._templates.recognize(source)
                if recognized is not None:
                    report = self._credentials.examine_reading(recognized, Depth.OUTER)
                    return recognized.secured, report
                source = load(source)
            elif source.securing is Securing.JADES:
                from testamur.secure import jades  # most credentials have no certificates

                source = replace(source, document=jades.parse(source.content).document)
            elif source.token is not None:
                # What was signed is the token; a document beside it is somebody's copy.
                source = replace(source, document=vc_jwt.parse(source.token).document)
        except TestamurError as error:
            if type(error) is InputError:
                raise
            return None, conclude(None, [parse_failure(error)], now=self._now)
        if source.is_presentation:
            return source, self._presentations.examine(source)
        return source, self._credentials.examine(source, Depth.OUTER)


_RELIABLE = frozenset({Verdict.GENUINE, Verdict.GENUINE_WITH_REMARKS})
