"""What led to the credential: a mandate, a conversion, an accreditation."""

from __future__ import annotations

from testamur.model.base import Maybe, One, OneOrMany
from testamur.model.elm import _kinds as kinds
from testamur.model.elm.concepts import EvidenceType
from testamur.model.elm.node import Node

__all__ = ["Evidence"]


class Evidence(Node):
    """What led to the credential. The profiles ask for one of its members each."""

    default_type = One(("Evidence",))

    dc_type: EvidenceType
    evidence_statement: Maybe[str] = None
    evidence_target: Maybe[kinds.AnyAgent] = None
    embedded_evidence: OneOrMany[kinds.MediaObject] = ()
    accreditation: Maybe[kinds.Accreditation] = None
