"""Controlled vocabularies of the European Learning Model, with the names of their members.

Countries, languages, EQF levels, fields of education, types of assessment and the like: lists that
the Publications Office and Europass publish, each a concept scheme. What is held here, and from
where, is in the README beside the data files.

>>> from testamur.model.vocabularies import Vocabulary, by_code, find
>>> by_code(Vocabulary.EQF, "6").iri
'http://data.europa.eu/snb/eqf/6'
>>> find(Vocabulary.ISCED_F, "http://data.europa.eu/snb/isced-f/0613").labels["en"]
'Software and applications development and analysis'
"""

from __future__ import annotations

from testamur.model.vocabularies.lookup import (
    Term,
    by_code,
    by_label,
    check,
    find,
    is_complete,
    terms,
)
from testamur.model.vocabularies.qf_ehea import EQF_OF_CYCLE, Cycle
from testamur.model.vocabularies.vocabulary import Vocabulary

__all__ = [
    "EQF_OF_CYCLE",
    "Cycle",
    "Term",
    "Vocabulary",
    "by_code",
    "by_label",
    "check",
    "find",
    "is_complete",
    "terms",
]
