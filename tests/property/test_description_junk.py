"""Whatever a credential holds, reading it as a description raises only our errors."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from descriptions import FULL
from property.arbitrary import WIDE, mutations
from testamur.errors import TestamurError
from testamur.model.microcredential import read_document, to_elm, to_open_badge
from testamur.model.microcredential.conversion import report_on

PNG = b"\x89PNG\r\n\x1a\n and whatever follows"
DOCUMENTS: list[Any] = [
    to_elm(FULL, id="urn:credential:1", pages={"en": PNG}).to_json(),
    to_open_badge(FULL, id="urn:uuid:1").to_json(),
    FULL.to_json(),
]


@WIDE
@given(document=st.sampled_from(DOCUMENTS).flatmap(mutations))
def test_what_can_be_read_is_written_and_read_again(document: Any) -> None:
    try:
        reading = read_document(document)
        list(report_on(document, reading))
        written = to_elm(reading.description, id="urn:credential:2", pages={"en": PNG})
    except TestamurError:
        return
    assert read_document(written.to_json()).description == reading.description
