"""What a rule says where it does not hold, in words for whoever designs the course."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["DEFAULT_LANGUAGE", "MISSING", "NOT_AWARDED", "NOT_EXPECTED", "sentence"]

DEFAULT_LANGUAGE = "en"

MISSING = {"en": "Nothing is said about it."}
NOT_AWARDED = {"en": "It is filled in when the micro-credential is awarded to somebody."}
NOT_EXPECTED = {"en": "It is not needed here."}

_SENTENCES: Mapping[str, Mapping[str, str]] = {
    "present": {"en": "A part of it is missing."},
    "min_count": {"en": "There should be at least {value} of them."},
    "max_count": {"en": "There should be no more than {value} of them."},
    "min_words": {"en": "It should have at least {value} words to say something."},
    "min_characters": {"en": "It should have at least {value} characters to say something."},
    "not_placeholder": {"en": "This stands where the real text is still to be written."},
    "not_url": {"en": "This is an address or an identifier, and says nothing to a person."},
    "differs_from": {"en": "It only says again what is said elsewhere."},
    "not_containing": {"en": "These words should not be in it: {value}."},
    "has_all": {"en": "A part of it is missing."},
    "has_any": {"en": "A part of it is missing."},
    "one_has_all": {"en": "A part of it is missing."},
    "includes": {"en": "It should be one of these: {value}."},
    "only": {"en": "It should be one of these: {value}."},
    "starts_with": {"en": "It should begin with one of these: {value}."},
    "url": {"en": "It should be a full address (URL)."},
    "min": {"en": "It should be at least {value}."},
    "max": {"en": "It should be no more than {value}."},
    "min_hours": {"en": "It should be at least {value} hours."},
    "not_passed": {"en": "Its date has passed."},
    "any": {"en": "It is not as it should be."},
}


def sentence(kind: str, value: object) -> dict[str, str]:
    """Return what is said where a rule of this kind does not hold, by language.

    Args:
        kind: the rule's, as "min_words". value: what the rule was given.
    """
    shown = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return {language: text.replace("{value}", shown) for language, text in _SENTENCES[kind].items()}
