"""A European Digital Credential from a description of a micro-credential."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from testamur.build.identifiers import mint_id

if TYPE_CHECKING:
    from testamur.model.elm import EuropeanDigitalCredential
    from testamur.model.microcredential import MicroCredential

__all__ = ["europass"]


def europass(
    description: MicroCredential,
    *,
    pages: Mapping[str, bytes | Sequence[bytes]],
    id: str | None = None,  # noqa: A002
    new_id: Callable[[], str] = mint_id,
) -> EuropeanDigitalCredential:
    """Build a European Digital Credential that says everything a description says; not yet sealed.

    European Learning Model 3.1, profile EDC-generic.

    Args:
        description: with issuer, date of issuing, and the country of the issuer and of the awarding
            body.
        pages: language tag → a PNG of the credential, or one for each page: what wallets show.
        id: a URI; a new, unguessable urn:uuid where it is None.
        new_id: where new ids come from.

    Raises:
        ModelError: the description lacks one of these, or `check_for_issue` objects.
    """
    # The European Learning Model has some fifty classes, which badges do not need.
    from testamur.model.elm.issue_check import check_for_issue
    from testamur.model.microcredential.europass import to_elm

    built = to_elm(description, id=id or new_id(), pages=pages)
    check_for_issue(built)
    return built
