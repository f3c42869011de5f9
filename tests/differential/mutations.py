"""All changes to a document. Each takes a source of randomness and the document.

Gentle ones mostly leave a document that can be canonicalized; rough ones mostly break it in one way
that a processor could fail to see. One that stands here more often is made more often.
"""

from __future__ import annotations

from differential import member_mutations as m
from differential import value_mutations as v
from differential.places import Mutation

__all__ = ["GENTLE", "ROUGH"]

GENTLE: tuple[Mutation, ...] = (
    m.add_defined_member, m.add_defined_member, m.add_defined_member,
    m.rename_member_to_defined, m.delete_member, m.delete_identifier,
    m.shuffle_members, m.change_types, m.add_context, v.change_text,
    v.change_text, v.change_text, v.change_number, v.change_number,
    v.write_in_languages, v.write_language_map, v.write_many_texts, v.wrap_in_array, v.change_array,
    v.change_identifier, v.make_ties, v.make_ties, v.add_blank_nodes,
    v.drop_all_identifiers, v.make_symmetric, v.nest, v.embed,
    v.add_proof, m.swap_values,
)  # fmt: skip

ROUGH: tuple[Mutation, ...] = (
    m.add_member_of_any_context, m.add_member_spelled_as_iri,
    m.respell_member_as_iri, m.add_keyword, m.add_class_as_member,
    m.add_strange_member, m.rename_member, m.move_member, m.copy_value,
    m.change_types_badly, m.remove_types, m.change_context,
    m.change_context_badly, m.give_context_inside, v.change_kind,
    v.change_kind, v.change_identifier_badly, v.change_identifier_badly,
    v.share_identifier, v.refer_to_another, v.make_large,
)  # fmt: skip
